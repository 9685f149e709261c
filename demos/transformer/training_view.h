// Training in the Transformer room: the run under the learner's hand, its learning rate from step to step, what the network answers to
// validation sequences, when each head took its pattern, and how weights and gradients are spread.
#pragma once

#include <optional>
#include <vector>

#include "demos/training/panel.h"
#include "demos/training/results.h"
#include "demos/transformer/head_history.h"
#include "demos/transformer/view.h"
#include "demos/transformer/whole_answers.h"
#include "demos/widgets/measured_cards.h"

namespace trilens {

class TransformerTrainingView : public TransformerView {
public:
    using TransformerView::TransformerView;

    void list_fields(Fields& fields) override;
    void field_changed(const Field& field) override;
    void computed() override;
    void update() override;
    float draw(Stage& stage, Rect area) override;
    bool animating() const override { return judge_.has_value(); }
    bool advance(int64_t steps) override;  // steps of training; negative: back

private:
    void rescue(const Divergence& divergence);
    void show_clicked(int64_t step, size_t layer, size_t head);
    float draw_run(Stage& stage, Rect area);
    float draw_shipped(Stage& stage, Rect area);
    float draw_schedule(Stage& stage, Rect area);
    float draw_answers(Stage& stage, Rect area);
    float draw_heads(Stage& stage, Rect area);

    TrainingPanel panel_;
    ResultsView results_;
    MeasuredCards cards_;
    HeadHistory history_;
    std::optional<WholeAnswers> answers_;  // the last that were all judged
    std::optional<AnswerJudge> judge_;  // of newer ones
    void judge_for_a_while();
    uint64_t answers_version_ = 0, heads_version_ = 0;  // of the weights that they are of
    int64_t answers_step_ = 0, heads_step_ = 0;  // and the step of the run
    void note_heads();
    void note_heads_when_due();
    bool due(int64_t last, int64_t every) const;  // so many steps after the last time, or at the end
    int pattern_ = 0;  // of head_history.h
};

}  // namespace trilens

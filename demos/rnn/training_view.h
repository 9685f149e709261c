// Training in the RNN room (curriculum RA): the experiment in words, the run under the learner's hand, what the network says to the first
// five validation sequences, which class is taken for which, and how weights and gradients are spread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "demos/rnn/sequence_table.h"
#include "demos/rnn/view.h"
#include "demos/training/panel.h"
#include "demos/training/results.h"
#include "demos/widgets/confusion_matrix.h"
#include "demos/widgets/measured_cards.h"

namespace trilens {

class RnnTrainingView : public RnnView {
public:
    using RnnView::RnnView;

    void list_fields(Fields& fields) override;
    void field_changed(const Field& field) override;
    void computed() override { judged_ = std::nullopt; }
    float draw(Stage& stage, Rect area) override;
    bool advance(int64_t steps) override;  // steps of training; negative: back

private:
    const Evaluation* evaluation() const;  // of this task's run; null where there is none
    std::vector<int32_t> shown_samples() const;
    std::string table_title() const;
    void rescue(const Divergence& divergence);
    void use_numbers(int64_t row);

    float draw_experiment(Stage& stage, Rect area);
    float draw_shipped(Stage& stage, Rect area);
    float draw_run(Stage& stage, Rect area);
    float draw_sequences(Stage& stage, Rect area);
    float draw_confusion(Stage& stage, Rect area);

    enum class Curves { epochs, steps } curves_ = Curves::epochs;
    std::optional<ConfusionCell> selected_;  // whose sequences the table shows; none: the first
    std::optional<JudgedSequences> judged_;
    uint64_t judged_version_ = 0;  // of the run that they were chosen by
    TrainingPanel panel_;
    ResultsView results_;
    MeasuredCards cards_;
};

}  // namespace trilens

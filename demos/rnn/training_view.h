// Training in the RNN room (curriculum RA): what is trained on what, the run under the learner's hand, the first five validation sequences, and how the weights are spread.
#pragma once

#include "demos/rnn/view.h"
#include "demos/training/panel.h"
#include "demos/training/results.h"
#include "demos/widgets/measured_cards.h"

namespace trilens {

class RnnTrainingView : public RnnView {
public:
    using RnnView::RnnView;

    void list_fields(Fields& fields) override;
    void field_changed(const Field& field) override;
    void computed() override { answers_ = std::nullopt; }
    float draw(Stage& stage, Rect area) override;
    bool advance(int64_t steps) override;  // steps of training; negative: back

private:
    // The first validation sequences and what the network on screen says to them.
    struct Answers {
        Batch batch;
        Tensor probabilities;  // [5, 2]
    };
    const Answers& answers();
    std::string experiment() const;
    void rescue(const Divergence& divergence);
    float draw_experiment(Stage& stage, Rect area);
    float draw_run(Stage& stage, Rect area);
    float draw_first(Stage& stage, Rect area);
    float draw_row(Stage& stage, int64_t row, Rect area);
    void use_row(int64_t row);

    TrainingPanel panel_;
    ResultsView results_;
    MeasuredCards cards_;
    std::optional<Answers> answers_;
};

}  // namespace trilens

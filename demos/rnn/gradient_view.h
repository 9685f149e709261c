// Gradients through time (curriculum R5, R6): the three cells on one sequence, what reaches each step on the way back, which inputs a step
// still depends on, and a task that only those learn whose gradients survive the distance.
#pragma once

#include <vector>

#include "demos/rnn/view.h"
#include "demos/widgets/measured_cards.h"
#include "demos/widgets/token_strip.h"

namespace trilens {

class RnnGradientView : public RnnView {
public:
    using RnnView::RnnView;
    float draw(Stage& stage, Rect area) override;

private:
    // What is drawn of one cell.
    struct Curve {
        RnnCell cell;
        std::vector<float> norms, dependence, gate;  // one number a step
    };
    void compute();
    void show_needle();
    void train_all(bool on);
    float draw_norms(Stage& stage, Rect area);
    float draw_dependence(Stage& stage, Rect area);
    float draw_gates(Stage& stage, Rect area);
    float draw_training(Stage& stage, Rect area);
    float draw_plot_of(Stage& stage, const char* name, std::vector<float> Curve::* values, bool logarithmic, Rect area);

    std::vector<Curve> curves_;
    std::vector<float> steps_;
    uint64_t version_ = 0;  // of the workbench that the curves are of
    int64_t chosen_ = -1, computed_for_ = -1;  // the step whose dependence is shown; -1: the last one
    TokenStrip strip_;
    MeasuredCards cards_;
};

}  // namespace trilens

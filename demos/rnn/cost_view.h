// The price of time (curriculum R7): steps wait for each other, so threads do not help; a convolution and attention beside it, measured here and now.
#pragma once

#include <memory>

#include "demos/rnn/cost_measurement.h"
#include "demos/rnn/view.h"
#include "demos/widgets/measured_cards.h"

namespace trilens {

class RnnCostView : public RnnView {
public:
    using RnnView::RnnView;
    void list_fields(Fields& fields) override;
    float draw(Stage& stage, Rect area) override;
    bool animating() const override { return job_ != nullptr; }
    std::shared_ptr<Job> job() override { return job_; }
    void update() override;

    // What was measured, or null.
    const CostCurves* curves() const { return curves_.get(); }
    CostPlan plan() const;  // of the next measurement: the cell on screen, and the fields

private:
    enum class Longest { l256, l512, l1024, l2048 };
    float draw_start(Stage& stage, Rect area);
    float draw_curves(Stage& stage, Rect area);
    void draw_plot_of(Stage& stage, CostThreads on, Rect area);
    float draw_words(Rect area);
    float draw_table(Stage& stage, Rect area);

    CostPass pass_ = CostPass::forward;
    int width_ = 64;
    Longest longest_ = Longest::l1024;
    std::shared_ptr<CostMeasurement> job_;
    std::shared_ptr<const CostCurves> curves_;
    MeasuredCards cards_;
};

}  // namespace trilens

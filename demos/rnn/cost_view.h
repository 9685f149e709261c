// The price of time (curriculum R7): steps wait for each other, so threads do not help; a convolution and attention beside it, measured
// here and now.
#pragma once

#include "demos/cost/panel.h"
#include "demos/rnn/view.h"

namespace trilens {

class RnnCostView : public RnnView {
public:
    using RnnView::RnnView;
    void list_fields(Fields& fields) override { panel_.list_fields(fields, "rnn"); }
    float draw(Stage& stage, Rect area) override { return panel_.draw(stage, host(), cell(), area); }
    bool animating() const override { return panel_.measuring(); }
    std::shared_ptr<Job> job() override { return panel_.job(); }
    void update() override { panel_.update(host()); }

    const CostCurves* curves() const { return panel_.curves(); }
    CostPlan plan() const { return panel_.plan(cell()); }

private:
    Cell cell() const { return bench().plan(bench().cell()).cell; }  // the one on screen

    CostPanel panel_;
};

}  // namespace trilens

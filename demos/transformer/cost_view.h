// What attention costs and what it gives (curriculum T6, T7, T8): time and memory against length, accuracy against distance and against the
// number of examples, beside the other two architectures, all measured here.
#pragma once

#include <array>
#include <memory>

#include "demos/cost/comparison.h"
#include "demos/cost/panel.h"
#include "demos/transformer/view.h"
#include "demos/widgets/measured_cards.h"

namespace trilens {

class TransformerCostView : public TransformerView {
public:
    using TransformerView::TransformerView;
    void list_fields(Fields& fields) override;
    float draw(Stage& stage, Rect area) override;
    bool animating() const override { return job() != nullptr; }
    std::shared_ptr<Job> job() override { return std::as_const(*this).job(); }
    void update() override;

    const CostCurves* curves() const { return panel_.curves(); }
    const ComparisonCurves* comparison(ComparisonAxis axis) const { return comparisons_[static_cast<size_t>(axis)].curves.get(); }
    ComparisonPlan plan(ComparisonAxis axis) const;  // of the next comparison

private:
    struct Shown {
        std::shared_ptr<Comparison> job;
        std::shared_ptr<const ComparisonCurves> curves;
        std::string why;  // words of the next comparison, which count the networks' numbers
        Language why_in = Language::english;
    };
    std::shared_ptr<Job> job() const;
    float draw_comparison(Stage& stage, ComparisonAxis axis, Rect area);
    float draw_start(Stage& stage, ComparisonAxis axis, Rect area);
    const std::string& why(ComparisonAxis axis);

    CostPanel panel_;
    std::array<Shown, 2> comparisons_;  // by axis
    int steps_ = 400;  // field
    MeasuredCards cards_;
};

}  // namespace trilens

// The price of time (curriculum R7): steps wait for each other, so neither threads nor hardware help; measured here and now.
#pragma once

#include <optional>

#include "demos/rnn/cost_measurement.h"
#include "demos/rnn/view.h"
#include "demos/widgets/measured_cards.h"

namespace trilens {

class RnnCostView : public RnnView {
public:
    using RnnView::RnnView;
    float draw(Stage& stage, Rect area) override;

private:
    float draw_curves(Stage& stage, Rect area);
    float draw_words(Stage& stage, Rect area);

    std::optional<CostMeasurement> measurement_;
    MeasuredCards cards_;
};

}  // namespace trilens

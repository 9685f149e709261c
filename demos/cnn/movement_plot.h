// The curve of the Move view as it is drawn, and what it and the answer say in words.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "demos/cnn/movement_curve.h"
#include "demos/widgets/line_plot.h"

namespace trilens {

struct AnswerClasses {
    const std::vector<std::string>& names;
    int32_t winner;   // of the unmoved picture
};

// One line a class: coloured the winner and the three strongest over the whole curve, the others soft. The position of `now` is marked with
// `probabilities`, which the moved picture's own pass gave.
PlotArea draw_movement_curve(Stage& stage, const MovementCurve::Curve& curve, const AnswerClasses& classes, Motion now,
                             std::span<const float> probabilities, Rect area);

// The answers of both pictures, and whether they are the same.
std::string answer_sentence(const AnswerClasses& classes, std::span<const float> plain, std::span<const float> moved);
// How far the answer stays, either way from where the quantity changes nothing. Empty while there is no curve.
std::string range_sentence(const MovementCurve::Curve* curve, const AnswerClasses& classes);

}  // namespace trilens

// Bars with percentages for class probabilities; the greatest stands out.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "demos/stage.h"

namespace trilens {

// One bar for each value in [0, 1], labelled; `name` is the node whose elements they are, so that hovering a bar inspects it.
// Returns the height used.
float draw_bars(Stage& stage, std::string_view name, std::span<const float> values, std::span<const std::string> labels, Rect area);

}  // namespace trilens

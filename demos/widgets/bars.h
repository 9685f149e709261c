// Bars with percentages for class probabilities; the greatest stands out.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "demos/stage.h"

namespace trilens {

// One bar for each value in [0, 1], labelled; `name` is the node whose elements they are, from `first` on, so that hovering
// a bar inspects it. Returns the height used.
float draw_bars(Stage& stage, std::string_view name, std::span<const float> values, std::span<const std::string> labels, Rect area,
                int64_t first = 0);

}  // namespace trilens

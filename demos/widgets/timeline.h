// Timeline: the time machine of training, a slider over the steps that can be gone back to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "demos/stage.h"

namespace trilens {

// `positions`: those allowed, ascending, up to several thousand; `now`: the one that is shown, `last` what "step 120 of 400" counts to
// (usually the greatest position). Dragging and arrow keys go to the nearest allowed one, Home and End to the ends. Registers the
// rectangle of the track under `name`. Returns the position newly chosen in this frame. Throws ValueError if they do not ascend.
std::optional<int64_t> draw_timeline(Stage& stage, std::string_view name, std::span<const int64_t> positions, int64_t now, int64_t last,
                                     Rect area);

float timeline_height();

// The allowed position nearest to a place, of two equally near the earlier; `positions` must not be empty.
int64_t nearest_position(std::span<const int64_t> positions, double place);

}  // namespace trilens

// One hidden unit at one step, spelled out with the real numbers (curriculum R2): what x, the state before and the bias put into its sum, and what the cell makes of it.
#pragma once

#include <cstdint>

#include "demos/stage.h"

namespace trilens {

// Of "rnn.hidden" [T, H] of the graph. The parts are links into the inspector. Returns the height used.
float draw_unit_formula(Stage& stage, const Graph& graph, int64_t step, int64_t unit, Rect area);

}  // namespace trilens

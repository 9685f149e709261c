// Cell keys: the arrow keys walk over the cells of a map, the space bar plays and pauses. The keys are asked for a frame ahead, so that
// Dear ImGui does not move its keyboard focus with them; while that focus is visible they stay its own.
#pragma once

#include <optional>

#include "demos/widgets/inspector.h"

namespace trilens {

struct CellStep {
    int64_t down = 0, right = 0;
};

struct CellKeys {
    std::optional<CellStep> step;
    bool space = false;
};

// What was pressed in this frame; to be called in every frame in which the keys are wanted. `focused`: the keyboard's focus is on something
// that goes with the cells, so its being visible does not matter.
CellKeys take_cell_keys(bool focused = false);

// The element one step on in its map, or the same at the border. In a vector a step down is one of its rows on screen.
Element walked(const Graph& graph, Element from, CellStep step);

}  // namespace trilens

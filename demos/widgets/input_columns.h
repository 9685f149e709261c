// The inside of the card above a room's views: what the network reads, its answer, and what trains it, beside each other; narrow: one below
// the other.
#pragma once

#include <functional>

#include "demos/stage.h"

namespace trilens {

// Each draws from the top left of its rectangle and returns the height used.
struct InputColumns {
    std::function<float(Rect)> input, answer, commands;  // without an answer the input takes its place
};

// Returns the height used.
float draw_input_columns(const Stage& stage, const InputColumns& columns, Rect card);

}  // namespace trilens

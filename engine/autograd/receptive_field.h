// Which part of an earlier layer one element depends on. Araujo, Norris, Sim, "Computing Receptive Fields of Convolutional
// Neural Networks", Distill 2019: a window of rows [s i - p, s i - p + d (k - 1)] for each step down.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/autograd/graph.h"

namespace trilens {

// Rows [top, bottom) and columns [left, right) of the last two axes of a node [N, C, H, W].
struct Box {
    int64_t top = 0, left = 0, bottom = 0, right = 0;
    int64_t height() const { return bottom - top; }
    int64_t width() const { return right - left; }
    bool operator==(const Box&) const = default;
};

// The box of `ancestor` that element `index` (row-major) of `node` depends on; it may reach into the padding (see clipped). Channels: all
// of them once a convolution lies between. Empty if `node` does not depend on `ancestor`. Throws ValueError for nodes or elements that do
// not exist.
std::optional<Box> receptive_field(const Graph& graph, int node, int64_t index, int ancestor);

// Without the part that lies in the padding.
Box clipped(const Box& box, const Shape& shape);

}  // namespace trilens

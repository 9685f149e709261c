// Partial sums: what each input map alone adds to one output map of a convolution,
//     p_c(y, x) = sum over m, n of x_c(y s + m d - p, x s + n d - p) w_c(m, n),
// as nodes "partial.C" [1, 1, H, W] of the graph, so that the inspector explains them like any other value. Added up over c, with the bias,
// they are the layer's map but for the last bits: the layer adds all products one after the other.
#pragma once

#include <cstdint>

#include "engine/autograd/graph.h"

namespace trilens {

constexpr const char* partial_prefix = "partial.";

// Records those of the input maps [first, first + count) that exist, each summed in the order of the layer. `convolution` is a conv2d node.
void record_partial_sums(Graph& graph, int convolution, int64_t map, int64_t first, int64_t count);

// p_c at one cell (row-major in the map), and the same for all input maps outside [first, first + count) together.
float partial_sum(const Graph& graph, int convolution, int64_t map, int64_t cell, int64_t channel);
float other_partial_sums(const Graph& graph, int convolution, int64_t map, int64_t cell, int64_t first, int64_t count);

}  // namespace trilens

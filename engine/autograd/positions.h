// Where a token stands, told to a model that sees all tokens at once. A learned encoding is an embedding of the position's number
// (embedding.h).
#pragma once

#include <cstdint>

#include "engine/autograd/graph.h"

namespace trilens {

// [count, width] for the positions first, first + 1, ...: PE(pos, 2i) = sin(pos / 10000^(2i / width)), PE(pos, 2i + 1) = cos of the same.
// Vaswani et al. 2017, section 3.5. Throws ValueError for a negative extent.
Tensor sinusoidal_encoding(int64_t count, int64_t width, int64_t first = 0);
// The same as a node; each element's explanation is its formula with the numbers in it.
Value sinusoidal_encoding(Graph& graph, int64_t count, int64_t width, int64_t first = 0);

// x [.., T, d], row t at position first + t: each pair (x[2i], x[2i+1]) is turned by the angle pos / 10000^(2i / d), so that the product of
// two rows depends on how far they are apart only. Su et al. 2021, equation 34. Throws ShapeError for an odd d or fewer than two axes,
// ValueError for first < 0.
Value rotate_by_position(Value x, int64_t first = 0);

}  // namespace trilens

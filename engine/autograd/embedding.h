// Rows of a table picked by number: how words and characters become vectors. Bengio et al. 2003.
#pragma once

#include <cstdint>
#include <span>

#include "engine/autograd/graph.h"

namespace trilens {

// table [V, F] and tokens of a shape (leading axes) -> [.., F]. Throws ShapeError if the counts differ or the table has not two axes,
// ValueError for a token outside [0, V).
Value embedding(Value table, std::span<const int32_t> tokens, const Shape& token_shape);

}  // namespace trilens

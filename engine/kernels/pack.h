// Packing: the operands of a tile laid out in the order in which it reads them.
#pragma once

#include <cstdint>

namespace trilens::kernels {

// target[k * width + r] = source[k * step + r] for r < count; the columns from count to width become 0.
void pack_straight(int64_t count, int64_t width, int64_t depth, const float* source, int64_t step, float* target);

// target[k * width + r] = source[r * step + k] for r < count; the columns from count to width become 0.
void pack_transposed(int64_t count, int64_t width, int64_t depth, const float* source, int64_t step, float* target);

}  // namespace trilens::kernels

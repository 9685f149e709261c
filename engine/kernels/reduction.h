// Sums, maxima and means along axes. A sum of many elements goes over 16 virtual lanes: lane l takes elements l, l + 16, ...
// from 0, and the lanes are folded by the tree l + 8, l + 4, l + 2, l + 1. That order is the same whatever the vectors, the
// threads and the place of the axis in memory.
#pragma once

#include <cstdint>

namespace trilens::kernels {

float sum(int64_t count, const float* x);
float dot(int64_t count, const float* a, const float* b);           // the same lanes, over products
float maximum(int64_t count, const float* x);                       // -inf for nothing; NaN if any is NaN
bool all_finite(int64_t count, const float* x);

// x [outer, count, inner] to y [outer, inner].
void sum_axis(int64_t outer, int64_t count, int64_t inner, const float* x, float* y);
// The largest along the axis, the first of equals, and its position (may be null); NaN wins. count > 0.
void max_axis(int64_t outer, int64_t count, int64_t inner, const float* x, float* y, int32_t* argmax);

// Sums x over the axes marked in `reduced`; y has the other axes. Neighbouring axes of a kind count as one; several are summed from
// the last to the first, each over its lanes.
struct Reduction {
    int rank = 0;
    int64_t extents[6] = {};
    bool reduced[6] = {};
};
void sum_axes(const Reduction& shape, const float* x, float* y);

}  // namespace trilens::kernels

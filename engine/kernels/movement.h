// Moving values without computing: permuted axes, slices, rows picked by number and their way back.
#pragma once

#include <cstdint>

namespace trilens::kernels {

// A copy between two strided blocks of one shape, strides in elements: permute, slice and concatenation are all this.
// A source stride of 0 repeats.
struct StridedCopy {
    int rank = 0;
    int64_t extents[6] = {};
    int64_t source_strides[6] = {}, target_strides[6] = {};
};
void copy_strided(const StridedCopy& shape, const float* source, float* target);
void add_strided(const StridedCopy& shape, const float* source, float* target);  // target += source; target strides reach each element once

// y[i] = table[indices[i]], rows of `width` values: an embedding. Indices lie in the table.
void gather_rows(int64_t count, int64_t width, const float* table, const int32_t* indices, float* y);
// dtable[indices[i]] += dy[i] in the order of i; dtable starts from what it holds.
void scatter_add_rows(int64_t count, int64_t width, const float* dy, const int32_t* indices, float* dtable);

}  // namespace trilens::kernels

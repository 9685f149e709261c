// Copies between strided blocks, and rows by number. Axes that lie one behind the other in both blocks are walked as one.
#include "engine/kernels/movement.h"

#include <algorithm>
#include <cstring>

#include "engine/parallel.h"

namespace trilens::kernels {
namespace {

constexpr int64_t grain_elements = 16384;

StridedCopy merged(const StridedCopy& shape) {
    StridedCopy result;
    for (int axis = 0; axis < shape.rank; ++axis) {
        if (shape.extents[axis] == 1) continue;
        const int last = result.rank - 1;
        if (last >= 0 && result.source_strides[last] == shape.extents[axis] * shape.source_strides[axis] &&
            result.target_strides[last] == shape.extents[axis] * shape.target_strides[axis]) {
            result.extents[last] *= shape.extents[axis];
        } else {
            ++result.rank;
            result.extents[last + 1] = shape.extents[axis];
        }
        result.source_strides[result.rank - 1] = shape.source_strides[axis];
        result.target_strides[result.rank - 1] = shape.target_strides[axis];
    }
    if (result.rank == 0) {
        result.rank = 1;
        result.extents[0] = 1;
        result.source_strides[0] = result.target_strides[0] = 1;
    }
    return result;
}

// Calls row(source, target) for every innermost row.
template <class F>
void for_rows(const StridedCopy& shape, const float* source, float* target, F row) {
    const int outer_axes = shape.rank - 1;
    int64_t outer = 1;
    for (int axis = 0; axis < outer_axes; ++axis) outer *= shape.extents[axis];
    const int64_t inner = shape.extents[outer_axes];
    if (inner == 0) return;
    parallel_for(outer, std::max<int64_t>(1, grain_elements / inner), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            int64_t rest = i, from = 0, to = 0;
            for (int axis = outer_axes - 1; axis >= 0; --axis) {
                const int64_t position = rest % shape.extents[axis];
                rest /= shape.extents[axis];
                from += position * shape.source_strides[axis];
                to += position * shape.target_strides[axis];
            }
            row(source + from, target + to);
        }
    });
}

}  // namespace

void copy_strided(const StridedCopy& shape, const float* source, float* target) {
    const StridedCopy block = merged(shape);
    const int64_t count = block.extents[block.rank - 1];
    const int64_t from = block.source_strides[block.rank - 1], to = block.target_strides[block.rank - 1];
    if (from == 1 && to == 1) {
        for_rows(block, source, target, [=](const float* x, float* y) { std::memcpy(y, x, static_cast<size_t>(count) * sizeof(float)); });
    } else {
        for_rows(block, source, target, [=](const float* x, float* y) {
            for (int64_t i = 0; i < count; ++i) y[i * to] = x[i * from];
        });
    }
}

void add_strided(const StridedCopy& shape, const float* source, float* target) {
    const StridedCopy block = merged(shape);
    const int64_t count = block.extents[block.rank - 1];
    const int64_t from = block.source_strides[block.rank - 1], to = block.target_strides[block.rank - 1];
    for_rows(block, source, target, [=](const float* x, float* y) {
        for (int64_t i = 0; i < count; ++i) y[i * to] += x[i * from];
    });
}

void gather_rows(int64_t count, int64_t width, const float* table, const int32_t* indices, float* y) {
    parallel_for(count, std::max<int64_t>(1, grain_elements / std::max<int64_t>(1, width)), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) std::copy_n(table + indices[i] * width, width, y + i * width);
    });
}

void scatter_add_rows(int64_t count, int64_t width, const float* dy, const int32_t* indices, float* dtable) {
    // Ranges of columns, so that every sum goes through i in order whoever does it.
    parallel_for(width, std::max<int64_t>(16, grain_elements / std::max<int64_t>(1, count)), [&](int64_t begin, int64_t end) {
        for (int64_t i = 0; i < count; ++i) {
            const float* from = dy + i * width;
            float* to = dtable + indices[i] * width;
            for (int64_t j = begin; j < end; ++j) to[j] += from[j];
        }
    });
}

}  // namespace trilens::kernels

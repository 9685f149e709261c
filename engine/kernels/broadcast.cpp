// Arithmetic of two operands that broadcast to one shape. Axes along which both operands go on evenly are walked as one, so that
// the innermost loop is long and one of: both contiguous, one repeated, anything.
#include <algorithm>

#include "engine/kernels/elementwise.h"
#include "engine/parallel.h"
#include "engine/simd.h"

namespace trilens::kernels {
namespace {

constexpr int64_t grain = 16384;

Broadcast merged(const Broadcast& shape) {
    Broadcast result;
    for (int axis = 0; axis < shape.rank; ++axis) {
        if (shape.extents[axis] == 1) continue;
        const int last = result.rank - 1;
        if (last >= 0 && result.a_strides[last] == shape.extents[axis] * shape.a_strides[axis] &&
            result.b_strides[last] == shape.extents[axis] * shape.b_strides[axis]) {
            result.extents[last] *= shape.extents[axis];
        } else {
            ++result.rank;
            result.extents[last + 1] = shape.extents[axis];
        }
        result.a_strides[result.rank - 1] = shape.a_strides[axis];
        result.b_strides[result.rank - 1] = shape.b_strides[axis];
    }
    if (result.rank == 0) {
        result.rank = 1;
        result.extents[0] = 1;
        result.a_strides[0] = result.b_strides[0] = 1;
    }
    return result;
}

// A row of vectors; an operand with stride 0 repeats its value. `function` is written once over vectors of any width.
template <bool a_repeats, bool b_repeats, class F>
void even_row(F function, int64_t count, const float* a, const float* b, float* y) {
    const simd::Floats a_value = simd::splat(count > 0 ? *a : 0.0f), b_value = simd::splat(count > 0 ? *b : 0.0f);
    int64_t i = 0;
    for (; i + simd::width <= count; i += simd::width) {
        simd::store(y + i, function(a_repeats ? a_value : simd::load(a + i), b_repeats ? b_value : simd::load(b + i)));
    }
    if (const int64_t left = count - i; left > 0) {
        simd::store_part(
            y + i, function(a_repeats ? a_value : simd::load_part(a + i, left), b_repeats ? b_value : simd::load_part(b + i, left)), left);
    }
}

template <class F>
void row(F function, int64_t count, const float* a, int64_t a_stride, const float* b, int64_t b_stride, float* y) {
    if (a_stride == 1 && b_stride == 1) return even_row<false, false>(function, count, a, b, y);
    if (a_stride == 1 && b_stride == 0) return even_row<false, true>(function, count, a, b, y);
    if (a_stride == 0 && b_stride == 1) return even_row<true, false>(function, count, a, b, y);
    for (int64_t i = 0; i < count; ++i) {
        y[i] = function(simd::splat<4>(a[i * a_stride]), simd::splat<4>(b[i * b_stride]))[0];
    }
}

template <class F>
void walk(F function, const Broadcast& shape, const float* a, const float* b, float* y) {
    const int inner_axis = shape.rank - 1;
    const int64_t inner = shape.extents[inner_axis], a_stride = shape.a_strides[inner_axis], b_stride = shape.b_strides[inner_axis];
    if (shape.rank == 1) {
        parallel_for(inner, grain, [&](int64_t begin, int64_t end) {
            row(function, end - begin, a + begin * a_stride, a_stride, b + begin * b_stride, b_stride, y + begin);
        });
        return;
    }
    int64_t outer = 1;
    for (int axis = 0; axis < inner_axis; ++axis) outer *= shape.extents[axis];
    if (inner == 0) return;
    parallel_for(outer, std::max<int64_t>(1, grain / inner), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            int64_t rest = i, a_offset = 0, b_offset = 0;
            for (int axis = inner_axis - 1; axis >= 0; --axis) {
                const int64_t position = rest % shape.extents[axis];
                rest /= shape.extents[axis];
                a_offset += position * shape.a_strides[axis];
                b_offset += position * shape.b_strides[axis];
            }
            row(function, inner, a + a_offset, a_stride, b + b_offset, b_stride, y + i * inner);
        }
    });
}

}  // namespace

void binary(Binary operation, const Broadcast& shape, const float* a, const float* b, float* y) {
    const Broadcast block = merged(shape);
    switch (operation) {
    case Binary::add: return walk([](auto p, auto q) { return p + q; }, block, a, b, y);
    case Binary::subtract: return walk([](auto p, auto q) { return p - q; }, block, a, b, y);
    case Binary::multiply: return walk([](auto p, auto q) { return p * q; }, block, a, b, y);
    case Binary::divide: return walk([](auto p, auto q) { return p / q; }, block, a, b, y);
    case Binary::maximum: return walk([](auto p, auto q) { return simd::select((p >= q) | (p != p), p, q); }, block, a, b, y);
    }
}

void binary(Binary operation, int64_t count, const float* a, const float* b, float* y) {
    Broadcast shape;
    shape.rank = 1;
    shape.extents[0] = count;
    shape.a_strides[0] = shape.b_strides[0] = 1;
    binary(operation, shape, a, b, y);
}

}  // namespace trilens::kernels

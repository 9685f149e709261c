// Packing by vectors: rows are copied, columns are turned four by four.
#include "engine/kernels/pack.h"

#include <algorithm>

#include "engine/simd.h"

namespace trilens::kernels {
namespace {

[[gnu::noinline]] void copy_rows(int64_t vectors, int64_t depth, const float* source, int64_t step, float* target) {
    const int64_t width = vectors * simd::width;
    for (int64_t k = 0; k < depth; ++k) {
        for (int64_t v = 0; v < vectors; ++v)
            simd::store(target + k * width + v * simd::width, simd::load(source + k * step + v * simd::width));
    }
}

[[gnu::noinline]] void turn_four(int64_t width, int64_t depth, const float* source, int64_t step, float* target) {
    for (int64_t k = 0; k + 4 <= depth; k += 4) {
        simd::FloatsOf<4> block[4];
        for (int r = 0; r < 4; ++r) block[r] = simd::load<4>(source + r * step + k);
        simd::transpose(block);
        for (int r = 0; r < 4; ++r) simd::store(target + (k + r) * width, block[r]);
    }
    for (int64_t k = depth & ~int64_t{3}; k < depth; ++k) {
        for (int r = 0; r < 4; ++r) target[k * width + r] = source[r * step + k];
    }
}

}  // namespace

void pack_straight(int64_t count, int64_t width, int64_t depth, const float* source, int64_t step, float* target) {
    if (count == width && width % simd::width == 0) return copy_rows(width / simd::width, depth, source, step, target);
    for (int64_t k = 0; k < depth; ++k) {
        float* row = target + k * width;
        for (int64_t r = 0; r < count; ++r) row[r] = source[k * step + r];
        for (int64_t r = count; r < width; ++r) row[r] = 0;
    }
}

void pack_transposed(int64_t count, int64_t width, int64_t depth, const float* source, int64_t step, float* target) {
    int64_t r = 0;
    for (; r + 4 <= count; r += 4) turn_four(width, depth, source + r * step, step, target + r);
    for (; r < width; ++r) {
        for (int64_t k = 0; k < depth; ++k) target[k * width + r] = r < count ? source[r * step + k] : 0.0f;
    }
}

}  // namespace trilens::kernels

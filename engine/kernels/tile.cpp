// The tiles of every number of rows, from one template.
#include "engine/kernels/tile.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

namespace trilens::kernels {
namespace {

// Steps is int64_t (from row to row of b) or const int32_t* (where each row lies).
template <int rows, int vectors, class Steps>
[[gnu::noinline]] void tile(int64_t depth, const float* a, int64_t a_step, const float* b, Steps steps, float* c, int64_t c_step,
                            bool from_c) {
    simd::Floats sums[rows][vectors] = {};
    if (from_c) {
        for (int r = 0; r < rows; ++r) {
            for (int v = 0; v < vectors; ++v) sums[r][v] = simd::load(c + r * c_step + v * simd::width);
        }
    }
#if defined(__clang__)
#pragma clang loop unroll(disable)
#endif
    for (int64_t k = 0; k < depth; ++k) {
        const float* row = b;
        if constexpr (std::is_pointer_v<Steps>) row += steps[k];
        simd::Floats column[vectors];
        for (int v = 0; v < vectors; ++v) column[v] = simd::load(row + v * simd::width);
        for (int r = 0; r < rows; ++r) {
            const simd::Floats factor = simd::splat(a[r]);
            for (int v = 0; v < vectors; ++v) sums[r][v] += factor * column[v];
        }
        a += a_step;
        if constexpr (!std::is_pointer_v<Steps>) b += steps;
    }
    for (int r = 0; r < rows; ++r) {
        for (int v = 0; v < vectors; ++v) simd::store(c + r * c_step + v * simd::width, sums[r][v]);
    }
}

template <int columns, class Steps, int... counts>
constexpr auto all_tiles(std::integer_sequence<int, counts...>) {
    return std::array{tile<counts + 1, columns / simd::width, Steps>...};
}

template <class Steps>
void multiply(const Tile& t, const float* b, Steps steps) {
    static constexpr auto wide = all_tiles<tile_columns, Steps>(std::make_integer_sequence<int, wide_rows>());
    static constexpr auto narrow = all_tiles<narrow_columns, Steps>(std::make_integer_sequence<int, tile_rows>());
    if (t.columns == narrow_columns) {
        narrow[static_cast<size_t>(t.rows - 1)](t.k, t.a, t.rows, b, steps, t.c, t.c_step, t.from_c);
        return;
    }
    for (int64_t r = 0; r < t.rows; r += wide_rows) {
        const int64_t height = std::min<int64_t>(wide_rows, t.rows - r);
        wide[static_cast<size_t>(height - 1)](t.k, t.a + r, t.rows, b, steps, t.c + r * t.c_step, t.c_step, t.from_c);
    }
}

}  // namespace

void multiply_tile(const Tile& tile, const float* b, int64_t b_step) { multiply(tile, b, b_step); }
void multiply_tile(const Tile& tile, const float* b, const int32_t* offsets) { multiply(tile, b, offsets); }

}  // namespace trilens::kernels

// The tiles of 1 to tile_rows rows, from one template.
#include "engine/kernels/tile.h"

#include <array>
#include <utility>

namespace trilens::kernels {
namespace {

template <int rows>
inline void step(const float* a, const float* b, simd::Floats (&sums)[rows][tile_vectors]) {
    simd::Floats column[tile_vectors];
    for (int v = 0; v < tile_vectors; ++v) column[v] = simd::load(b + v * simd::width);
    for (int r = 0; r < rows; ++r) {
        const simd::Floats factor = simd::splat(a[r]);
        for (int v = 0; v < tile_vectors; ++v) sums[r][v] += factor * column[v];
    }
}

template <int rows, bool packed>
[[gnu::noinline]] void tile(int64_t k, const float* a, const float* b, int64_t b_step, float* c, int64_t c_step, bool from_c) {
    if constexpr (packed) b_step = tile_columns;
    simd::Floats sums[rows][tile_vectors] = {};
    if (from_c) {
        for (int r = 0; r < rows; ++r) {
            for (int v = 0; v < tile_vectors; ++v) sums[r][v] = simd::load(c + r * c_step + v * simd::width);
        }
    }
    constexpr int unrolled = 4;
    for (; k >= unrolled; k -= unrolled) {
        for (int u = 0; u < unrolled; ++u) step<rows>(a + u * rows, b + u * b_step, sums);
        a += unrolled * rows;
        b += unrolled * b_step;
    }
    for (; k > 0; --k) {
        step<rows>(a, b, sums);
        a += rows;
        b += b_step;
    }
    for (int r = 0; r < rows; ++r) {
        for (int v = 0; v < tile_vectors; ++v) simd::store(c + r * c_step + v * simd::width, sums[r][v]);
    }
}

template <bool packed, int... counts>
constexpr auto all_tiles(std::integer_sequence<int, counts...>) {
    return std::array<Tile, sizeof...(counts)>{tile<counts + 1, packed>...};
}

}  // namespace

Tile packed_tile(int64_t rows) {
    static constexpr auto tiles = all_tiles<true>(std::make_integer_sequence<int, tile_rows>());
    return tiles[static_cast<size_t>(rows - 1)];
}

Tile strided_tile(int64_t rows) {
    static constexpr auto tiles = all_tiles<false>(std::make_integer_sequence<int, tile_rows>());
    return tiles[static_cast<size_t>(rows - 1)];
}

}  // namespace trilens::kernels

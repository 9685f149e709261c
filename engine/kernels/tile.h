// The register tile under gemm and conv: rows x vectors of accumulators, each of which takes its products k = 0, 1, ... in order.
// The inner loop is not unrolled and its function is called many times: unrolled, WebAssembly's 16 registers spill (60 becomes 37
// GFLOP/s), and a browser's engine swaps in optimised code between calls, never within one.
#pragma once

#include <cstdint>

#include "engine/simd.h"

namespace trilens::kernels {

// Measured by bench/. At least 8 sums keep the adders busy: 2 rows of 4 vectors, or 4 of 2 for what is left of a row; with
// AVX-512's 32 registers 8 of 2, or 8 of 1.
inline constexpr int tile_rows = simd::width == 16 ? 8 : 4;   // how many rows are packed together
inline constexpr int wide_rows = simd::width == 16 ? 8 : 2;
inline constexpr int tile_columns = (simd::width == 16 ? 2 : 4) * simd::width;
inline constexpr int narrow_columns = tile_columns / 2;

// c[r * c_step + j] = (from_c ? itself : 0) + sum over k of a[k * rows + r] * b[k][j], for r < rows <= tile_rows, j < columns,
// where columns is tile_columns or narrow_columns.
struct Tile {
    int64_t rows, columns, k;
    const float* a;
    float* c;
    int64_t c_step;
    bool from_c;
};
void multiply_tile(const Tile& tile, const float* b, int64_t b_step);            // b[k] = b + k * b_step
void multiply_tile(const Tile& tile, const float* b, const int32_t* offsets);    // b[k] = b + offsets[k]

// The same for any number of columns up to tile_columns: b[k] may be read, but c is not written, beyond them.
template <class B>
void multiply_edge(const Tile& tile, const float* b, B steps) {
    alignas(64) float edge[tile_rows * tile_columns];
    Tile whole = tile;
    whole.columns = tile.columns > narrow_columns ? tile_columns : narrow_columns;
    whole.c = edge;
    whole.c_step = tile_columns;
    for (int64_t r = 0; tile.from_c && r < tile.rows; ++r) {
        for (int64_t j = 0; j < tile.columns; ++j) edge[r * tile_columns + j] = tile.c[r * tile.c_step + j];
    }
    multiply_tile(whole, b, steps);
    for (int64_t r = 0; r < tile.rows; ++r) {
        for (int64_t j = 0; j < tile.columns; ++j) tile.c[r * tile.c_step + j] = edge[r * tile_columns + j];
    }
}

}  // namespace trilens::kernels

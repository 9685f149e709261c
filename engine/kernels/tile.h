// The register tile under gemm and conv: a few rows by two vectors of accumulators, each of which takes its products k = 0, 1, ...
// A function of its own that is called many times: a browser's engine swaps in optimised code between calls, never within one.
#pragma once

#include <cstdint>

#include "engine/simd.h"

namespace trilens::kernels {

// Chosen by measurement (bench/): what the registers hold without spilling (16 vectors on the web and with AVX, 32 with AVX-512).
inline constexpr int tile_rows = simd::width == 16 ? 8 : 4;
inline constexpr int tile_vectors = 2;
inline constexpr int tile_columns = tile_vectors * simd::width;

// c[r][j] = (from_c ? c[r][j] : 0) + sum over k of a[k * rows + r] * b[k * b_step + j], for rows x tile_columns elements.
using Tile = void (*)(int64_t k, const float* a, const float* b, int64_t b_step, float* c, int64_t c_step, bool from_c);

// The tile for `rows` in [1, tile_rows]: of a packed B (b_step is tile_columns), or of rows of B where they lie.
Tile packed_tile(int64_t rows);
Tile strided_tile(int64_t rows);

}  // namespace trilens::kernels

// Matrix products on raw row-major memory: C = op(A) op(B), after Goto and van de Geijn, "Anatomy of High-Performance Matrix
// Multiplication", TOMS 34(3), 2008: packed panels, a register tile, cache blocks.
// Every element of C is one accumulator: it starts at 0 (or at C), takes its products in the order k = 0, 1, ..., and the bias
// last. Tiles, blocks, vectors and threads never change that order, so they never change a bit.
#pragma once

#include <cstdint>

namespace trilens::kernels {

// C is m x n, op(A) m x k, op(B) k x n. With transpose_a A lies in memory as k x m, with transpose_b B as n x k.
// A leading dimension (elements from one row in memory to the next) of 0 means rows without gaps.
struct Gemm {
    int64_t m = 0, n = 0, k = 0;
    bool transpose_a = false, transpose_b = false;
    int64_t lda = 0, ldb = 0, ldc = 0;
    bool accumulate = false;              // start from what C holds: C += op(A) op(B)
    const float* column_bias = nullptr;   // n values, one for each column of C, added last
    const float* row_bias = nullptr;      // m values, one for each row of C, added last
};

// C must not overlap A, B or the biases. Extents may be 0; with k = 0 the sums are empty.
void gemm(const Gemm& sizes, const float* a, const float* b, float* c);

// `count` products of one size; the i-th uses a + i * stride_a, b + i * stride_b, c + i * stride_c (a stride of 0 shares an operand).
struct GemmBatch {
    int64_t count = 0;
    int64_t stride_a = 0, stride_b = 0, stride_c = 0;
};
void gemm(const Gemm& sizes, const GemmBatch& batch, const float* a, const float* b, float* c);

}  // namespace trilens::kernels

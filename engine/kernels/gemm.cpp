// The product by its definition.
#include "engine/kernels/gemm.h"
#include <vector>
#include "engine/parallel.h"

namespace trilens::kernels {
void gemm(const Gemm& g, const float* a, const float* b, float* c) { gemm(g, GemmBatch{1, 0, 0, 0}, a, b, c); }
void gemm(const Gemm& g, const GemmBatch& batch, const float* a, const float* b, float* c) {
    const int64_t lda = g.lda ? g.lda : g.transpose_a ? g.m : g.k, ldb = g.ldb ? g.ldb : g.transpose_b ? g.k : g.n, ldc = g.ldc ? g.ldc : g.n;
    const int64_t ai = g.transpose_a ? 1 : lda, ak = g.transpose_a ? lda : 1, bj = g.transpose_b ? ldb : 1, bk = g.transpose_b ? 1 : ldb;
    for (int64_t p = 0; p < batch.count; ++p) {
        const float* pa = a + p * batch.stride_a;
        const float* pb = b + p * batch.stride_b;
        float* pc = c + p * batch.stride_c;
        parallel_for(g.m, 1, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) {
                float* row = pc + i * ldc;
                if (!g.accumulate) for (int64_t j = 0; j < g.n; ++j) row[j] = 0;
                for (int64_t k = 0; k < g.k; ++k) {
                    const float x = pa[i * ai + k * ak];
                    for (int64_t j = 0; j < g.n; ++j) row[j] += x * pb[k * bk + j * bj];
                }
                for (int64_t j = 0; j < g.n; ++j) {
                    if (g.row_bias != nullptr) row[j] += g.row_bias[i];
                    if (g.column_bias != nullptr) row[j] += g.column_bias[j];
                }
            }
        });
    }
}
}  // namespace trilens::kernels

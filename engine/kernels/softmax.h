// Softmax over rows of a matrix [rows, columns], its logarithm, and the cross entropy of both, always with the row's maximum subtracted.
// Sums over a row go over 16 virtual lanes (reduction.h). A row of only -inf gives NaN, as in PyTorch.
#pragma once

#include <cstdint>

namespace trilens::kernels {

// y = e^(x - max) / sum e^(x - max). x and y may be the same memory.
void softmax_forward(int64_t rows, int64_t columns, const float* x, float* y);
// dx = y (dy - sum y dy). dx may be dy.
void softmax_backward(int64_t rows, int64_t columns, const float* y, const float* dy, float* dx);

// y = (x - max) - log sum e^(x - max). x and y may be the same memory.
void log_softmax_forward(int64_t rows, int64_t columns, const float* x, float* y);
// dx = dy - e^y sum dy. dx may be dy.
void log_softmax_backward(int64_t rows, int64_t columns, const float* y, const float* dy, float* dx);

// losses[r] = -log softmax(x[r])[target[r]], and the probabilities, which the way back needs. Targets lie in [0, columns);
// a negative target is ignored: loss 0, gradient 0.
void cross_entropy_forward(int64_t rows, int64_t columns, const float* x, const int32_t* targets, float* losses, float* probabilities);
// dx[r] = (probabilities[r] - onehot(target[r])) * dlosses[r]
void cross_entropy_backward(int64_t rows, int64_t columns, const float* probabilities, const int32_t* targets, const float* dlosses,
                            float* dx);

}  // namespace trilens::kernels

// Normalisation: batch norm over [N, C, area] for each channel (Ioffe and Szegedy 2015) and layer norm over the last axis of
// [rows, columns] (Ba, Kiros, Hinton 2016). Variances are the biased ones, from the differences to the mean (two passes).
// Sums: over the area (or the row) by 16 virtual lanes, then over images by 16 virtual lanes.
#pragma once

#include <cstdint>

namespace trilens::kernels {

struct BatchNorm {
    int64_t batch = 1, channels = 1, area = 1;
    float epsilon = 1e-5f;
};

// mean[C] and variance[C] of x. With batch * area = 0 both are 0.
void batch_norm_statistics(const BatchNorm& sizes, const float* x, float* mean, float* variance);
// y = (x - mean) * inverse * gamma + beta with inverse = 1 / sqrt(variance + epsilon)
void batch_norm_forward(const BatchNorm& sizes, const float* x, const float* mean, const float* variance, const float* gamma,
                        const float* beta, float* y);
// With `training` mean and variance are those of x and the gradient goes through them, else they are constants.
void batch_norm_backward(const BatchNorm& sizes, bool training, const float* x, const float* mean, const float* variance,
                         const float* gamma, const float* dy, float* dx, float* dgamma, float* dbeta);

struct LayerNorm {
    int64_t rows = 1, columns = 1;
    float epsilon = 1e-5f;
};

// y = (x - mean) * inverse * gamma + beta with inverse = 1 / sqrt(variance + epsilon); mean[rows] and inverse[rows] are kept for the way
// back.
void layer_norm_forward(const LayerNorm& sizes, const float* x, const float* gamma, const float* beta, float* y, float* mean,
                        float* inverse);
void layer_norm_backward(const LayerNorm& sizes, const float* x, const float* mean, const float* inverse, const float* gamma,
                         const float* dy, float* dx, float* dgamma, float* dbeta);

}  // namespace trilens::kernels

// Pooling over windows of planes: x [planes, H, W], y [planes, OH, OW], where planes = N * C.
// Maximum: the first of equal elements (row-major) wins, NaN wins over all, padding never wins; its place is kept for the way back.
// Average: row-major sum from 0, then one division, by the whole window or by the part of it that lies inside.
#pragma once

#include <cstdint>

namespace trilens::kernels {

struct Pool2d {
    int64_t planes = 1, height = 1, width = 1;
    int64_t kernel_height = 2, kernel_width = 2;
    int64_t stride_height = 2, stride_width = 2;
    int64_t padding_height = 0, padding_width = 0;
    int64_t dilation_height = 1, dilation_width = 1;

    int64_t out_height() const;
    int64_t out_width() const;
};

// argmax (may be null): for each element of y the position in its plane, row * W + column, or -1 where the window holds only padding.
void max_pool_forward(const Pool2d& sizes, const float* x, float* y, int32_t* argmax);
void max_pool_backward(const Pool2d& sizes, const float* dy, const int32_t* argmax, float* dx);

// count_padding: divide by the whole window (PyTorch's default) instead of by what of it lies inside.
void average_pool_forward(const Pool2d& sizes, bool count_padding, const float* x, float* y);
void average_pool_backward(const Pool2d& sizes, bool count_padding, const float* dy, float* dx);

// One mean a plane of `area` elements.
void global_average_pool_forward(int64_t planes, int64_t area, const float* x, float* y);
void global_average_pool_backward(int64_t planes, int64_t area, const float* dy, float* dx);

}  // namespace trilens::kernels

// Two-dimensional convolution (cross-correlation, as in every deep-learning framework): LeCun et al. 1998; arithmetic of
// shapes as Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016.
// x [N, C, H, W], w [O, C/groups, KH, KW], y [N, O, OH, OW]; y[n,o,i,j] = sum over c, kh, kw (in this order, from 0) of
// x[n, c, i*stride - padding + kh*dilation, ...] * w[o, c, kh, kw], bias last; outside the picture x counts as 0.
#pragma once

#include <cstdint>

namespace trilens::kernels {

struct Conv2d {
    int64_t batch = 1;
    int64_t in_channels = 1, height = 1, width = 1;
    int64_t out_channels = 1, kernel_height = 1, kernel_width = 1;
    int64_t stride_height = 1, stride_width = 1;
    int64_t padding_height = 0, padding_width = 0;
    int64_t dilation_height = 1, dilation_width = 1;
    int64_t groups = 1;   // divides in_channels and out_channels

    int64_t out_height() const { return extent(height, kernel_height, stride_height, padding_height, dilation_height); }
    int64_t out_width() const { return extent(width, kernel_width, stride_width, padding_width, dilation_width); }

    // Positions of a window along one axis; 0 if it does not fit once.
    static int64_t extent(int64_t size, int64_t kernel, int64_t stride, int64_t padding, int64_t dilation) {
        const int64_t room = size + 2 * padding - dilation * (kernel - 1) - 1;
        return room < 0 ? 0 : room / stride + 1;
    }
};

// Every function overwrites its output, which must not overlap its inputs. bias (O values) may be null.
void conv2d_forward(const Conv2d& sizes, const float* x, const float* w, const float* bias, float* y);

// dx = the gradient of x, given dy; each element sums over o, kh, kw in this order.
void conv2d_backward_input(const Conv2d& sizes, const float* dy, const float* w, float* dx);

// dw and db: over the positions of an image first, then over images in a tree that depends on their number alone.
void conv2d_backward_weight(const Conv2d& sizes, const float* x, const float* dy, float* dw);
void conv2d_backward_bias(const Conv2d& sizes, const float* dy, float* db);

}  // namespace trilens::kernels

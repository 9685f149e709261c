// Convolution by its definition.
#include "engine/kernels/conv.h"
#include <vector>
#include "engine/kernels/reduction.h"
#include "engine/parallel.h"

namespace trilens::kernels {
namespace {
// tap(output row, kernel row) etc. For each (n, o, i, j, c, m, k inside the picture).
template <class F>
void for_taps(const Conv2d& s, int64_t n, int64_t o, F tap) {
    const int64_t oh = s.out_height(), ow = s.out_width(), ci = s.in_channels / s.groups, co = s.out_channels / s.groups, g = o / co;
    for (int64_t i = 0; i < oh; ++i) for (int64_t j = 0; j < ow; ++j) for (int64_t c = 0; c < ci; ++c)
        for (int64_t m = 0; m < s.kernel_height; ++m) for (int64_t k = 0; k < s.kernel_width; ++k) {
            const int64_t y = i * s.stride_height - s.padding_height + m * s.dilation_height, x = j * s.stride_width - s.padding_width + k * s.dilation_width;
            if (y < 0 || y >= s.height || x < 0 || x >= s.width) continue;
            tap(((n * s.out_channels + o) * oh + i) * ow + j, ((n * s.in_channels + g * ci + c) * s.height + y) * s.width + x,
                ((o * ci + c) * s.kernel_height + m) * s.kernel_width + k);
        }
}
}  // namespace
void conv2d_forward(const Conv2d& s, const float* x, const float* w, const float* bias, float* y) {
    const int64_t area = s.out_height() * s.out_width();
    parallel_for(s.batch, 1, [&](int64_t begin, int64_t end) {
        for (int64_t n = begin; n < end; ++n) for (int64_t o = 0; o < s.out_channels; ++o) {
            float* plane = y + (n * s.out_channels + o) * area;
            for (int64_t i = 0; i < area; ++i) plane[i] = 0;
            for_taps(s, n, o, [&](int64_t out, int64_t in, int64_t weight) { y[out] += x[in] * w[weight]; });
            if (bias != nullptr) for (int64_t i = 0; i < area; ++i) plane[i] += bias[o];
        }
    });
}
void conv2d_backward_input(const Conv2d& s, const float* dy, const float* w, float* dx) {
    const int64_t size = s.in_channels * s.height * s.width;
    parallel_for(s.batch, 1, [&](int64_t begin, int64_t end) {
        for (int64_t n = begin; n < end; ++n) {
            for (int64_t i = 0; i < size; ++i) dx[n * size + i] = 0;
            for (int64_t o = 0; o < s.out_channels; ++o) for_taps(s, n, o, [&](int64_t out, int64_t in, int64_t weight) { dx[in] += dy[out] * w[weight]; });
        }
    });
}
void conv2d_backward_weight(const Conv2d& s, const float* x, const float* dy, float* dw) {
    for (int64_t i = 0; i < s.out_channels * (s.in_channels / s.groups) * s.kernel_height * s.kernel_width; ++i) dw[i] = 0;
    for (int64_t n = 0; n < s.batch; ++n)
        for (int64_t o = 0; o < s.out_channels; ++o) for_taps(s, n, o, [&](int64_t out, int64_t in, int64_t weight) { dw[weight] += dy[out] * x[in]; });
}
void conv2d_backward_bias(const Conv2d& s, const float* dy, float* db) {
    std::vector<float> planes(static_cast<size_t>(s.batch * s.out_channels));
    sum_axis(s.batch * s.out_channels, s.out_height() * s.out_width(), 1, dy, planes.data());
    sum_axis(1, s.batch, s.out_channels, planes.data(), db);
}
}  // namespace trilens::kernels

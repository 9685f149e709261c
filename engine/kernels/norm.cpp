// Batch norm and layer norm, forward and backward. Written with xhat = (x - mean) * inverse:
// dx = gamma inverse (dy - mean(dy) - xhat mean(dy xhat)), the means over whatever the statistics were taken (Ioffe and Szegedy 2015,
// section 3).
#include "engine/kernels/norm.h"

#include <algorithm>
#include <vector>

#include "engine/kernels/lanes.h"
#include "engine/kernels/reduction.h"
#include "engine/parallel.h"

namespace trilens::kernels {
namespace {

int64_t planes_per_range(int64_t area) { return std::max<int64_t>(1, 8192 / std::max<int64_t>(1, area)); }

inline float inverse_deviation(float variance, float epsilon) { return 1.0f / __builtin_sqrtf(variance + epsilon); }

// y[c] = the sum over all images and positions of value(plane, channel, position), planes being the N * C pictures.
template <class F>
void sum_channels(const BatchNorm& sizes, float* y, F value) {
    std::vector<float> sums(static_cast<size_t>(sizes.batch * sizes.channels));
    parallel_for(sizes.batch * sizes.channels, planes_per_range(sizes.area), [&](int64_t begin, int64_t end) {
        for (int64_t plane = begin; plane < end; ++plane) {
            const int64_t channel = plane % sizes.channels, first = plane * sizes.area;
            sums[static_cast<size_t>(plane)] = lane_sum(sizes.area, [=](int64_t i) { return value(channel, first + i); });
        }
    });
    sum_axis(1, sizes.batch, sizes.channels, sums.data(), y);
}

}  // namespace

void batch_norm_statistics(const BatchNorm& sizes, const float* x, float* mean, float* variance) {
    const float count = static_cast<float>(std::max<int64_t>(1, sizes.batch * sizes.area));
    sum_channels(sizes, mean, [=](int64_t, int64_t i) { return x[i]; });
    for (int64_t c = 0; c < sizes.channels; ++c) mean[c] /= count;
    sum_channels(sizes, variance, [=](int64_t c, int64_t i) { return (x[i] - mean[c]) * (x[i] - mean[c]); });
    for (int64_t c = 0; c < sizes.channels; ++c) variance[c] /= count;
}

void batch_norm_forward(const BatchNorm& sizes, const float* x, const float* mean, const float* variance, const float* gamma,
                        const float* beta, float* y) {
    parallel_for(sizes.batch * sizes.channels, planes_per_range(sizes.area), [&](int64_t begin, int64_t end) {
        for (int64_t plane = begin; plane < end; ++plane) {
            const int64_t c = plane % sizes.channels;
            const float center = mean[c], inverse = inverse_deviation(variance[c], sizes.epsilon), factor = gamma[c], offset = beta[c];
            const float* in = x + plane * sizes.area;
            float* out = y + plane * sizes.area;
            for (int64_t i = 0; i < sizes.area; ++i) out[i] = (in[i] - center) * inverse * factor + offset;
        }
    });
}

void batch_norm_backward(const BatchNorm& sizes, bool training, const float* x, const float* mean, const float* variance,
                         const float* gamma, const float* dy, float* dx, float* dgamma, float* dbeta) {
    const auto channels = static_cast<size_t>(sizes.channels);
    std::vector<float> inverse(channels), mean_dy(channels), mean_product(channels);
    for (size_t c = 0; c < channels; ++c) inverse[c] = inverse_deviation(variance[c], sizes.epsilon);
    sum_channels(sizes, dbeta, [=](int64_t, int64_t i) { return dy[i]; });
    sum_channels(sizes, dgamma,
                 [=, &inverse](int64_t c, int64_t i) { return dy[i] * ((x[i] - mean[c]) * inverse[static_cast<size_t>(c)]); });
    if (training) {
        const float count = static_cast<float>(std::max<int64_t>(1, sizes.batch * sizes.area));
        for (size_t c = 0; c < channels; ++c) {
            mean_dy[c] = dbeta[c] / count;
            mean_product[c] = dgamma[c] / count;
        }
    }
    parallel_for(sizes.batch * sizes.channels, planes_per_range(sizes.area), [&](int64_t begin, int64_t end) {
        for (int64_t plane = begin; plane < end; ++plane) {
            const auto c = static_cast<size_t>(plane % sizes.channels);
            const float center = mean[c], scale = inverse[c], factor = gamma[c] * scale, first = mean_dy[c], second = mean_product[c];
            for (int64_t i = plane * sizes.area; i < (plane + 1) * sizes.area; ++i) {
                dx[i] = factor * (dy[i] - first - (x[i] - center) * scale * second);
            }
        }
    });
}

void layer_norm_forward(const LayerNorm& sizes, const float* x, const float* gamma, const float* beta, float* y, float* mean,
                        float* inverse) {
    const int64_t columns = sizes.columns;
    const float count = static_cast<float>(std::max<int64_t>(1, columns));
    parallel_for(sizes.rows, planes_per_range(columns), [&](int64_t begin, int64_t end) {
        for (int64_t r = begin; r < end; ++r) {
            const float* in = x + r * columns;
            float* out = y + r * columns;
            const float center = sum(columns, in) / count;
            const float variance = lane_sum(columns, [=](int64_t j) { return (in[j] - center) * (in[j] - center); }) / count;
            const float scale = inverse_deviation(variance, sizes.epsilon);
            for (int64_t j = 0; j < columns; ++j) out[j] = (in[j] - center) * scale * gamma[j] + beta[j];
            mean[r] = center;
            inverse[r] = scale;
        }
    });
}

void layer_norm_backward(const LayerNorm& sizes, const float* x, const float* mean, const float* inverse, const float* gamma,
                         const float* dy, float* dx, float* dgamma, float* dbeta) {
    const int64_t columns = sizes.columns;
    const float count = static_cast<float>(std::max<int64_t>(1, columns));
    std::vector<float> products(static_cast<size_t>(sizes.rows * columns));  // dy xhat
    parallel_for(sizes.rows, planes_per_range(columns), [&](int64_t begin, int64_t end) {
        for (int64_t r = begin; r < end; ++r) {
            const float* in = x + r * columns;
            const float* slope = dy + r * columns;
            float* product = products.data() + r * columns;
            const float center = mean[r], scale = inverse[r];
            for (int64_t j = 0; j < columns; ++j) product[j] = slope[j] * ((in[j] - center) * scale);
            const float first = dot(columns, slope, gamma) / count;
            const float second = dot(columns, product, gamma) / count;
            for (int64_t j = 0; j < columns; ++j) {
                dx[r * columns + j] = scale * (slope[j] * gamma[j] - first - (in[j] - center) * scale * second);
            }
        }
    });
    sum_axis(1, sizes.rows, columns, products.data(), dgamma);
    sum_axis(1, sizes.rows, columns, dy, dbeta);
}

}  // namespace trilens::kernels

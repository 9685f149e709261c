// Rows are independent; each is computed over its keys up to the last that is seen.
#include "engine/kernels/attention.h"

#include <algorithm>
#include <limits>

#include "engine/kernels/reduction.h"
#include "engine/kernels/softmax.h"
#include "engine/math.h"
#include "engine/parallel.h"

namespace trilens::kernels {
namespace {

void uniform_row(int64_t keys, const float* mask, float* y) {
    int64_t seen = 0;
    for (int64_t j = 0; j < keys; ++j) seen += mask == nullptr || mask[j] != 0;
    const float share = seen > 0 ? 1 / static_cast<float>(seen) : 0;
    for (int64_t j = 0; j < keys; ++j) y[j] = mask == nullptr || mask[j] != 0 ? share : 0;
}

void softmax_row(int64_t keys, const float* mask, const float* x, float* y) {
    constexpr float never = -std::numeric_limits<float>::infinity();
    int64_t end = keys;
    if (mask != nullptr) {
        while (end > 0 && mask[end - 1] == 0) --end;
        for (int64_t j = 0; j < end; ++j) y[j] = mask[j] != 0 ? x[j] : never;
    } else {
        std::copy(x, x + keys, y);
    }
    std::fill(y + end, y + keys, 0.0f);
    if (end == 0) return;
    const float largest = maximum(end, y);
    for (int64_t j = 0; j < end; ++j) y[j] -= largest;
    math::exp({y, static_cast<size_t>(end)}, {y, static_cast<size_t>(end)});
    const float total = sum(end, y);
    for (int64_t j = 0; j < end; ++j) y[j] /= total;
}

}  // namespace

void masked_softmax_forward(const MaskedSoftmax& sizes, const float* x, float* y) {
    const int64_t rows = sizes.sequences * sizes.heads * sizes.queries;
    if (sizes.keys == 0) return;
    parallel_for(rows, std::max<int64_t>(1, 2048 / sizes.keys), [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) {
            const int64_t query = row % sizes.queries, head = row / sizes.queries % sizes.heads,
                          sequence = row / (sizes.queries * sizes.heads);
            const float* mask = sizes.mask == nullptr ? nullptr : sizes.mask + sequence * sizes.mask_stride + query * sizes.keys;
            if (sizes.uniform != nullptr && sizes.uniform[head]) uniform_row(sizes.keys, mask, y + row * sizes.keys);
            else softmax_row(sizes.keys, mask, x + row * sizes.keys, y + row * sizes.keys);
        }
    });
}

void masked_softmax_backward(const MaskedSoftmax& sizes, const float* y, const float* dy, float* dx) {
    softmax_backward(sizes.sequences * sizes.heads * sizes.queries, sizes.keys, y, dy, dx);
    if (sizes.uniform == nullptr) return;
    const int64_t map = sizes.queries * sizes.keys;
    for (int64_t i = 0; i < sizes.sequences * sizes.heads; ++i)
        if (sizes.uniform[i % sizes.heads]) std::fill(dx + i * map, dx + (i + 1) * map, 0.0f);
}

void rotate_pairs(int64_t outer, int64_t positions, int64_t columns, const float* cosines, const float* sines, bool back, const float* x,
                  float* y) {
    const int64_t pairs = columns / 2;
    for (int64_t row = 0; row < outer * positions; ++row) {
        const float *from = x + row * columns, *cosine = cosines + row % positions * pairs, *sine = sines + row % positions * pairs;
        float* to = y + row * columns;
        for (int64_t i = 0; i < pairs; ++i) {
            const float even = from[2 * i], odd = from[2 * i + 1], turn = back ? -sine[i] : sine[i];
            to[2 * i] = even * cosine[i] - odd * turn;
            to[2 * i + 1] = odd * cosine[i] + even * turn;
        }
    }
}

}  // namespace trilens::kernels

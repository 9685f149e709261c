// Softmax, log-softmax, cross entropy: rows are independent, and each row goes through maximum, e^x, lane sum, in this order.
#include "engine/kernels/softmax.h"

#include <algorithm>
#include <vector>

#include "engine/kernels/lanes.h"
#include "engine/kernels/reduction.h"
#include "engine/math.h"
#include "engine/parallel.h"

namespace trilens::kernels {
namespace {

int64_t rows_per_range(int64_t columns) { return std::max<int64_t>(1, 2048 / std::max<int64_t>(1, columns)); }

template <class F>
void for_rows(int64_t rows, int64_t columns, F row) {
    if (columns == 0) return;
    parallel_for(rows, rows_per_range(columns), [&](int64_t begin, int64_t end) {
        for (int64_t r = begin; r < end; ++r) row(r);
    });
}

// y = e^(x - max x); returns the sum of y.
float exponentials(int64_t columns, const float* x, float* y) {
    const float largest = maximum(columns, x);
    for (int64_t j = 0; j < columns; ++j) y[j] = x[j] - largest;
    math::exp({y, static_cast<size_t>(columns)}, {y, static_cast<size_t>(columns)});
    return sum(columns, y);
}

}  // namespace

void softmax_forward(int64_t rows, int64_t columns, const float* x, float* y) {
    for_rows(rows, columns, [=](int64_t r) {
        float* out = y + r * columns;
        const float total = exponentials(columns, x + r * columns, out);
        for (int64_t j = 0; j < columns; ++j) out[j] /= total;
    });
}

void softmax_backward(int64_t rows, int64_t columns, const float* y, const float* dy, float* dx) {
    for_rows(rows, columns, [=](int64_t r) {
        const int64_t at = r * columns;
        const float inner = dot(columns, y + at, dy + at);
        for (int64_t j = at; j < at + columns; ++j) dx[j] = y[j] * (dy[j] - inner);
    });
}

void log_softmax_forward(int64_t rows, int64_t columns, const float* x, float* y) {
    for_rows(rows, columns, [=](int64_t r) {
        static thread_local std::vector<float> powers;
        powers.resize(static_cast<size_t>(columns));
        const float* in = x + r * columns;
        const float largest = maximum(columns, in);
        const float log_total = math::log(exponentials(columns, in, powers.data()));
        for (int64_t j = 0; j < columns; ++j) y[r * columns + j] = (in[j] - largest) - log_total;
    });
}

void log_softmax_backward(int64_t rows, int64_t columns, const float* y, const float* dy, float* dx) {
    for_rows(rows, columns, [=](int64_t r) {
        static thread_local std::vector<float> powers;
        powers.resize(static_cast<size_t>(columns));
        const int64_t at = r * columns;
        math::exp({y + at, static_cast<size_t>(columns)}, powers);
        const float total = sum(columns, dy + at);
        for (int64_t j = 0; j < columns; ++j) dx[at + j] = dy[at + j] - powers[static_cast<size_t>(j)] * total;
    });
}

void cross_entropy_forward(int64_t rows, int64_t columns, const float* x, const int32_t* targets, float* losses, float* probabilities) {
    for_rows(rows, columns, [=](int64_t r) {
        const float* in = x + r * columns;
        float* out = probabilities + r * columns;
        const float largest = maximum(columns, in);
        const float total = exponentials(columns, in, out);
        for (int64_t j = 0; j < columns; ++j) out[j] /= total;
        losses[r] = targets[r] < 0 ? 0.0f : math::log(total) - (in[targets[r]] - largest);
    });
}

void cross_entropy_backward(int64_t rows, int64_t columns, const float* probabilities, const int32_t* targets, const float* dlosses,
                            float* dx) {
    for_rows(rows, columns, [=](int64_t r) {
        float* out = dx + r * columns;
        for (int64_t j = 0; j < columns; ++j) {
            const float onehot = j == targets[r] ? 1.0f : 0.0f;
            out[j] = targets[r] < 0 ? 0.0f : (probabilities[r * columns + j] - onehot) * dlosses[r];
        }
    });
}

}  // namespace trilens::kernels

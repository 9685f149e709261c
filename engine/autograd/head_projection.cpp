// One product for all heads (as dense), and one strided copy between [.., T, heads * d] and [.., heads, T, d].
#include <utility>
#include <vector>

#include "engine/autograd/attention.h"
#include "engine/autograd/operation.h"
#include "engine/kernels/gemm.h"
#include "engine/kernels/movement.h"
#include "engine/kernels/reduction.h"

namespace trilens {
namespace {

struct Sizes {
    int64_t sequences, steps, heads, size, features;

    int64_t rows() const { return sequences * steps; }
    int64_t width() const { return heads * size; }
    // Element of [sequences, heads, steps, size] for a row and column of [rows, width].
    int64_t in_heads(int64_t row, int64_t column) const {
        return ((row / steps * heads + column / size) * steps + row % steps) * size + column % size;
    }
    // From [sequences, steps, heads, size] to [sequences, heads, steps, size].
    kernels::StridedCopy to_heads() const {
        return {4, {sequences, steps, heads, size}, {steps * width(), width(), size, 1}, {width() * steps, size, steps * size, 1}};
    }
    kernels::StridedCopy from_heads() const {
        kernels::StridedCopy copy = to_heads();
        std::swap(copy.source_strides, copy.target_strides);
        return copy;
    }
};

// c[m, n] = op(a) op(b) + bias.
void multiply(int64_t m, int64_t n, int64_t k, bool transpose_a, bool transpose_b, const float* a, const float* b, const float* bias,
              float* c) {
    kernels::Gemm sizes;
    sizes.m = m;
    sizes.n = n;
    sizes.k = k;
    sizes.transpose_a = transpose_a;
    sizes.transpose_b = transpose_b;
    sizes.column_bias = bias;
    kernels::gemm(sizes, a, b, c);
}

// y = x W^T + b with x [rows, inputs] and W [outputs, inputs]: what goes back to each, given dy.
void send_back_dense(Graph& graph, int64_t rows, int64_t inputs, int64_t outputs, const float* x, Value weight, Value bias,
                     const float* dy) {
    send_back(graph, weight, [&](float* dw) { multiply(outputs, inputs, rows, true, false, dy, x, nullptr, dw); });
    send_back(graph, bias, [&](float* db) { kernels::sum_axis(1, rows, outputs, dy, db); });
}

}  // namespace

Value project_to_heads(Value x, Value weight, Value bias, int64_t heads) {
    const Shape& shape = x.shape();
    if (heads < 1) throw ValueError("project_to_heads: " + std::to_string(heads) + " heads, expected at least 1");
    const bool fits = (shape.rank() == 2 || shape.rank() == 3) && weight.shape().rank() == 2 && weight.shape()[1] == shape[-1] &&
                      weight.shape()[0] % heads == 0;
    if (!fits) throw ShapeError(misfit("project_to_heads", shape, weight.shape(), "x [.., T, F] and weight [heads * d, F]"));
    if (bias.shape() != Shape{weight.shape()[0]})
        throw ShapeError(misfit("project_to_heads", weight.shape(), bias.shape(), "bias " + Shape{weight.shape()[0]}.text()));
    const bool batched = shape.rank() == 3;
    const Sizes s{batched ? shape[0] : 1, shape[-2], heads, weight.shape()[0] / heads, shape[-1]};
    std::vector<float> side_by_side(static_cast<size_t>(s.rows() * s.width()));
    multiply(s.rows(), s.width(), s.features, false, true, x.tensor().data(), weight.tensor().data(), bias.tensor().data(),
             side_by_side.data());
    Tensor y = Tensor::uninitialized(batched ? Shape{s.sequences, s.heads, s.steps, s.size} : Shape{s.heads, s.steps, s.size});
    kernels::copy_strided(s.to_heads(), side_by_side.data(), y.data());
    return record(
        "project_to_heads", Reach::everything, {x, weight, bias}, y,
        [s, x, weight, bias](Graph& graph, const Tensor& dy) {
            std::vector<float> rows(static_cast<size_t>(s.rows() * s.width()));
            kernels::copy_strided(s.from_heads(), dy.data(), rows.data());
            send_back(graph, x, [&](float* dx) {
                multiply(s.rows(), s.features, s.width(), false, false, rows.data(), weight.tensor().data(), nullptr, dx);
            });
            send_back_dense(graph, s.rows(), s.features, s.width(), x.tensor().data(), weight, bias, rows.data());
        },
        [s, x, weight, bias, y](const Graph&, int64_t index) {
            const int64_t j = index % s.size, step = index / s.size % s.steps, head = index / (s.size * s.steps) % s.heads;
            const int64_t row = index / (s.size * s.steps * s.heads) * s.steps + step, column = head * s.size + j;
            Explanation explanation{Explanation::Kind::sum, y.data()[index], "sum(x * w) + b", {}};
            for (int64_t k = 0; k < s.features; ++k)
                explanation.terms.push_back(term(x, row * s.features + k, weight, column * s.features + k));
            explanation.terms.push_back(term(bias, column));
            return explanation;
        });
}

Value project_from_heads(Value x, Value weight, Value bias) {
    const Shape& shape = x.shape();
    const bool fits = (shape.rank() == 3 || shape.rank() == 4) && weight.shape().rank() == 2 && weight.shape()[1] == shape[-3] * shape[-1];
    if (!fits) throw ShapeError(misfit("project_from_heads", shape, weight.shape(), "x [.., heads, T, d] and weight [F, heads * d]"));
    if (bias.shape() != Shape{weight.shape()[0]})
        throw ShapeError(misfit("project_from_heads", weight.shape(), bias.shape(), "bias " + Shape{weight.shape()[0]}.text()));
    const bool batched = shape.rank() == 4;
    const Sizes s{batched ? shape[0] : 1, shape[-2], shape[-3], shape[-1], weight.shape()[0]};
    Tensor rows = Tensor::uninitialized(Shape{s.rows(), s.width()});
    kernels::copy_strided(s.from_heads(), x.tensor().data(), rows.data());
    Tensor y = Tensor::uninitialized(batched ? Shape{s.sequences, s.steps, s.features} : Shape{s.steps, s.features});
    multiply(s.rows(), s.features, s.width(), false, true, rows.data(), weight.tensor().data(), bias.tensor().data(), y.data());
    return record(
        "project_from_heads", Reach::everything, {x, weight, bias}, y,
        [s, x, weight, bias, rows](Graph& graph, const Tensor& dy) {
            send_back(graph, x, [&](float* dx) {
                std::vector<float> side_by_side(static_cast<size_t>(s.rows() * s.width()));
                multiply(s.rows(), s.width(), s.features, false, false, dy.data(), weight.tensor().data(), nullptr, side_by_side.data());
                kernels::copy_strided(s.to_heads(), side_by_side.data(), dx);
            });
            send_back_dense(graph, s.rows(), s.width(), s.features, rows.data(), weight, bias, dy.data());
        },
        [s, x, weight, bias, y](const Graph&, int64_t index) {
            const int64_t row = index / s.features, feature = index % s.features;
            Explanation explanation{Explanation::Kind::sum, y.data()[index], "sum(head * w) + b", {}};
            for (int64_t column = 0; column < s.width(); ++column)
                explanation.terms.push_back(term(x, s.in_heads(row, column), weight, feature * s.width() + column));
            explanation.terms.push_back(term(bias, feature));
            return explanation;
        });
}

}  // namespace trilens

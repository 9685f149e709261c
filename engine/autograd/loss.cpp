// Softmax, log-softmax, cross-entropy and mean squared error.
#include "engine/autograd/loss.h"

#include <algorithm>
#include <vector>

#include "engine/autograd/operation.h"
#include "engine/kernels/elementwise.h"
#include "engine/kernels/reduction.h"
#include "engine/kernels/softmax.h"
#include "engine/math.h"

namespace trilens {
namespace {

// Rows of the last axis.
struct Rows {
    int64_t count, columns;
};
Rows rows_of(const char* operation, const Shape& shape) {
    if (shape.rank() == 0) throw ShapeError(std::string(operation) + ": x is a scalar, expected at least one axis");
    return {shape[-1] ? shape.elements() / shape[-1] : 0, shape[-1]};
}

// Both explanations: the row, with the local derivatives of element `index`.
template <typename Derivative>
Explanation explain_row(const Rows& rows, Value x, const Tensor& y, int64_t index, const char* formula, Derivative derivative) {
    Explanation explanation{Explanation::Kind::function, y.data()[index], formula, {}};
    const int64_t first = index / rows.columns * rows.columns;
    for (int64_t j = first; j < first + rows.columns; ++j)
        explanation.terms.push_back(term(x, j, derivative(y.data()[index], y.data()[j], j == index)));
    return explanation;
}

}  // namespace

Value softmax(Value x) {
    const Rows rows = rows_of("softmax", x.shape());
    Tensor y = Tensor::uninitialized(x.shape());
    kernels::softmax_forward(rows.count, rows.columns, x.tensor().data(), y.data());
    return record(
        "softmax", Reach::everything, {x}, y,
        [rows, x, y](Graph& graph, const Tensor& dy) {
            Tensor dx = Tensor::uninitialized(x.shape());
            kernels::softmax_backward(rows.count, rows.columns, y.data(), dy.data(), dx.data());
            graph.add_gradient(x.node, dx);
        },
        [rows, x, y](const Graph&, int64_t index) {
            return explain_row(rows, x, y, index, "exp(x_i) / sum_j exp(x_j)",
                               [](float own, float other, bool same) { return same ? own * (1 - own) : -own * other; });
        });
}

Value log_softmax(Value x) {
    const Rows rows = rows_of("log_softmax", x.shape());
    Tensor y = Tensor::uninitialized(x.shape());
    kernels::log_softmax_forward(rows.count, rows.columns, x.tensor().data(), y.data());
    return record(
        "log_softmax", Reach::everything, {x}, y,
        [rows, x, y](Graph& graph, const Tensor& dy) {
            Tensor dx = Tensor::uninitialized(x.shape());
            kernels::log_softmax_backward(rows.count, rows.columns, y.data(), dy.data(), dx.data());
            graph.add_gradient(x.node, dx);
        },
        [rows, x, y](const Graph&, int64_t index) {
            return explain_row(rows, x, y, index, "x_i - log sum_j exp(x_j)",
                               [](float, float other, bool same) { return (same ? 1 : 0) - math::exp(other); });
        });
}

Value cross_entropy(Value scores, std::span<const int32_t> labels) {
    const Shape& shape = scores.shape();
    const auto rows = static_cast<int64_t>(labels.size());
    if (shape.rank() != 2 || shape[0] != rows)
        throw ShapeError("cross_entropy: scores are " + shape.text() + " for " + std::to_string(rows) + " labels, expected [" +
                         std::to_string(rows) + ", classes]");
    const int64_t columns = shape[1];
    const auto counted = static_cast<int64_t>(std::ranges::count_if(labels, [](int32_t label) { return label >= 0; }));
    if (counted == 0) throw ShapeError("cross_entropy: scores are " + shape.text() + " and no label counts, expected at least one");
    for (const int32_t label : labels)
        if (label >= columns)
            throw ValueError("cross_entropy: label " + std::to_string(label) + ", expected less than " + std::to_string(columns));

    const std::vector<int32_t> targets(labels.begin(), labels.end());
    std::vector<float> losses(targets.size());
    Tensor probabilities = Tensor::uninitialized(shape);
    kernels::cross_entropy_forward(rows, columns, scores.tensor().data(), targets.data(), losses.data(), probabilities.data());
    const float share = 1.0f / static_cast<float>(counted);
    const Tensor loss(Shape{}, {kernels::sum(rows, losses.data()) * share});
    return record(
        "cross_entropy", Reach::everything, {scores}, loss,
        [=](Graph& graph, const Tensor& dy) {
            const std::vector<float> row_gradients(targets.size(), dy.item() * share);
            Tensor dx = Tensor::uninitialized(scores.shape());
            kernels::cross_entropy_backward(rows, columns, probabilities.data(), targets.data(), row_gradients.data(), dx.data());
            graph.add_gradient(scores.node, dx);
        },
        [=](const Graph&, int64_t) {
            Explanation explanation{Explanation::Kind::function, loss.item(), "-mean(log softmax(x)[label])", {}};
            for (int64_t i = 0; i < rows * columns; ++i) {
                const int32_t target = targets[static_cast<size_t>(i / columns)];
                const float derivative = target < 0 ? 0 : (probabilities.data()[i] - (i % columns == target ? 1.0f : 0.0f)) * share;
                explanation.terms.push_back(term(scores, i, derivative));
            }
            return explanation;
        });
}

Value mean_squared_error(Value x, const Tensor& target) {
    if (x.shape() != target.shape() || target.empty())
        throw ShapeError(misfit("mean_squared_error", x.shape(), target.shape(), "one shape with at least one element"));
    const int64_t count = target.elements();
    const float share = 1.0f / static_cast<float>(count);
    Tensor difference = Tensor::uninitialized(x.shape());
    kernels::binary(kernels::Binary::subtract, count, x.tensor().data(), target.data(), difference.data());
    const Tensor loss(Shape{}, {kernels::dot(count, difference.data(), difference.data()) * share});
    return record(
        "mean_squared_error", Reach::everything, {x}, loss,
        [=](Graph& graph, const Tensor& dy) {
            Tensor dx = Tensor::uninitialized(x.shape());
            kernels::scale(count, 2 * share * dy.item(), difference.data(), dx.data());
            graph.add_gradient(x.node, dx);
        },
        [=](const Graph&, int64_t) {
            Explanation explanation{Explanation::Kind::function, loss.item(), "mean((x - target)^2)", {}};
            for (int64_t i = 0; i < count; ++i) explanation.terms.push_back(term(x, i, 2 * share * difference.data()[i]));
            return explanation;
        });
}

}  // namespace trilens

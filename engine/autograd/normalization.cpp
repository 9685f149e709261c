// batch_norm and layer_norm on kernels/norm.
#include "engine/autograd/normalization.h"

#include "engine/autograd/operation.h"
#include "engine/kernels/norm.h"
#include "engine/math.h"

namespace trilens {
namespace {

void follow(RunningStatistics& running, const Tensor& mean, const Tensor& variance, int64_t count) {
    const float keep = 1 - running.momentum, unbiased = static_cast<float>(count) / static_cast<float>(count - 1);
    Tensor next_mean = running.mean.clone(), next_variance = running.variance.clone();   // snapshots keep theirs
    for (int64_t c = 0; c < mean.elements(); ++c) {
        next_mean.data()[c] = keep * next_mean.data()[c] + running.momentum * mean.data()[c];
        next_variance.data()[c] = keep * next_variance.data()[c] + running.momentum * (variance.data()[c] * unbiased);
    }
    running.mean = next_mean;
    running.variance = next_variance;
}

void check_channels(const char* operation, const Shape& x, int64_t channels, const Shape& gamma, const Shape& beta) {
    if (gamma != Shape{channels} || beta != Shape{channels})
        throw ShapeError(misfit(operation, x, gamma == Shape{channels} ? beta : gamma, "gamma and beta " + Shape{channels}.text()));
}

}  // namespace

Value batch_norm(Value x, Value gamma, Value beta, RunningStatistics& running, float epsilon) {
    const Shape& shape = x.shape();
    if (shape.rank() != 2 && shape.rank() != 4) throw ShapeError("batch_norm: x is " + shape.text() + ", expected [N, C, H, W] or [N, C]");
    const int64_t area = shape.rank() == 4 ? shape[2] * shape[3] : 1;
    check_channels("batch_norm", shape, shape[1], gamma.shape(), beta.shape());
    check_channels("batch_norm", shape, shape[1], running.mean.shape(), running.variance.shape());
    const bool training = x.graph->training();
    if (training && shape[0] * area < 2)
        throw ShapeError("batch_norm: x is " + shape.text() + ", training needs at least two values a channel");

    const kernels::BatchNorm sizes{shape[0], shape[1], area, epsilon};
    Tensor mean = running.mean, variance = running.variance;
    if (training) {
        mean = Tensor(Shape{shape[1]});
        variance = Tensor(Shape{shape[1]});
        kernels::batch_norm_statistics(sizes, x.tensor().data(), mean.data(), variance.data());
        follow(running, mean, variance, shape[0] * area);
    }
    Tensor y = Tensor::uninitialized(shape);
    kernels::batch_norm_forward(sizes, x.tensor().data(), mean.data(), variance.data(), gamma.tensor().data(), beta.tensor().data(),
                                y.data());
    return record(
        "batch_norm", training ? Reach::everything : Reach::element, {x, gamma, beta}, y,
        [=](Graph& graph, const Tensor& dy) {
            Tensor dx = Tensor::uninitialized(x.shape()), dgamma(gamma.shape()), dbeta(beta.shape());
            kernels::batch_norm_backward(sizes, training, x.tensor().data(), mean.data(), variance.data(), gamma.tensor().data(), dy.data(),
                                         dx.data(), dgamma.data(), dbeta.data());
            graph.add_gradient(x.node, dx);
            graph.add_gradient(gamma.node, dgamma);
            graph.add_gradient(beta.node, dbeta);
        },
        [=](const Graph&, int64_t index) {
            // Mean and variance are shown as they are; their own dependence on x (while training) is left to the gradient.
            const int64_t channel = index / area % sizes.channels;
            const float inverse = 1 / math::sqrt(variance.data()[channel] + epsilon);
            const float normalized = (x.tensor().data()[index] - mean.data()[channel]) * inverse;
            return Explanation{
                Explanation::Kind::function,
                y.data()[index],
                "(x - mean) / sqrt(variance + " + std::to_string(epsilon) + ") * gamma + beta, mean " +
                    std::to_string(mean.data()[channel]) + ", variance " + std::to_string(variance.data()[channel]),
                {term(x, index, inverse * gamma.tensor().data()[channel]), term(gamma, channel, normalized), term(beta, channel)}};
        });
}

Value layer_norm(Value x, Value gamma, Value beta, float epsilon) {
    const Shape& shape = x.shape();
    if (shape.rank() < 1 || shape[-1] < 1)
        throw ShapeError("layer_norm: x is " + shape.text() + ", expected a last axis with at least one element");
    const int64_t columns = shape[-1];
    check_channels("layer_norm", shape, columns, gamma.shape(), beta.shape());
    const kernels::LayerNorm sizes{shape.elements() / columns, columns, epsilon};
    Tensor y = Tensor::uninitialized(shape), mean(Shape{sizes.rows}), inverse(Shape{sizes.rows});
    kernels::layer_norm_forward(sizes, x.tensor().data(), gamma.tensor().data(), beta.tensor().data(), y.data(), mean.data(),
                                inverse.data());
    return record(
        "layer_norm", Reach::everything, {x, gamma, beta}, y,
        [=](Graph& graph, const Tensor& dy) {
            Tensor dx = Tensor::uninitialized(x.shape()), dgamma(gamma.shape()), dbeta(beta.shape());
            kernels::layer_norm_backward(sizes, x.tensor().data(), mean.data(), inverse.data(), gamma.tensor().data(), dy.data(), dx.data(),
                                         dgamma.data(), dbeta.data());
            graph.add_gradient(x.node, dx);
            graph.add_gradient(gamma.node, dgamma);
            graph.add_gradient(beta.node, dbeta);
        },
        [=](const Graph&, int64_t index) {
            const int64_t row = index / columns, column = index % columns;
            const float scale = inverse.data()[row], centre = mean.data()[row], weight = gamma.tensor().data()[column];
            const auto normalized = [&](int64_t at) { return (x.tensor().data()[at] - centre) * scale; };
            Explanation explanation{
                Explanation::Kind::function,
                y.data()[index],
                "(x - mean) / sqrt(variance + " + std::to_string(epsilon) + ") * gamma + beta, mean " + std::to_string(centre),
                {}};
            for (int64_t j = row * columns; j < (row + 1) * columns; ++j) {
                const float through_statistics = -(1 + normalized(index) * normalized(j)) / static_cast<float>(columns);
                explanation.terms.push_back(term(x, j, weight * scale * ((j == index ? 1.0f : 0.0f) + through_statistics)));
            }
            explanation.terms.push_back(term(gamma, column, normalized(index)));
            explanation.terms.push_back(term(beta, column));
            return explanation;
        });
}

}  // namespace trilens

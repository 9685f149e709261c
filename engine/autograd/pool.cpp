// Pooling forward, backward and explained; the arithmetic is in kernels/pool.
#include "engine/autograd/pool.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "engine/autograd/operation.h"
#include "engine/kernels/pool.h"

namespace trilens {
namespace {

kernels::Pool2d checked_sizes(const std::string& operation, const Shape& x, const Pool2dOptions& options) {
    if (x.rank() != 4) throw ShapeError(operation + ": x is " + x.text() + ", expected [N, C, H, W]");
    if (std::min({options.kernel_height, options.kernel_width, options.stride_height, options.stride_width}) < 1)
        throw ValueError(operation + ": kernel and stride must be at least 1");
    if (options.padding_height < 0 || options.padding_width < 0 || 2 * options.padding_height > options.kernel_height ||
        2 * options.padding_width > options.kernel_width)
        throw ValueError(operation + ": padding " + std::to_string(options.padding_height) + " x " + std::to_string(options.padding_width) +
                         ", expected at least 0 and at most half the kernel");
    const kernels::Pool2d sizes{x[0] * x[1],
                                x[2],
                                x[3],
                                options.kernel_height,
                                options.kernel_width,
                                options.stride_height,
                                options.stride_width,
                                options.padding_height,
                                options.padding_width,
                                1,
                                1};
    if (sizes.out_height() < 1 || sizes.out_width() < 1)
        throw ShapeError(operation + ": x is " + x.text() + ", the window " + Shape{options.kernel_height, options.kernel_width}.text() +
                         " does not fit");
    return sizes;
}

Window window_of(const kernels::Pool2d& sizes) {
    return {
        sizes.kernel_height, sizes.kernel_width, sizes.stride_height, sizes.stride_width, sizes.padding_height, sizes.padding_width, 1, 1};
}

// The row-major positions in x that the window of element `index` covers, padding left out.
std::vector<int64_t> covered(const kernels::Pool2d& sizes, int64_t index) {
    const int64_t out_width = sizes.out_width(), out_area = sizes.out_height() * out_width;
    const int64_t plane = index / out_area, top = index % out_area / out_width * sizes.stride_height - sizes.padding_height;
    const int64_t left = index % out_width * sizes.stride_width - sizes.padding_width;
    std::vector<int64_t> positions;
    for (int64_t y = std::max<int64_t>(top, 0); y < std::min(top + sizes.kernel_height, sizes.height); ++y)
        for (int64_t x = std::max<int64_t>(left, 0); x < std::min(left + sizes.kernel_width, sizes.width); ++x)
            positions.push_back((plane * sizes.height + y) * sizes.width + x);
    return positions;
}

}  // namespace

Value max_pool2d(Value x, const Pool2dOptions& options) {
    const kernels::Pool2d sizes = checked_sizes("max_pool2d", x.shape(), options);
    Tensor y = Tensor::uninitialized(Shape{x.shape()[0], x.shape()[1], sizes.out_height(), sizes.out_width()});
    const auto winners = std::make_shared<std::vector<int32_t>>(static_cast<size_t>(y.elements()));
    max_pool_forward(sizes, x.tensor().data(), y.data(), winners->data());
    return record(
        "max_pool2d", Reach::window, {x}, y,
        [sizes, x, winners](Graph& graph, const Tensor& dy) {
            Tensor dx = Tensor::uninitialized(x.shape());
            max_pool_backward(sizes, dy.data(), winners->data(), dx.data());
            graph.add_gradient(x.node, dx);
        },
        [sizes, x, winners, y](const Graph&, int64_t index) {
            Explanation explanation{Explanation::Kind::maximum, y.data()[index], "max(x)", {}};
            const int64_t plane = index / (sizes.out_height() * sizes.out_width());
            const int64_t winner = plane * sizes.height * sizes.width + (*winners)[static_cast<size_t>(index)];
            for (const int64_t position : covered(sizes, index))
                explanation.terms.push_back(term(x, position, position == winner ? 1.0f : 0.0f));
            return explanation;
        },
        window_of(sizes));
}

Value average_pool2d(Value x, const Pool2dOptions& options) {
    const kernels::Pool2d sizes = checked_sizes("average_pool2d", x.shape(), options);
    Tensor y = Tensor::uninitialized(Shape{x.shape()[0], x.shape()[1], sizes.out_height(), sizes.out_width()});
    average_pool_forward(sizes, true, x.tensor().data(), y.data());
    return record(
        "average_pool2d", Reach::window, {x}, y,
        [sizes, x](Graph& graph, const Tensor& dy) {
            Tensor dx = Tensor::uninitialized(x.shape());
            average_pool_backward(sizes, true, dy.data(), dx.data());
            graph.add_gradient(x.node, dx);
        },
        [sizes, x, y](const Graph&, int64_t index) {
            const int64_t cells = sizes.kernel_height * sizes.kernel_width;
            Explanation explanation{Explanation::Kind::function, y.data()[index], "sum(x) / " + std::to_string(cells), {}};
            for (const int64_t position : covered(sizes, index))
                explanation.terms.push_back(term(x, position, 1.0f / static_cast<float>(cells)));
            return explanation;
        },
        window_of(sizes));
}

Value global_average_pool2d(Value x) {
    const Shape& shape = x.shape();
    if (shape.rank() != 4 || shape[2] * shape[3] < 1)
        throw ShapeError("global_average_pool2d: x is " + shape.text() + ", expected [N, C, H, W] with at least one pixel");
    const int64_t planes = shape[0] * shape[1], area = shape[2] * shape[3];
    Tensor y = Tensor::uninitialized(Shape{shape[0], shape[1]});
    kernels::global_average_pool_forward(planes, area, x.tensor().data(), y.data());
    return record(
        "global_average_pool2d", Reach::everything, {x}, y,
        [x, planes, area](Graph& graph, const Tensor& dy) {
            Tensor dx = Tensor::uninitialized(x.shape());
            kernels::global_average_pool_backward(planes, area, dy.data(), dx.data());
            graph.add_gradient(x.node, dx);
        },
        [x, y, area](const Graph&, int64_t index) {
            Explanation explanation{Explanation::Kind::function, y.data()[index], "sum(x) / " + std::to_string(area), {}};
            for (int64_t i = 0; i < area; ++i) explanation.terms.push_back(term(x, index * area + i, 1.0f / static_cast<float>(area)));
            return explanation;
        });
}

}  // namespace trilens

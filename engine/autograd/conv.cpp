// conv2d forward, backward and explained; the arithmetic is in kernels/conv.
#include "engine/autograd/conv.h"

#include <algorithm>
#include <optional>

#include "engine/autograd/operation.h"
#include "engine/kernels/conv.h"

namespace trilens {
namespace {

kernels::Conv2d checked_sizes(const Shape& x, const Shape& weight, const Conv2dOptions& options) {
    if (x.rank() != 4 || weight.rank() != 4)
        throw ShapeError(misfit("conv2d", x, weight, "x [N, C, H, W] and weight [O, C/groups, KH, KW]"));
    const auto at_least = [](const char* name, int64_t value, int64_t least) {
        if (value < least)
            throw ValueError(std::string("conv2d: ") + name + " " + std::to_string(value) + ", expected at least " + std::to_string(least));
    };
    at_least("stride", std::min(options.stride_height, options.stride_width), 1);
    at_least("padding", std::min(options.padding_height, options.padding_width), 0);
    at_least("dilation", std::min(options.dilation_height, options.dilation_width), 1);
    at_least("groups", options.groups, 1);
    at_least("kernel size", std::min(weight[2], weight[3]), 1);
    if (x[1] % options.groups != 0 || weight[0] % options.groups != 0 || weight[1] != x[1] / options.groups)
        throw ShapeError(misfit("conv2d", x, weight, "C of the weight = C of x / groups, groups " + std::to_string(options.groups)));
    const kernels::Conv2d sizes{x[0],
                                x[1],
                                x[2],
                                x[3],
                                weight[0],
                                weight[2],
                                weight[3],
                                options.stride_height,
                                options.stride_width,
                                options.padding_height,
                                options.padding_width,
                                options.dilation_height,
                                options.dilation_width,
                                options.groups};
    if (sizes.out_height() < 1 || sizes.out_width() < 1)
        throw ShapeError(misfit("conv2d", x, weight, "a kernel that fits into the padded picture"));
    return sizes;
}

Explanation explain_conv2d(const kernels::Conv2d& sizes, Value x, Value weight, const Value* bias, float value, int64_t index) {
    const int64_t out_width = sizes.out_width(), out_area = sizes.out_height() * out_width;
    const int64_t column = index % out_width, row = index % out_area / out_width;
    const int64_t out = index / out_area % sizes.out_channels, picture = index / out_area / sizes.out_channels;
    const int64_t channels = sizes.in_channels / sizes.groups;
    const int64_t first_channel = out / (sizes.out_channels / sizes.groups) * channels;
    Explanation explanation{Explanation::Kind::sum, value, bias ? "sum(x * w) + b" : "sum(x * w)", {}};
    for (int64_t c = 0; c < channels; ++c)
        for (int64_t m = 0; m < sizes.kernel_height; ++m)
            for (int64_t n = 0; n < sizes.kernel_width; ++n) {
                const int64_t y = row * sizes.stride_height - sizes.padding_height + m * sizes.dilation_height;
                const int64_t z = column * sizes.stride_width - sizes.padding_width + n * sizes.dilation_width;
                if (y < 0 || y >= sizes.height || z < 0 || z >= sizes.width) continue;   // padding: 0 times the weight
                explanation.terms.push_back(term(x,
                                                 ((picture * sizes.in_channels + first_channel + c) * sizes.height + y) * sizes.width + z,
                                                 weight, ((out * channels + c) * sizes.kernel_height + m) * sizes.kernel_width + n));
            }
    if (bias) explanation.terms.push_back(term(*bias, out));
    return explanation;
}

Value convolve(Value x, Value weight, const Value* bias, const Conv2dOptions& options) {
    const kernels::Conv2d sizes = checked_sizes(x.shape(), weight.shape(), options);
    if (bias && bias->shape() != Shape{sizes.out_channels})
        throw ShapeError(misfit("conv2d", weight.shape(), bias->shape(), "bias " + Shape{sizes.out_channels}.text()));
    Tensor y = Tensor::uninitialized(Shape{sizes.batch, sizes.out_channels, sizes.out_height(), sizes.out_width()});
    conv2d_forward(sizes, x.tensor().data(), weight.tensor().data(), bias ? bias->tensor().data() : nullptr, y.data());

    Node node;
    node.operation = "conv2d";
    node.inputs = {x.node, weight.node};
    if (bias) node.inputs.push_back(bias->node);
    node.reach = Reach::window;
    node.window = {sizes.kernel_height,  sizes.kernel_width,  sizes.stride_height,   sizes.stride_width,
                   sizes.padding_height, sizes.padding_width, sizes.dilation_height, sizes.dilation_width};
    const std::optional<Value> saved_bias = bias ? std::optional(*bias) : std::nullopt;
    node.backward = [sizes, x, weight, saved_bias](Graph& graph, const Tensor& dy) {
        send_back(graph, x, [&](float* dx) { conv2d_backward_input(sizes, dy.data(), weight.tensor().data(), dx); });
        send_back(graph, weight, [&](float* dw) { conv2d_backward_weight(sizes, x.tensor().data(), dy.data(), dw); });
        if (saved_bias) send_back(graph, *saved_bias, [&](float* db) { conv2d_backward_bias(sizes, dy.data(), db); });
    };
    node.explain = [sizes, x, weight, saved_bias, y](const Graph&, int64_t index) {
        return explain_conv2d(sizes, x, weight, saved_bias ? &*saved_bias : nullptr, y.data()[index], index);
    };
    node.value = std::move(y);
    return x.graph->record(std::move(node));
}

}  // namespace

Value conv2d(Value x, Value weight, Value bias, const Conv2dOptions& options) { return convolve(x, weight, &bias, options); }
Value conv2d(Value x, Value weight, const Conv2dOptions& options) { return convolve(x, weight, nullptr, options); }

}  // namespace trilens

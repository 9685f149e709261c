// The layer around autograd's conv2d; shapes and costs come from the kernel's own arithmetic.
#include "engine/nn/conv2d.h"

#include <algorithm>

#include "engine/kernels/conv.h"
#include "engine/nn/initialization.h"

namespace trilens {

Conv2d::Conv2d(std::string name, const Conv2dSettings& settings, Random& random) : Layer(std::move(name)), settings_(settings) {
    const Conv2dOptions& options = settings.options;
    if (std::min({settings.in_channels, settings.out_channels, settings.kernel_height, settings.kernel_width, options.groups}) < 1)
        throw ValueError(this->name() + ": channels, kernel and groups must be at least 1");
    if (settings.in_channels % options.groups != 0 || settings.out_channels % options.groups != 0)
        throw ValueError(this->name() + ": " + std::to_string(options.groups) + " groups must divide " +
                         std::to_string(settings.in_channels) + " and " + std::to_string(settings.out_channels) + " channels");
    const int64_t channels = settings.in_channels / options.groups, fan_in = channels * settings.kernel_height * settings.kernel_width;
    weight_ = {this->name() + ".weight",
               fan_in_uniform(Shape{settings.out_channels, channels, settings.kernel_height, settings.kernel_width}, fan_in, random),
               Tensor()};
    bias_ = {this->name() + ".bias", fan_in_uniform(Shape{settings.out_channels}, fan_in, random), Tensor()};
}

Value Conv2d::forward(Value x) {
    Graph& graph = *x.graph;
    return conv2d(x, graph.parameter(weight_), graph.parameter(bias_), settings_.options);
}

Shape Conv2d::output_shape(const Shape& input) const {
    if (input.rank() != 4 || input[1] != settings_.in_channels)
        throw ShapeError(name() + ": input is " + input.text() + ", expected [N, " + std::to_string(settings_.in_channels) + ", H, W]");
    const Conv2dOptions& o = settings_.options;
    const int64_t height = kernels::Conv2d::extent(input[2], settings_.kernel_height, o.stride_height, o.padding_height, o.dilation_height);
    const int64_t width = kernels::Conv2d::extent(input[3], settings_.kernel_width, o.stride_width, o.padding_width, o.dilation_width);
    if (height < 1 || width < 1) throw ShapeError(name() + ": the kernel does not fit into " + input.text());
    return Shape{input[0], settings_.out_channels, height, width};
}

int64_t Conv2d::multiply_adds(const Shape& input) const {
    return output_shape(input).elements() * (settings_.in_channels / settings_.options.groups) * settings_.kernel_height *
           settings_.kernel_width;
}

}  // namespace trilens

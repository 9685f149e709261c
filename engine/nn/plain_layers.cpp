// The layers around autograd's activations, pooling and dropout.
#include "engine/nn/plain_layers.h"

#include "engine/autograd/activation.h"
#include "engine/autograd/dropout.h"
#include "engine/kernels/pool.h"

namespace trilens {

std::string_view Activation::kind() const {
    constexpr std::string_view kinds[] = {"relu", "leaky_relu", "gelu", "tanh", "sigmoid"};
    return kinds[static_cast<size_t>(function_)];
}

Value Activation::forward(Value x) {
    switch (function_) {
    case Function::relu: return relu(x);
    case Function::leaky_relu: return leaky_relu(x);
    case Function::gelu: return gelu(x);
    case Function::tanh: return tanh(x);
    case Function::sigmoid: return sigmoid(x);
    }
    throw ValueError(name() + ": no such activation");
}

Value Pool2d::forward(Value x) { return function_ == Function::max ? max_pool2d(x, options_) : average_pool2d(x, options_); }

Shape Pool2d::output_shape(const Shape& input) const {
    if (input.rank() != 4) throw ShapeError(name() + ": input is " + input.text() + ", expected [N, C, H, W]");
    const kernels::Pool2d sizes{input[0] * input[1],
                                input[2],
                                input[3],
                                options_.kernel_height,
                                options_.kernel_width,
                                options_.stride_height,
                                options_.stride_width,
                                options_.padding_height,
                                options_.padding_width,
                                1,
                                1};
    if (sizes.out_height() < 1 || sizes.out_width() < 1) throw ShapeError(name() + ": the window does not fit into " + input.text());
    return Shape{input[0], input[1], sizes.out_height(), sizes.out_width()};
}

Value GlobalAveragePool2d::forward(Value x) { return global_average_pool2d(x); }

Shape GlobalAveragePool2d::output_shape(const Shape& input) const {
    if (input.rank() != 4 || input[2] * input[3] < 1) throw ShapeError(name() + ": input is " + input.text() + ", expected [N, C, H, W]");
    return Shape{input[0], input[1]};
}

Value Dropout::forward(Value x) { return dropout(x, probability_); }

}  // namespace trilens

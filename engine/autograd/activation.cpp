// Each activation is a row: its kernels forward and backward, and its derivative at one element for the explanation.
#include "engine/autograd/activation.h"

#include "engine/autograd/operation.h"
#include "engine/kernels/elementwise.h"
#include "engine/math.h"

namespace trilens {
namespace {

// backward(count, saved, dy, dx), where saved is x or y; derivative(x, y).
template <typename Forward, typename Backward, typename Derivative>
Value activation(std::string operation, std::string formula, Value x, bool saves_output, Forward forward, Backward backward,
                 Derivative derivative) {
    Tensor y = Tensor::uninitialized(x.shape());
    forward(y.elements(), x.tensor().data(), y.data());
    const Tensor saved = saves_output ? y : x.tensor();
    return record(
        std::move(operation), Reach::element, {x}, y,
        [x, saved, backward](Graph& graph, const Tensor& dy) {
            Tensor dx = Tensor::uninitialized(dy.shape());
            backward(dy.elements(), saved.data(), dy.data(), dx.data());
            graph.add_gradient(x.node, dx);
        },
        [x, y, formula, derivative](const Graph&, int64_t index) {
            const float value = y.data()[index];
            return Explanation{Explanation::Kind::function, value, formula, {term(x, index, derivative(x.tensor().data()[index], value))}};
        });
}

}  // namespace

Value relu(Value x) {
    return activation("relu", "max(0, x)", x, false, kernels::relu_forward, kernels::relu_backward,
                      [](float input, float) { return input > 0 ? 1.0f : 0.0f; });
}

Value leaky_relu(Value x, float slope) {
    return activation(
        "leaky_relu", "x > 0 ? x : " + std::to_string(slope) + " x", x, false,
        [slope](int64_t count, const float* from, float* to) { kernels::leaky_relu_forward(count, slope, from, to); },
        [slope](int64_t count, const float* saved, const float* dy, float* dx) {
            kernels::leaky_relu_backward(count, slope, saved, dy, dx);
        },
        [slope](float input, float) { return input > 0 ? 1.0f : slope; });
}

Value gelu(Value x) {
    return activation("gelu", "x Phi(x)", x, false, kernels::gelu_forward, kernels::gelu_backward,
                      [](float input, float) { return math::gelu_derivative(input); });
}

Value tanh(Value x) {
    return activation("tanh", "tanh(x)", x, true, kernels::tanh_forward, kernels::tanh_backward,
                      [](float, float output) { return 1 - output * output; });
}

Value sigmoid(Value x) {
    return activation("sigmoid", "1 / (1 + exp(-x))", x, true, kernels::sigmoid_forward, kernels::sigmoid_backward,
                      [](float, float output) { return output * (1 - output); });
}

}  // namespace trilens

// The layer around autograd's dense.
#include "engine/nn/dense.h"

#include "engine/autograd/linear.h"
#include "engine/autograd/shape.h"
#include "engine/nn/initialization.h"

namespace trilens {

Dense::Dense(std::string name, int64_t inputs, int64_t outputs, Random& random)
    : Layer(std::move(name)), inputs_(inputs), outputs_(outputs) {
    if (inputs < 1 || outputs < 1)
        throw ValueError(this->name() + ": " + std::to_string(inputs) + " inputs and " + std::to_string(outputs) +
                         " outputs, expected at least 1");
    weight_ = {this->name() + ".weight", fan_in_uniform(Shape{outputs, inputs}, inputs, random), Tensor()};
    bias_ = {this->name() + ".bias", fan_in_uniform(Shape{outputs}, inputs, random), Tensor()};
}

Value Dense::forward(Value x) {
    Graph& graph = *x.graph;
    if (x.shape().rank() == 4) x = flatten(x);
    return dense(x, graph.parameter(weight_), graph.parameter(bias_));
}

Shape Dense::output_shape(const Shape& input) const {
    const int64_t features = input.rank() == 4 ? input[1] * input[2] * input[3] : input.rank() >= 1 ? input[-1] : 0;
    if (features != inputs_)
        throw ShapeError(name() + ": input is " + input.text() + ", expected " + std::to_string(inputs_) + " features");
    if (input.rank() == 4) return Shape{input[0], outputs_};
    std::vector<int64_t> extents(input.extents().begin(), input.extents().end());
    extents.back() = outputs_;
    return Shape(std::span<const int64_t>(extents));
}

int64_t Dense::multiply_adds(const Shape& input) const { return output_shape(input).elements() * inputs_; }

}  // namespace trilens

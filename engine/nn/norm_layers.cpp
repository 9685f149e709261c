// The layers around autograd's batch_norm and layer_norm.
#include "engine/nn/norm_layers.h"

namespace trilens {
namespace {

int64_t checked(const std::string& name, int64_t features) {
    if (features < 1) throw ValueError(name + ": " + std::to_string(features) + " features, expected at least 1");
    return features;
}

}  // namespace

BatchNorm::BatchNorm(std::string name, int64_t channels, float epsilon, float momentum)
    : Layer(std::move(name)),
      gamma_{this->name() + ".weight", Tensor::full(Shape{checked(this->name(), channels)}, 1), Tensor()},
      beta_{this->name() + ".bias", Tensor(Shape{channels}), Tensor()},
      running_{Tensor(Shape{channels}), Tensor::full(Shape{channels}, 1), momentum},
      epsilon_(epsilon) {}

Value BatchNorm::forward(Value x) { return batch_norm(x, x.graph->parameter(gamma_), x.graph->parameter(beta_), running_, epsilon_); }

Shape BatchNorm::output_shape(const Shape& input) const {
    const int64_t channels = gamma_.value.elements();
    if ((input.rank() != 4 && input.rank() != 2) || input[1] != channels)
        throw ShapeError(name() + ": input is " + input.text() + ", expected [N, " + std::to_string(channels) + ", H, W]");
    return input;
}

LayerNorm::LayerNorm(std::string name, int64_t features, float epsilon)
    : Layer(std::move(name)),
      gamma_{this->name() + ".weight", Tensor::full(Shape{checked(this->name(), features)}, 1), Tensor()},
      beta_{this->name() + ".bias", Tensor(Shape{features}), Tensor()},
      epsilon_(epsilon) {}

Value LayerNorm::forward(Value x) { return layer_norm(x, x.graph->parameter(gamma_), x.graph->parameter(beta_), epsilon_); }

Shape LayerNorm::output_shape(const Shape& input) const {
    const int64_t features = gamma_.value.elements();
    if (input.rank() < 1 || input[-1] != features)
        throw ShapeError(name() + ": input is " + input.text() + ", expected a last axis of " + std::to_string(features));
    return input;
}

}  // namespace trilens

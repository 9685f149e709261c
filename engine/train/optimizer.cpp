// Optimizers over named parameters; the arithmetic is in kernels/optimizer.
#include "engine/train/optimizer.h"

#include <cmath>
#include <utility>

#include "engine/errors.h"
#include "engine/kernels/elementwise.h"
#include "engine/kernels/optimizer.h"
#include "engine/kernels/reduction.h"
#include "engine/math.h"

namespace trilens {
namespace {

bool has_first(OptimizerKind kind) { return kind != OptimizerKind::sgd && kind != OptimizerKind::rmsprop; }
bool has_second(OptimizerKind kind) {
    return kind == OptimizerKind::rmsprop || kind == OptimizerKind::adam || kind == OptimizerKind::adamw;
}

void require(bool valid, const char* setting, float value, const char* allowed) {
    if (!valid) throw ValueError(std::string("optimizer: ") + setting + " is " + std::to_string(value) + ", expected " + allowed);
}

bool at_least_zero(float value) { return std::isfinite(value) && value >= 0; }
bool share(float value) { return value >= 0 && value < 1; }

std::vector<Tensor> clones(const std::vector<Tensor>& tensors) {
    std::vector<Tensor> out;
    for (const Tensor& tensor : tensors) out.push_back(tensor.clone());
    return out;
}

void require_same_shapes(const std::vector<Tensor>& given, const std::vector<Tensor>& own) {
    if (given.size() != own.size())
        throw ShapeError("optimizer: a state of " + std::to_string(given.size()) + " tensors, expected " + std::to_string(own.size()));
    for (size_t i = 0; i < own.size(); ++i)
        if (given[i].shape() != own[i].shape())
            throw ShapeError("optimizer: a state of shape " + given[i].shape().text() + ", expected " + own[i].shape().text());
}

}  // namespace

int64_t OptimizerState::bytes() const {
    int64_t elements = 0;
    for (const Tensor& tensor : first) elements += tensor.elements();
    for (const Tensor& tensor : second) elements += tensor.elements();
    return elements * static_cast<int64_t>(sizeof(float));
}

Optimizer::Optimizer(std::vector<Parameter*> parameters, const OptimizerSettings& settings)
    : parameters_(std::move(parameters)), settings_(settings) {
    require(at_least_zero(settings.rate), "rate", settings.rate, "a finite number >= 0");
    require(share(settings.momentum), "momentum", settings.momentum, "0 <= momentum < 1");
    require(share(settings.alpha), "alpha", settings.alpha, "0 <= alpha < 1");
    require(share(settings.beta1), "beta1", settings.beta1, "0 <= beta1 < 1");
    require(share(settings.beta2), "beta2", settings.beta2, "0 <= beta2 < 1");
    require(at_least_zero(settings.epsilon), "epsilon", settings.epsilon, "a finite number >= 0");
    require(at_least_zero(settings.weight_decay), "weight_decay", settings.weight_decay, "a finite number >= 0");
    for (const Parameter* parameter : parameters_) {
        if (has_first(settings.kind)) state_.first.emplace_back(parameter->value.shape());
        if (has_second(settings.kind)) state_.second.emplace_back(parameter->value.shape());
    }
}

void Optimizer::set_rate(float rate) {
    require(at_least_zero(rate), "rate", rate, "a finite number >= 0");
    settings_.rate = rate;
}

void Optimizer::step() {
    for (const Parameter* parameter : parameters_)
        if (parameter->gradient.shape() != parameter->value.shape())
            throw ShapeError("optimizer: the gradient of " + parameter->name + " is " + parameter->gradient.shape().text() + ", expected " +
                             parameter->value.shape().text());
    state_.beta1_power *= static_cast<double>(settings_.beta1);
    state_.beta2_power *= static_cast<double>(settings_.beta2);
    for (size_t i = 0; i < parameters_.size(); ++i) step_one(*parameters_[i], i);
}

void Optimizer::step_one(Parameter& parameter, size_t at) {
    const int64_t count = parameter.value.elements();
    const float* gradient = parameter.gradient.data();
    float* value = parameter.value.data();
    float* first = has_first(settings_.kind) ? state_.first[at].data() : nullptr;
    float* second = has_second(settings_.kind) ? state_.second[at].data() : nullptr;
    const OptimizerSettings& s = settings_;
    switch (s.kind) {
    case OptimizerKind::sgd: return kernels::sgd_step(count, s.rate, s.weight_decay, gradient, value);
    case OptimizerKind::momentum: return kernels::momentum_step(count, s.rate, s.momentum, false, s.weight_decay, gradient, first, value);
    case OptimizerKind::nesterov: return kernels::momentum_step(count, s.rate, s.momentum, true, s.weight_decay, gradient, first, value);
    case OptimizerKind::rmsprop: return kernels::rmsprop_step(count, s.rate, s.alpha, s.epsilon, s.weight_decay, gradient, second, value);
    case OptimizerKind::adam:
    case OptimizerKind::adamw: break;
    }
    const kernels::Adam adam{
        s.rate, s.beta1, s.beta2, s.epsilon, s.weight_decay, s.kind == OptimizerKind::adamw, state_.beta1_power, state_.beta2_power};
    kernels::adam_step(count, adam, gradient, first, second, value);
}

OptimizerState Optimizer::save() const { return {state_.beta1_power, state_.beta2_power, clones(state_.first), clones(state_.second)}; }

void Optimizer::restore(const OptimizerState& state) {
    require_same_shapes(state.first, state_.first);
    require_same_shapes(state.second, state_.second);
    state_ = {state.beta1_power, state.beta2_power, clones(state.first), clones(state.second)};
}

float gradient_norm(std::span<Parameter* const> parameters) {
    float squares = 0;
    for (const Parameter* parameter : parameters)
        squares += kernels::dot(parameter->gradient.elements(), parameter->gradient.data(), parameter->gradient.data());
    return math::sqrt(squares);
}

float clip_gradients(std::span<Parameter* const> parameters, float most) {
    require(most > 0, "clipping norm", most, "more than 0");
    const float norm = gradient_norm(parameters);
    const float factor = most / (norm + 1e-6f);
    if (factor < 1)
        for (Parameter* parameter : parameters)
            kernels::scale(parameter->gradient.elements(), factor, parameter->gradient.data(), parameter->gradient.data());
    return norm;
}

}  // namespace trilens

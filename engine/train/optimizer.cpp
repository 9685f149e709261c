// Optimizers over named parameters; the arithmetic is in kernels/optimizer.
#include "engine/train/optimizer.h"

#include <cmath>
#include <iterator>
#include <utility>

#include "engine/errors.h"
#include "engine/kernels/elementwise.h"
#include "engine/kernels/optimizer.h"
#include "engine/kernels/reduction.h"
#include "engine/math.h"

namespace trilens {
namespace {

void sgd(const OptimizerStep& p) { kernels::sgd_step(p.count, p.settings.rate, p.settings.weight_decay, p.gradient, p.value); }

template <bool nesterov>
void momentum(const OptimizerStep& p) {
    const OptimizerSettings& s = p.settings;
    kernels::momentum_step(p.count, s.rate, s.momentum, nesterov, s.weight_decay, p.gradient, p.first, p.value);
}

void rmsprop(const OptimizerStep& p) {
    const OptimizerSettings& s = p.settings;
    kernels::rmsprop_step(p.count, s.rate, s.alpha, s.epsilon, s.weight_decay, p.gradient, p.second, p.value);
}

template <bool decoupled>
void adam(const OptimizerStep& p) {
    const OptimizerSettings& s = p.settings;
    const kernels::Adam adam{s.rate, s.beta1, s.beta2, s.epsilon, s.weight_decay, decoupled, p.beta1_power, p.beta2_power};
    kernels::adam_step(p.count, adam, p.gradient, p.first, p.second, p.value);
}

constexpr OptimizerRow rows[] = {
    {OptimizerKind::sgd, "sgd", false, false, sgd},
    {OptimizerKind::momentum, "momentum", true, false, momentum<false>},
    {OptimizerKind::nesterov, "nesterov", true, false, momentum<true>},
    {OptimizerKind::rmsprop, "rmsprop", false, true, rmsprop},
    {OptimizerKind::adam, "adam", true, true, adam<false>},
    {OptimizerKind::adamw, "adamw", true, true, adam<true>},
};

constexpr bool in_the_order_of_their_kinds() {
    for (size_t i = 0; i < std::size(rows); ++i)
        if (rows[i].kind != static_cast<OptimizerKind>(i)) return false;
    return true;
}
static_assert(std::size(rows) == optimizer_count && in_the_order_of_their_kinds());

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

std::span<const OptimizerRow, optimizer_count> optimizer_table() { return rows; }

int64_t OptimizerState::bytes() const {
    int64_t elements = 0;
    for (const Tensor& tensor : first) elements += tensor.elements();
    for (const Tensor& tensor : second) elements += tensor.elements();
    return elements * static_cast<int64_t>(sizeof(float));
}

Optimizer::Optimizer(std::vector<Parameter*> parameters, const OptimizerSettings& settings)
    : parameters_(std::move(parameters)), settings_(settings), row_(&rows[static_cast<size_t>(settings.kind)]) {
    require(at_least_zero(settings.rate), "rate", settings.rate, "a finite number >= 0");
    require(share(settings.momentum), "momentum", settings.momentum, "0 <= momentum < 1");
    require(share(settings.alpha), "alpha", settings.alpha, "0 <= alpha < 1");
    require(share(settings.beta1), "beta1", settings.beta1, "0 <= beta1 < 1");
    require(share(settings.beta2), "beta2", settings.beta2, "0 <= beta2 < 1");
    require(at_least_zero(settings.epsilon), "epsilon", settings.epsilon, "a finite number >= 0");
    require(at_least_zero(settings.weight_decay), "weight_decay", settings.weight_decay, "a finite number >= 0");
    for (const Parameter* parameter : parameters_) {
        if (row_->has_first) state_.first.emplace_back(parameter->value.shape());
        if (row_->has_second) state_.second.emplace_back(parameter->value.shape());
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
    for (size_t i = 0; i < parameters_.size(); ++i) {
        Parameter& parameter = *parameters_[i];
        row_->step({settings_, state_.beta1_power, state_.beta2_power, parameter.value.elements(), parameter.gradient.data(),
                    row_->has_first ? state_.first[i].data() : nullptr, row_->has_second ? state_.second[i].data() : nullptr,
                    parameter.value.data()});
    }
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

// Optimizers: SGD, momentum (Polyak, Nesterov), RMSProp, Adam, AdamW as torch.optim defines them; and clipping by the norm.
// Sutskever et al. 2013; Tieleman and Hinton 2012; Kingma and Ba 2015; Loshchilov and Hutter 2019; Pascanu et al. 2013.
// The powers of Adam's betas are kept as products, so no pow() can differ between machines.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/autograd/graph.h"

namespace trilens {

enum class OptimizerKind {
    sgd,
    momentum,
    nesterov,
    rmsprop,
    adam,
    adamw,
};

struct OptimizerSettings {
    OptimizerKind kind = OptimizerKind::adam;
    float rate = 1e-3f;
    float momentum = 0.9f;                    // momentum, nesterov
    float alpha = 0.99f;                      // rmsprop: how much of the mean square is kept
    float beta1 = 0.9f, beta2 = 0.999f;       // adam, adamw
    float epsilon = 1e-8f;                    // rmsprop, adam, adamw
    float weight_decay = 0;                   // L2: added to the gradient; adamw: apart from it
};

// One parameter's step: its gradient and value, and what the optimizer remembers of it, null where it remembers none.
struct OptimizerStep {
    const OptimizerSettings& settings;
    double beta1_power, beta2_power;  // beta1^t and beta2^t in step t = 1, 2, ...
    int64_t count;
    const float* gradient;
    float *first, *second, *value;
};

// An optimizer, as everything else knows it: one more is a kind, a row, and its name in demos/training.
struct OptimizerRow {
    OptimizerKind kind;
    std::string_view id;  // in links: "adam"
    bool has_first, has_second;  // of OptimizerState
    void (*step)(const OptimizerStep&);
};
inline constexpr size_t optimizer_count = 6;
std::span<const OptimizerRow, optimizer_count> optimizer_table();  // in the order of OptimizerKind

// All that an optimizer remembers, to go back to; independent of the optimizer it came from.
struct OptimizerState {
    double beta1_power = 1, beta2_power = 1;
    std::vector<Tensor> first, second;        // momentum or mean, mean square; empty where the kind has none
    int64_t bytes() const;
};

class Optimizer {
public:
    // The parameters must outlive the optimizer. Throws ValueError for a setting outside its range, naming it.
    Optimizer(std::vector<Parameter*> parameters, const OptimizerSettings& settings);

    void step();  // by each Parameter::gradient; throws ShapeError naming a parameter whose gradient does not fit
    float rate() const { return settings_.rate; }
    void set_rate(float rate);  // what was accumulated stays; throws ValueError unless finite and >= 0
    const OptimizerSettings& settings() const { return settings_; }

    OptimizerState save() const;
    void restore(const OptimizerState& state);  // throws ShapeError if it belongs to other parameters or another kind

private:
    std::vector<Parameter*> parameters_;
    OptimizerSettings settings_;
    const OptimizerRow* row_;
    OptimizerState state_;
};

// The Euclidean norm of all gradients together.
float gradient_norm(std::span<Parameter* const> parameters);
// Scales the gradients so that their norm is at most `most` (> 0), as torch.nn.utils.clip_grad_norm_; returns the norm before.
float clip_gradients(std::span<Parameter* const> parameters, float most);

}  // namespace trilens

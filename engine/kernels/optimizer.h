// One step of an optimizer over one parameter of `count` values, in place. Formulas as PyTorch's (torch.optim), each operation
// rounded once, in the order written.
#pragma once

#include <cstdint>

namespace trilens::kernels {

// w -= rate * (g + decay * w)
void sgd_step(int64_t count, float rate, float decay, const float* g, float* w);

// v = momentum * v + (g + decay * w);  w -= rate * v, or with nesterov w -= rate * (g + decay * w + momentum * v)
void momentum_step(int64_t count, float rate, float momentum, bool nesterov, float decay, const float* g, float* v, float* w);

// s = alpha * s + (1 - alpha) * g * g;  w -= rate * g / (sqrt(s) + epsilon)
void rmsprop_step(int64_t count, float rate, float alpha, float epsilon, float decay, const float* g, float* s, float* w);

// Kingma and Ba 2015; decoupled: Loshchilov and Hutter 2019 (AdamW), w is first multiplied by 1 - rate * decay.
struct Adam {
    float rate = 1e-3f, beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f, decay = 0;
    bool decoupled = false;
    double beta1_power = 0.9, beta2_power = 0.999;   // beta1^t and beta2^t for step t = 1, 2, ..., kept by the caller as products
};
// m = m + (g - m)(1 - beta1);  v = beta2 v + (1 - beta2) g g;
// w -= rate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
void adam_step(int64_t count, const Adam& settings, const float* g, float* m, float* v, float* w);

}  // namespace trilens::kernels

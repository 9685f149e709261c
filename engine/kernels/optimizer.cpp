// Optimizer steps: one pass over the parameter, no element depends on another.
#include "engine/kernels/optimizer.h"

#include "engine/parallel.h"

namespace trilens::kernels {
namespace {
constexpr int64_t grain = 8192;
}

void sgd_step(int64_t count, float rate, float decay, const float* g, float* w) {
    parallel_for(count, grain, [=](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) w[i] -= rate * (g[i] + decay * w[i]);
    });
}

void momentum_step(int64_t count, float rate, float momentum, bool nesterov, float decay, const float* g, float* v, float* w) {
    parallel_for(count, grain, [=](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const float gradient = g[i] + decay * w[i];
            v[i] = momentum * v[i] + gradient;
            w[i] -= rate * (nesterov ? gradient + momentum * v[i] : v[i]);
        }
    });
}

void rmsprop_step(int64_t count, float rate, float alpha, float epsilon, float decay, const float* g, float* s, float* w) {
    parallel_for(count, grain, [=](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const float gradient = g[i] + decay * w[i];
            s[i] = alpha * s[i] + (1.0f - alpha) * gradient * gradient;
            w[i] -= rate * gradient / (__builtin_sqrtf(s[i]) + epsilon);
        }
    });
}

void adam_step(int64_t count, const Adam& settings, const float* g, float* m, float* v, float* w) {
    const float step = static_cast<float>(static_cast<double>(settings.rate) / (1.0 - settings.beta1_power));
    const float correction = static_cast<float>(__builtin_sqrt(1.0 - settings.beta2_power));
    const float toward = 1.0f - settings.beta1, keep = settings.beta2, take = 1.0f - settings.beta2, epsilon = settings.epsilon;
    const float coupled_decay = settings.decoupled ? 0.0f : settings.decay;
    const float shrink = settings.decoupled ? 1.0f - settings.rate * settings.decay : 1.0f;
    parallel_for(count, grain, [=](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const float weight = w[i] * shrink;
            const float gradient = g[i] + coupled_decay * weight;
            m[i] += (gradient - m[i]) * toward;
            v[i] = keep * v[i] + take * gradient * gradient;
            w[i] = weight - step * m[i] / (__builtin_sqrtf(v[i]) / correction + epsilon);
        }
    });
}

}  // namespace trilens::kernels

// The step as a list of named kernel calls, so that it can be run as a whole and part by part.
#include "bench/digits.h"

#include <cstdio>
#include <functional>
#include <vector>

#include "bench/measure.h"
#include "engine/kernels/conv.h"
#include "engine/kernels/elementwise.h"
#include "engine/kernels/gemm.h"
#include "engine/kernels/optimizer.h"
#include "engine/kernels/pool.h"
#include "engine/kernels/reduction.h"
#include "engine/kernels/softmax.h"
#include "engine/random.h"

namespace trilens::bench {
namespace {

using Floats = std::vector<float>;

struct Parameter {
    Floats value, gradient, first, second;
    Parameter(int64_t count, Random& random) : value(static_cast<size_t>(count)), gradient(value), first(value), second(value) {
        for (float& v : value) v = random.normal() * 0.05f;
    }
};

kernels::Conv2d convolution(int64_t batch, int64_t in, int64_t out, int64_t size) {
    kernels::Conv2d s;
    s.batch = batch;
    s.in_channels = in;
    s.out_channels = out;
    s.height = s.width = size;
    s.kernel_height = s.kernel_width = 3;
    s.padding_height = s.padding_width = 1;
    return s;
}

}  // namespace

struct DigitsStep::Network {
    struct Part {
        const char* name;
        std::function<void()> run;
    };
    std::vector<Part> parts;
    Random random{3};
    std::vector<Parameter> parameters;
    std::vector<int32_t> targets;
    std::vector<Floats> values;   // activations and their gradients
    std::vector<std::vector<int32_t>> places;

    float* values_of(int64_t count) { return values.emplace_back(static_cast<size_t>(count)).data(); }

    // One stage "conv, ReLU, max-pool": returns the pooled maps; the way back is prepended to `back`.
    float* stage(const kernels::Conv2d& s, float* x, float* dx, Parameter& w, Parameter& b, float* dpooled, std::vector<Part>& back) {
        const int64_t planes = s.batch * s.out_channels, count = planes * s.height * s.width;
        const kernels::Pool2d pool{planes, s.height, s.width};
        float *y = values_of(count), *r = values_of(count), *pooled = values_of(count / 4), *dr = values_of(count);
        int32_t* argmax = places.emplace_back(static_cast<size_t>(count / 4)).data();
        parts.push_back({"conv forward", [=, &w, &b] { kernels::conv2d_forward(s, x, w.value.data(), b.value.data(), y); }});
        parts.push_back({"relu forward", [=] { kernels::relu_forward(count, y, r); }});
        parts.push_back({"pool forward", [=] { kernels::max_pool_forward(pool, r, pooled, argmax); }});
        std::vector<Part> own{{"pool backward", [=] { kernels::max_pool_backward(pool, dpooled, argmax, dr); }},
                              {"relu backward", [=] { kernels::relu_backward(count, y, dr, dr); }},
                              {"conv backward weight", [=, &w] { kernels::conv2d_backward_weight(s, x, dr, w.gradient.data()); }},
                              {"conv backward bias", [=, &b] { kernels::conv2d_backward_bias(s, dr, b.gradient.data()); }}};
        if (dx != nullptr) own.push_back({"conv backward input", [=, &w] { kernels::conv2d_backward_input(s, dr, w.value.data(), dx); }});
        back.insert(back.begin(), own.begin(), own.end());
        return pooled;
    }

    // y = x w' + b
    void dense(int64_t batch, int64_t in, int64_t out, float* x, float* dx, Parameter& w, Parameter& b, float* y, float* dy,
               std::vector<Part>& back) {
        kernels::Gemm forward{batch, out, in, false, true};
        forward.column_bias = b.value.data();
        parts.push_back({"dense forward", [=, &w] { kernels::gemm(forward, x, w.value.data(), y); }});
        const std::vector<Part> own{
            {"dense backward weight", [=, &w] { kernels::gemm({out, in, batch, true, false}, dy, x, w.gradient.data()); }},
            {"dense backward bias", [=, &b] { kernels::sum_axis(1, batch, out, dy, b.gradient.data()); }},
            {"dense backward input", [=, &w] { kernels::gemm({batch, in, out}, dy, w.value.data(), dx); }}};
        back.insert(back.begin(), own.begin(), own.end());
    }

    explicit Network(int64_t batch) {
        for (const int64_t count : {72, 8, 16 * 72, 16, 64 * 784, 64, 640, 10}) parameters.emplace_back(count, random);
        for (int64_t i = 0; i < batch; ++i) targets.push_back(static_cast<int32_t>(i % 10));
        auto& p = parameters;
        std::vector<Part> back;
        float* x = values_of(batch * 784);
        for (int64_t i = 0; i < batch * 784; ++i) x[i] = random.uniform();
        float *d1 = values_of(batch * 8 * 196), *d2 = values_of(batch * 784), *h = values_of(batch * 64), *r = values_of(batch * 64);
        float *dh = values_of(batch * 64), *logits = values_of(batch * 10), *dlogits = values_of(batch * 10), *losses = values_of(batch);
        float *probabilities = values_of(batch * 10), *dlosses = values_of(batch);
        for (int64_t i = 0; i < batch; ++i) dlosses[i] = 1.0f / static_cast<float>(batch);
        float* pooled1 = stage(convolution(batch, 1, 8, 28), x, nullptr, p[0], p[1], d1, back);
        float* pooled2 = stage(convolution(batch, 8, 16, 14), pooled1, d1, p[2], p[3], d2, back);
        dense(batch, 784, 64, pooled2, d2, p[4], p[5], h, dh, back);
        parts.push_back({"relu forward", [=] { kernels::relu_forward(batch * 64, h, r); }});
        back.insert(back.begin(), {"relu backward", [=] { kernels::relu_backward(batch * 64, h, dh, dh); }});
        dense(batch, 64, 10, r, dh, p[6], p[7], logits, dlogits, back);
        const int32_t* classes = targets.data();
        parts.push_back({"cross entropy", [=] { kernels::cross_entropy_forward(batch, 10, logits, classes, losses, probabilities); }});
        parts.push_back(
            {"cross entropy backward", [=] { kernels::cross_entropy_backward(batch, 10, probabilities, classes, dlosses, dlogits); }});
        parts.insert(parts.end(), back.begin(), back.end());
        parts.push_back({"adam", [this] {
                             for (Parameter& q : parameters) {
                                 kernels::adam_step(static_cast<int64_t>(q.value.size()), {}, q.gradient.data(), q.first.data(),
                                                    q.second.data(), q.value.data());
                             }
                         }});
    }
};

DigitsStep::DigitsStep(int64_t batch) : network_(std::make_unique<Network>(batch)) {}
DigitsStep::~DigitsStep() = default;

void DigitsStep::run() {
    for (const auto& part : network_->parts) part.run();
}

void DigitsStep::print_parts() {
    for (const auto& part : network_->parts) {
        std::printf("    %-42s %9.1f us\n", part.name, best_seconds(part.run) * 1e6);
    }
}

}  // namespace trilens::bench

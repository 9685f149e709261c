// Each prediction is one step of a Continuation, fed the one before.
#include "demos/rnn/curve_forecast.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/errors.h"
#include "engine/math.h"

namespace trilens {

namespace {

constexpr float pi = 3.14159265f;

Tensor beginning(std::span<const float> curve, int64_t count) {
    Tensor out = Tensor::uninitialized(Shape{count, 1});
    std::ranges::copy(curve.first(static_cast<size_t>(count)), out.data());
    return out;
}

}  // namespace

CurveForecast::CurveForecast(std::shared_ptr<SequenceModel> model, std::span<const float> curve, int64_t from, SequenceLook look) {
    const SequencePlan& plan = model->plan();
    if (curve.empty()) throw ShapeError("curve forecast: a curve of no values, expected at least one");
    if (plan.vocabulary != 0 || plan.features != 1 || plan.outputs != 1 || plan.head != SequencePlan::Head::every)
        throw ShapeError("curve forecast: a network of " + std::to_string(plan.features) + " features and " + std::to_string(plan.outputs) +
                         " outputs, expected one that reads one number and predicts one at every step");
    from_ = std::clamp<int64_t>(from, 1, static_cast<int64_t>(curve.size()));
    std::erase_if(look.held, [&](const Held& held) { return held.step >= from_; });
    std::erase_if(look.skipped, [&](int64_t step) { return step >= from_; });
    states_.emplace_back(std::move(model), beginning(curve, from_), std::move(look));
}

void CurveForecast::grow(int64_t steps) {
    const auto wanted = static_cast<size_t>(std::max<int64_t>(steps, 0));
    if (wanted < values_.size()) {
        values_.resize(wanted);
        states_.erase(states_.begin() + static_cast<std::ptrdiff_t>(std::max<size_t>(wanted, 1)), states_.end());
        diverged_ = false;
    }
    while (values_.size() < wanted && !diverged_) {
        if (!values_.empty()) {
            Continuation next = states_.back();
            next.read({&values_.back(), 1});
            states_.push_back(std::move(next));
        }
        const float value = states_.back().scores().data()[0];
        diverged_ = !std::isfinite(value);
        if (!diverged_) values_.push_back(value);
    }
}

float forecast_error(std::span<const float> predicted, int64_t first, std::span<const float> curve, int64_t low, int64_t high) {
    low = std::max({low, first, int64_t{0}});
    high = std::min({high, first + static_cast<int64_t>(predicted.size()), static_cast<int64_t>(curve.size())});
    if (low >= high) return std::numeric_limits<float>::quiet_NaN();
    float sum = 0;
    for (int64_t i = low; i < high; ++i) {
        const float off = predicted[static_cast<size_t>(i - first)] - curve[static_cast<size_t>(i)];
        sum += off * off;
    }
    return sum / static_cast<float>(high - low);
}

std::vector<float> example_curve(ExampleCurve kind, int64_t count) {
    std::vector<float> out(static_cast<size_t>(std::max<int64_t>(count, 0)));
    for (size_t i = 0; i < out.size(); ++i) {
        const float t = static_cast<float>(i);
        const auto sine = [t](float period) { return math::sin(2 * pi * t / period); };
        switch (kind) {
        case ExampleCurve::sine: out[i] = 0.8f * sine(32); break;
        case ExampleCurve::two_sines: out[i] = 0.55f * sine(32) + 0.3f * sine(12); break;
        case ExampleCurve::sawtooth: out[i] = -0.8f + 1.6f * static_cast<float>(i % 24) / 23; break;
        case ExampleCurve::damped: out[i] = 0.95f * math::exp(-t / 60) * sine(20); break;
        }
    }
    return out;
}

}  // namespace trilens

// Curve forecast: a network that predicts the next value of a curve at every step, let run free: from some step on it reads its own
// predictions instead of the curve. Teacher forcing, where it reads the true values, is the ordinary pass ("rnn.logits").
// Williams and Zipser 1989, "A learning algorithm for continually running fully recurrent neural networks".
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "demos/rnn/continuation.h"

namespace trilens {

class CurveForecast {
public:
    // Reads curve[0] .. curve[from - 1]; `from` is clamped to 1 .. the curve's length. Throws as Continuation does, ShapeError for a
    // network that does not read and predict one value, or an empty curve.
    CurveForecast(std::shared_ptr<SequenceModel> model, std::span<const float> curve, int64_t from, SequenceLook look = {});

    // Makes `steps` predictions, or fewer once one is not finite; takes back those beyond.
    void grow(int64_t steps);

    int64_t from() const { return from_; }
    // The values predicted for steps from(), from() + 1, ..
    const std::vector<float>& values() const { return values_; }
    bool diverged() const { return diverged_; }

private:
    std::vector<Continuation> states_;  // states_[i] has predicted values_[i]
    std::vector<float> values_;
    int64_t from_ = 1;
    bool diverged_ = false;
};

// Of predictions for steps first, first + 1, .. against the curve, over the steps [low, high) that both have; NaN where that is none.
float forecast_error(std::span<const float> predicted, int64_t first, std::span<const float> curve, int64_t low, int64_t high);

// Curves to start from, `count` values in [-1, 1].
enum class ExampleCurve { sine, two_sines, sawtooth, damped };
inline constexpr int example_curve_count = 4;
std::vector<float> example_curve(ExampleCurve kind, int64_t count = 128);

}  // namespace trilens

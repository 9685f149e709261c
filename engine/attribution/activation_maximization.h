// The picture that excites a unit most, by gradient ascent on the picture itself. Erhan, Bengio, Courville, Vincent 2009;
// with the regularisers of Yosinski et al., "Understanding Neural Networks Through Deep Visualization", 2015: decay and blur.
#pragma once

#include <cstdint>

#include "engine/attribution/forward.h"
#include "engine/budget.h"
#include "engine/random.h"

namespace trilens {

struct AscentSettings {
    int64_t steps = 120;
    float rate = 0.1f;          // length of a step: the gradient is divided by its root mean square first
    float decay = 0.01f;        // share by which the picture shrinks towards 0 each step
    int64_t blur_every = 4;     // steps between 3x3 binomial blurs; 0 never blurs
    float low = 0, high = 1;    // values a pixel may take
    uint64_t seed = 1;          // of the noise it starts from
};

// Resumable: each step is one ascent step, and picture() is worth drawing after every one.
class ActivationMaximization {
public:
    // The objective is the mean of the unit's elements. Throws ShapeError if the shape is not [1, C, H, W] or empty, ValueError for
    // settings that make no sense; the first step throws ValueError if the unit does not exist.
    ActivationMaximization(Forward forward, Unit unit, const Shape& picture_shape, const AscentSettings& settings);

    bool step(const Budget& budget);  // true while more is left
    int64_t done() const { return done_; }
    const Tensor& picture() const { return picture_; }
    float activation() const { return activation_; }  // the objective before the last step

private:
    void ascend();
    void blur();

    Forward forward_;
    Unit unit_;
    AscentSettings settings_;
    Tensor picture_;
    int64_t done_ = 0;
    float activation_ = 0;
};

// The gradient to start backward from so that it is that of the mean of `unit` over batch and positions. Throws ValueError.
Tensor unit_gradient(const Tensor& activations, const Unit& unit);

}  // namespace trilens

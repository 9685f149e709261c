// How the learning rate goes from step to step.
#pragma once

#include <cstdint>

namespace trilens {

// The rate of step `step` (from 0): up to `peak` along a line in `warmup` steps, then falling with the inverse square root of the step:
// Vaswani et al. 2017, equation 3, whose peak is 1 / sqrt(d_model warmup). Without warm-up `peak` throughout. A function of the step alone,
// so that a run that goes back in time goes on with the same rates.
float scheduled_rate(float peak, int64_t warmup, int64_t step);

}  // namespace trilens

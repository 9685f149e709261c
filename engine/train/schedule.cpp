// A line up to the peak, then the inverse square root.
#include "engine/train/schedule.h"

#include "engine/math.h"

namespace trilens {

float scheduled_rate(float peak, int64_t warmup, int64_t step) {
    if (warmup < 1) return peak;
    if (step < warmup) return peak * (static_cast<float>(step + 1) / static_cast<float>(warmup));
    return peak * math::sqrt(static_cast<float>(warmup) / static_cast<float>(step + 1));
}

}  // namespace trilens

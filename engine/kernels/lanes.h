// The one order in which many elements are summed: 16 virtual lanes, lane l takes elements l, l + 16, ... from 0, and the lanes are
// folded by the tree l + 8, l + 4, l + 2, l + 1. Any vector width up to 16 gives these bits.
#pragma once

#include <cstdint>

namespace trilens::kernels {

inline constexpr int lane_count = 16;

inline float fold(float (&lanes)[lane_count]) {
    for (int half = lane_count / 2; half > 0; half /= 2) {
        for (int l = 0; l < half; ++l) lanes[l] += lanes[l + half];
    }
    return lanes[0];
}

// The sum of value(i) over i in [0, count).
template <class F>
inline float lane_sum(int64_t count, F value) {
    float lanes[lane_count] = {};
    int64_t i = 0;
    for (; i + lane_count <= count; i += lane_count) {
        for (int l = 0; l < lane_count; ++l) lanes[l] += value(i + l);
    }
    for (int l = 0; i + l < count; ++l) lanes[l] += value(i + l);
    return fold(lanes);
}

}  // namespace trilens::kernels

// Which hidden units fire on a phrase: by how far the mean of a unit over the phrase stands from its mean over all other steps, in units of
// its standard deviation.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/tensor.h"

namespace trilens {

using StepRange = std::pair<int64_t, int64_t>;  // first and last step, both included

struct RankedUnit {
    int64_t unit = 0;
    float score = 0;  // (mean inside - mean outside) / standard deviation over all steps; 0 for a unit that never changes
    float inside = 0, outside = 0;  // the two means
};

// `states` [T, H]. The units with the largest absolute scores first, of equal ones the smaller number. Throws ValueError for steps that are
// not there. Where the phrase is all there is, the mean outside is 0.
std::vector<RankedUnit> rank_units(const Tensor& states, StepRange phrase);

// The steps outside of the phrase where the unit is at least `share` of the way from its mean outside (0) to its mean inside (1). None for
// a unit whose score is 0.
std::vector<int64_t> fires_elsewhere(const Tensor& states, const RankedUnit& unit, StepRange phrase, float share);

}  // namespace trilens

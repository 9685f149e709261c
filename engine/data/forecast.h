// Windows of one curve, to learn at every step which value comes next.
#pragma once

#include <vector>

#include "engine/data/data_set.h"

namespace trilens {

class Forecast : public DataSet {
public:
    // Every window of `length` values that has a value after it. Throws ValueError for a curve of fewer than length + 1 values or a length
    // below 1.
    Forecast(std::vector<float> curve, int64_t length);

    int64_t size() const override { return static_cast<int64_t>(curve_.size()) - length_; }
    // inputs [N, T, 1], targets [T, N, 1]: at each step the next value.
    Batch batch(std::span<const int32_t> samples) const override;

private:
    std::vector<float> curve_;
    int64_t length_;
};

}  // namespace trilens

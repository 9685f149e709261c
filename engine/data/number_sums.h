// Sequences of numbers uniform in [0, 1), labelled by whether their sum is above a threshold: curriculum RA, made from a seed.
#pragma once

#include "engine/data/data_set.h"

namespace trilens {

class NumberSums : public DataSet {
public:
    // Throws ValueError for fewer than one sequence or number.
    explicit NumberSums(int64_t count = 1000, int64_t length = 10, float threshold = 5, uint64_t seed = 1);

    int64_t size() const override { return count_; }
    // inputs [N, T, 1]; label 1 where the numbers, added in float32 in their order, come to more than the threshold.
    Batch batch(std::span<const int32_t> samples) const override;

private:
    int64_t count_, length_;
    float threshold_;
    uint64_t seed_;
};

}  // namespace trilens

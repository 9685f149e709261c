// A needle to remember: long sequences of noise in which one early value is marked; at the end the network has to say whether it was low or
// high. What the distance does to each kind of cell is the point. After Hochreiter and Schmidhuber 1997, section 5.
#pragma once

#include "engine/data/data_set.h"

namespace trilens {

// Of each step: the value, and 1 where it is the marked one (else 0).
inline constexpr int64_t needle_features = 2;

class Needle : public DataSet {
public:
    // The marked value stands `distance` steps before the last one. Throws ValueError unless 0 < distance < length and there is at least
    // one sequence.
    Needle(int64_t count, int64_t length, int64_t distance, uint64_t seed);

    int64_t size() const override { return count_; }
    // inputs [N, T, 2]: noise uniform in [-1, 1); the marked value is -1 or 1, its label 0 or 1.
    Batch batch(std::span<const int32_t> samples) const override;

private:
    int64_t count_, length_, distance_;
    uint64_t seed_;
};

}  // namespace trilens

// Token sequences of different lengths, each with one class: what a text classifier is trained on.
#pragma once

#include <vector>

#include "engine/data/data_set.h"

namespace trilens {

class LabelledTokens : public DataSet {
public:
    struct Sample {
        std::vector<int32_t> tokens;   // at least one
        int32_t label = 0;
    };
    // In training batches each token becomes `unknown` with the probability `dropout`, anew in every epoch: the model meets words that it
    // does not know.
    // Throws ValueError for a sample of no tokens.
    LabelledTokens(std::vector<Sample> samples, float dropout, int32_t unknown, uint64_t seed);

    int64_t size() const override { return static_cast<int64_t>(samples_.size()); }
    // inputs [N, T], T the longest of them, -1 after the end of a shorter one.
    Batch batch(std::span<const int32_t> samples) const override;
    Batch training_batch(std::span<const int32_t> samples, int64_t epoch) const override;

private:
    std::vector<Sample> samples_;
    float dropout_;
    int32_t unknown_;
    uint64_t seed_;
};

}  // namespace trilens

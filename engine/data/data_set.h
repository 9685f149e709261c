// DataSet: samples by number, made into batches. What a Trainer draws from.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/tensor.h"

namespace trilens {

// Some samples together: inputs [N, ...] and what is to be learned: class numbers, or values, or both empty where the inputs say it all.
struct Batch {
    Tensor inputs;
    std::vector<int32_t> labels;
    Tensor targets;
};

// Reads only: several threads may ask at once.
class DataSet {
public:
    virtual ~DataSet() = default;
    virtual int64_t size() const = 0;

    // The samples as they are. Throws ValueError for a number outside [0, size()).
    virtual Batch batch(std::span<const int32_t> samples) const = 0;
    // The samples as the given pass over the data sees them: augmented, the same bits for the same sample and epoch in whatever batch.
    virtual Batch training_batch(std::span<const int32_t> samples, int64_t epoch) const {
        (void)epoch;
        return batch(samples);
    }
};

}  // namespace trilens

// Each sequence is a stream of its own: any part of the set can be asked for in any order.
#include "engine/data/number_sums.h"

#include <string>

#include "engine/random.h"

namespace trilens {

NumberSums::NumberSums(int64_t count, int64_t length, float threshold, uint64_t seed)
    : count_(count), length_(length), threshold_(threshold), seed_(seed) {
    if (count < 1 || length < 1)
        throw ValueError("number sums: " + std::to_string(count) + " sequences of " + std::to_string(length) +
                         " numbers, expected at least 1");
}

Batch NumberSums::batch(std::span<const int32_t> samples) const {
    Batch out;
    out.inputs = Tensor::uninitialized(Shape{static_cast<int64_t>(samples.size()), length_, 1});
    float* to = out.inputs.data();
    for (const int32_t sample : samples) {
        if (sample < 0 || sample >= count_)
            throw ValueError("number sums: sample " + std::to_string(sample) + ", expected 0 to " + std::to_string(count_ - 1));
        Random random(seed_, static_cast<uint64_t>(sample));
        float sum = 0;
        for (int64_t t = 0; t < length_; ++t) {
            *to = random.uniform();
            sum += *to++;
        }
        out.labels.push_back(sum > threshold_ ? 1 : 0);
    }
    return out;
}

}  // namespace trilens

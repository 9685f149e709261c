// Each sequence is a stream of its own: any part of the set can be asked for in any order.
#include "engine/data/needle.h"

#include <string>

#include "engine/random.h"

namespace trilens {

Needle::Needle(int64_t count, int64_t length, int64_t distance, uint64_t seed)
    : count_(count), length_(length), distance_(distance), seed_(seed) {
    if (count < 1 || distance < 1 || distance >= length)
        throw ValueError("needle: " + std::to_string(count) + " sequences of " + std::to_string(length) + " steps with a distance of " +
                         std::to_string(distance) + ", expected at least 1 and a distance from 1 to " + std::to_string(length - 1));
}

Batch Needle::batch(std::span<const int32_t> samples) const {
    Batch out;
    out.inputs = Tensor(Shape{static_cast<int64_t>(samples.size()), length_, needle_features});
    float* to = out.inputs.data();
    for (const int32_t sample : samples) {
        if (sample < 0 || sample >= count_)
            throw ValueError("needle: sample " + std::to_string(sample) + ", expected 0 to " + std::to_string(count_ - 1));
        Random random(seed_, static_cast<uint64_t>(sample));
        const bool high = random.uniform() < 0.5f;
        const int64_t marked = length_ - 1 - distance_;
        for (int64_t t = 0; t < length_; ++t, to += needle_features) {
            to[0] = random.uniform(-1, 1);
            if (t != marked) continue;
            to[0] = high ? 1.0f : -1.0f;
            to[1] = 1;
        }
        out.labels.push_back(high ? 1 : 0);
    }
    return out;
}

}  // namespace trilens

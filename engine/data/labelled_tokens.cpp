// Padding, and words that go missing.
#include "engine/data/labelled_tokens.h"

#include <algorithm>
#include <string>

#include "engine/random.h"

namespace trilens {

LabelledTokens::LabelledTokens(std::vector<Sample> samples, float dropout, int32_t unknown, uint64_t seed)
    : samples_(std::move(samples)), dropout_(dropout), unknown_(unknown), seed_(seed) {
    for (size_t i = 0; i < samples_.size(); ++i)
        if (samples_[i].tokens.empty())
            throw ValueError("labelled tokens: sample " + std::to_string(i) + " has no tokens, expected at least one");
}

Batch LabelledTokens::batch(std::span<const int32_t> samples) const {
    size_t longest = 0;
    for (const int32_t sample : samples) {
        if (sample < 0 || sample >= size())
            throw ValueError("labelled tokens: sample " + std::to_string(sample) + ", expected 0 to " + std::to_string(size() - 1));
        longest = std::max(longest, samples_[static_cast<size_t>(sample)].tokens.size());
    }
    Batch out;
    out.inputs = Tensor::full(Shape{static_cast<int64_t>(samples.size()), static_cast<int64_t>(longest)}, -1);
    float* row = out.inputs.data();
    for (const int32_t sample : samples) {
        const Sample& from = samples_[static_cast<size_t>(sample)];
        std::ranges::transform(from.tokens, row, [](int32_t token) { return static_cast<float>(token); });
        row += longest;
        out.labels.push_back(from.label);
    }
    return out;
}

Batch LabelledTokens::training_batch(std::span<const int32_t> samples, int64_t epoch) const {
    Batch out = batch(samples);
    const int64_t width = out.inputs.extent(1);
    float* row = out.inputs.data();
    for (const int32_t sample : samples) {
        Random random(seed_, (static_cast<uint64_t>(epoch) << 32) | static_cast<uint32_t>(sample));
        for (int64_t t = 0; t < width && row[t] >= 0; ++t)
            if (random.uniform() < dropout_) row[t] = static_cast<float>(unknown_);
        row += width;
    }
    return out;
}

}  // namespace trilens

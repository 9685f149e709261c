// Two data sets as one: the samples of the first, then those of the second.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/data/data_set.h"

namespace trilens {

class Mixture : public DataSet {
public:
    Mixture(const DataSet& first, const DataSet& second) : first_(first), second_(second) {}
    int64_t size() const override { return first_.size() + second_.size(); }
    Batch batch(std::span<const int32_t> samples) const override {
        return joined(samples, [](const DataSet& set, std::span<const int32_t> own) { return set.batch(own); });
    }
    Batch training_batch(std::span<const int32_t> samples, int64_t epoch) const override {
        return joined(samples, [epoch](const DataSet& set, std::span<const int32_t> own) { return set.training_batch(own, epoch); });
    }

private:
    // Both parts of a batch, put back into the order that was asked for.
    template <typename Read>
    Batch joined(std::span<const int32_t> samples, const Read& read) const {
        std::vector<int32_t> own[2];
        for (const int32_t sample : samples) {
            const bool second = sample >= first_.size();
            own[second].push_back(second ? static_cast<int32_t>(sample - first_.size()) : sample);
        }
        if (own[1].empty()) return read(first_, own[0]);
        if (own[0].empty()) return read(second_, own[1]);
        const Batch parts[2] = {read(first_, own[0]), read(second_, own[1])};
        const Shape& shape = parts[0].inputs.shape();
        std::vector<int64_t> extents(shape.extents().begin(), shape.extents().end());
        const int64_t row = parts[0].inputs.elements() / extents[0];
        extents[0] = static_cast<int64_t>(samples.size());
        Batch all;
        all.inputs = Tensor::uninitialized(Shape(std::span<const int64_t>(extents)));
        int64_t used[2] = {0, 0};
        for (size_t i = 0; i < samples.size(); ++i) {
            const bool second = samples[i] >= first_.size();
            std::copy_n(parts[second].inputs.data() + used[second] * row, row, all.inputs.data() + static_cast<int64_t>(i) * row);
            all.labels.push_back(parts[second].labels[static_cast<size_t>(used[second]++)]);
        }
        return all;
    }

    const DataSet& first_;
    const DataSet& second_;
};

}  // namespace trilens

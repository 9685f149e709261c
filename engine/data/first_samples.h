// The first samples of a data set, so that a learner can see what little data does. They keep their numbers, hence the bits they have among
// all.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "engine/data/data_set.h"
#include "engine/errors.h"

namespace trilens {

class FirstSamples : public DataSet {
public:
    // Throws ValueError for a count outside 1 to the size of `data`.
    FirstSamples(std::shared_ptr<const DataSet> data, int64_t count) : data_(std::move(data)), count_(count) {
        if (count < 1 || count > data_->size())
            throw ValueError("the first " + std::to_string(count) + " samples, expected 1 to " + std::to_string(data_->size()));
    }
    int64_t size() const override { return count_; }
    Batch batch(std::span<const int32_t> samples) const override {
        check(samples);
        return data_->batch(samples);
    }
    Batch training_batch(std::span<const int32_t> samples, int64_t epoch) const override {
        check(samples);
        return data_->training_batch(samples, epoch);
    }

private:
    void check(std::span<const int32_t> samples) const {
        for (const int32_t sample : samples)
            if (sample < 0 || sample >= count_)
                throw ValueError("sample " + std::to_string(sample) + " of the first " + std::to_string(count_));
    }

    std::shared_ptr<const DataSet> data_;
    int64_t count_;
};

}  // namespace trilens

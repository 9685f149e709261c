// A data set without its augmentation: every pass sees the samples as they are. What it takes to watch a network learn by heart.
#pragma once

#include <memory>
#include <utility>

#include "engine/data/data_set.h"

namespace trilens {

class SameEveryPass : public DataSet {
public:
    explicit SameEveryPass(std::shared_ptr<const DataSet> data) : data_(std::move(data)) {}
    int64_t size() const override { return data_->size(); }
    Batch batch(std::span<const int32_t> samples) const override { return data_->batch(samples); }

private:
    std::shared_ptr<const DataSet> data_;
};

}  // namespace trilens

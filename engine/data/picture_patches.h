// A picture as a sequence of its patches: what a vision Transformer reads. Dosovitskiy et al. 2021, section 3.1.
#pragma once

#include <cstdint>

#include "engine/data/data_set.h"
#include "engine/tensor.h"

namespace trilens {

// [1, H, W] -> [H / patch * W / patch, patch * patch], or [N, 1, H, W] -> [N, ...]: patches row by row, the pixels of each row by row.
// Throws ShapeError for another rank, more than one channel, or a side that `patch` does not divide.
Tensor picture_patches(const Tensor& picture, int64_t patch);

// Pictures of another data set ([N, 1, H, W], labels N), cut into patches after what that does to them in training. `pictures` must outlive
// it.
class PatchedPictures : public DataSet {
public:
    PatchedPictures(const DataSet& pictures, int64_t patch) : pictures_(pictures), patch_(patch) {}
    int64_t size() const override { return pictures_.size(); }
    Batch batch(std::span<const int32_t> samples) const override { return cut(pictures_.batch(samples)); }
    Batch training_batch(std::span<const int32_t> samples, int64_t epoch) const override {
        return cut(pictures_.training_batch(samples, epoch));
    }

private:
    Batch cut(Batch batch) const;

    const DataSet& pictures_;
    int64_t patch_;
};

}  // namespace trilens

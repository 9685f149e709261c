// Labelled pictures in bytes, as the files of MNIST and its relatives hold them, of 2 to 10 classes, augmented anew in each pass.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/data/augment.h"
#include "engine/data/data_set.h"
#include "engine/data/idx.h"

namespace trilens {

class DigitPictures : public DataSet {
public:
    // Pictures [N, 28, 28] and labels [N], N at least 1, copied. Throws FormatError, saying what was found, for other shapes, counts that
    // differ, or a label over 9. Without `augmentation` the training batches are the pictures as they are; `seed` is what it draws from.
    DigitPictures(const IdxArray& pictures, const IdxArray& labels, std::optional<Augmentation> augmentation = {}, uint64_t seed = 0);

    // The largest label and one more, at least 2: how many classes a network needs for these pictures.
    int32_t classes() const { return classes_; }
    int64_t size() const override { return static_cast<int64_t>(labels_.size()); }
    Batch batch(std::span<const int32_t> samples) const override;
    Batch training_batch(std::span<const int32_t> samples, int64_t epoch) const override;

private:
    std::vector<uint8_t> pixels_, labels_;
    std::optional<Augmentation> augmentation_;
    uint64_t seed_;
    int32_t classes_ = 2;
};

}  // namespace trilens

// Bytes to batches: [N, 1, 28, 28] in [0, 1].
#include "engine/data/digit_pictures.h"

#include <string>

#include "engine/errors.h"
#include "engine/io/digit_picture.h"

namespace trilens {
namespace {
constexpr int64_t pixels = digit_side * digit_side;
}

DigitPictures::DigitPictures(const IdxArray& pictures, const IdxArray& labels, std::optional<Augmentation> augmentation, uint64_t seed)
    : pixels_(pictures.values.begin(), pictures.values.end()),
      labels_(labels.values.begin(), labels.values.end()),
      augmentation_(augmentation),
      seed_(seed) {
    if (pictures.shape != Shape{size(), digit_side, digit_side} || labels.shape != Shape{size()})
        throw FormatError("digit pictures: " + pictures.shape.text() + " with labels " + labels.shape.text() +
                          ", expected [N, 28, 28] and [N]");
    for (size_t i = 0; i < labels_.size(); ++i)
        if (labels_[i] > 9)
            throw FormatError("digit pictures: label " + std::to_string(i) + " is " + std::to_string(labels_[i]) + ", expected 0 to 9");
}

Batch DigitPictures::batch(std::span<const int32_t> samples) const {
    Batch batch;
    batch.inputs = Tensor::uninitialized(Shape{static_cast<int64_t>(samples.size()), 1, digit_side, digit_side});
    float* to = batch.inputs.data();
    for (const int32_t sample : samples) {
        if (sample < 0 || sample >= size())
            throw ValueError("digit pictures: sample " + std::to_string(sample) + " of " + std::to_string(size()));
        const uint8_t* from = pixels_.data() + static_cast<int64_t>(sample) * pixels;
        for (int64_t i = 0; i < pixels; ++i) *to++ = static_cast<float>(from[i]) / 255.0f;
        batch.labels.push_back(labels_[static_cast<size_t>(sample)]);
    }
    return batch;
}

Batch DigitPictures::training_batch(std::span<const int32_t> samples, int64_t epoch) const {
    Batch plain = batch(samples);
    if (!augmentation_) return plain;
    Tensor inputs = Tensor::uninitialized(plain.inputs.shape());
    for (size_t i = 0; i < samples.size(); ++i) {
        const auto at = static_cast<int64_t>(i) * pixels;
        Random random(seed_, static_cast<uint64_t>(epoch * size() + samples[i]));
        augment(plain.inputs.data() + at, digit_side, digit_side, *augmentation_, random, inputs.data() + at);
    }
    plain.inputs = inputs;
    return plain;
}

}  // namespace trilens

// Bytes to batches: [N, 1, 28, 28] in [0, 1].
#include "engine/data/digit_pictures.h"

#include <algorithm>
#include <string>

#include "engine/errors.h"
#include "engine/io/digit_picture.h"
#include "engine/parallel.h"

namespace trilens {
namespace {

constexpr int64_t pixels = digit_side * digit_side;

void check(const Shape& pictures, const Shape& labels) {
    if (pictures.rank() == 1 && labels.rank() == 3) throw FormatError("digit pictures: the files of pictures and labels are swapped");
    if (pictures.rank() != 3 || pictures[1] != digit_side || pictures[2] != digit_side)
        throw FormatError("digit pictures: pictures " + pictures.text() + ", expected [N, 28, 28]");
    if (labels.rank() != 1)
        throw FormatError("digit pictures: labels " + labels.text() + ", expected [" + std::to_string(pictures[0]) + "]");
    if (labels[0] != pictures[0])
        throw FormatError("digit pictures: " + std::to_string(pictures[0]) + " pictures and " + std::to_string(labels[0]) +
                          " labels, expected one for each");
    if (pictures[0] == 0) throw FormatError("digit pictures: 0 pictures, expected at least 1");
}

}  // namespace

DigitPictures::DigitPictures(const IdxArray& pictures, const IdxArray& labels, std::optional<Augmentation> augmentation, uint64_t seed)
    : pixels_(pictures.values.begin(), pictures.values.end()),
      labels_(labels.values.begin(), labels.values.end()),
      augmentation_(augmentation),
      seed_(seed) {
    check(pictures.shape, labels.shape);
    for (size_t i = 0; i < labels_.size(); ++i) {
        if (labels_[i] > 9)
            throw FormatError("digit pictures: label " + std::to_string(i) + " is " + std::to_string(labels_[i]) + ", expected 0 to 9");
        classes_ = std::max(classes_, labels_[i] + 1);
    }
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
    parallel_for(static_cast<int64_t>(samples.size()), 4, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            Random random(seed_, static_cast<uint64_t>(epoch * size() + samples[static_cast<size_t>(i)]));
            const float* from = plain.inputs.data() + i * pixels;
            augment(from, digit_side, digit_side, *augmentation_, random, inputs.data() + i * pixels);
        }
    });
    plain.inputs = inputs;
    return plain;
}

}  // namespace trilens

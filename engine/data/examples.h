// Examples: a few drawings or pictures of the learner's own classes, varied into as many samples as training needs.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/data/augment.h"
#include "engine/data/data_set.h"
#include "engine/data/stroke_variation.h"
#include "engine/data/strokes.h"

namespace trilens {

inline constexpr int32_t fewest_classes = 2, most_classes = 10;

// One thing the learner made: strokes in [0, 1]^2 as they are to be drawn (already smoothed), or a picture [1, 1, 28, 28] (by
// digit_picture).
struct Example {
    std::vector<Stroke> strokes;
    std::optional<Tensor> picture;  // counts instead of the strokes
    int32_t label = 0;
};

struct ExampleSettings {
    int32_t classes = fewest_classes;
    int64_t variants = 200;  // samples of each class in an epoch, whatever the number of its drawings
    uint64_t seed = 0;
    bool augment = true;  // without: every sample is its drawing as it is
    bool hold_out = true;  // without: drawings are never kept from training, for a last run on all there is
    float brush_radius = 0.05f;  // of drawings without augmentation, a share of the side
    StrokeVariation strokes = {};  // with augmentation
    Augmentation pictures{.shift = 1.0f, .scale = 0.12f, .rotation = 0.2f, .slant = 0.2f, .thickness = 0.5f, .kept = 0.1f};
};

// Sample numbers, both in rising order. (The Trainer's Split, which data knows nothing of.)
struct ExamplesSplit {
    std::vector<int32_t> training, validation;
};

// Sample i is of class i mod classes. Of each class the last 15 % of the samples (rounded down) are for validation. Where a class has 4
// drawings or more (and `hold_out` is on), those are variants of a quarter of its drawings (rounded down, chosen by the seed) that no
// training sample is made from. Where it has fewer, they are variants of the drawings that are trained on, and validation measures no more
// than how well variants are told apart, which is too good to be true. Both parts hold as many samples of each class.
// A sample's bits depend on the examples, settings, epoch and its number alone.
class Examples : public DataSet {
public:
    // Throws ValueError for a number of classes outside 2 to 10, a label outside them, a class or an example without anything drawn, a
    // point that is not finite, fewer than 2 variants, or a brush that is not more than 0; ShapeError for a picture that is not [1, 1, 28,
    // 28]. Messages count classes and examples from 1, as learners do.
    Examples(std::vector<Example> examples, const ExampleSettings& settings);

    int64_t size() const override { return settings_.classes * settings_.variants; }
    Batch batch(std::span<const int32_t> samples) const override { return training_batch(samples, 0); }
    Batch training_batch(std::span<const int32_t> samples, int64_t epoch) const override;

    ExamplesSplit examples_split() const;
    // The number, in the list given, of the example that a sample is made from. Where a class has more drawings than samples, each epoch
    // takes the next ones in turn. Throws ValueError for a sample that is not there.
    int32_t example_of(int32_t sample, int64_t epoch = 0) const;
    // Whether validation looks at drawings of this class (from 0) that training never sees.
    bool has_held_out(int32_t label) const { return !parts_[static_cast<size_t>(label)].held_out.empty(); }

private:
    struct Parts {
        std::vector<int32_t> training, held_out;  // numbers of examples
    };
    int64_t training_variants() const;
    void make(int32_t sample, int64_t epoch, float* to) const;

    std::vector<Example> examples_;
    ExampleSettings settings_;
    std::vector<Parts> parts_;  // of each class
};

}  // namespace trilens

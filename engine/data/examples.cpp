// Which example a sample is made from, and how.
#include "engine/data/examples.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "engine/errors.h"
#include "engine/io/digit_picture.h"
#include "engine/parallel.h"

namespace trilens {
namespace {

constexpr int64_t raster_side = 84;   // as generated digits are drawn
constexpr int64_t pixels = digit_side * digit_side;

std::string from_1(int64_t number) { return std::to_string(number + 1); }

void check(const ExampleSettings& settings) {
    if (settings.classes < fewest_classes || settings.classes > most_classes)
        throw ValueError(std::to_string(settings.classes) + " classes; a network can learn " + std::to_string(fewest_classes) + " to " +
                         std::to_string(most_classes));
    if (settings.variants < 2 || settings.variants > 1'000'000)
        throw ValueError(std::to_string(settings.variants) + " variants of each class, allowed are 2 to 1000000");
    for (const float radius : {settings.brush_radius, settings.strokes.thinnest, settings.strokes.thickest})
        if (!(radius > 0) || !std::isfinite(radius)) throw ValueError("brush radius " + std::to_string(radius) + ", expected more than 0");
}

void check(const Example& example, size_t number, int32_t classes) {
    const std::string which = "drawing " + from_1(static_cast<int64_t>(number));
    if (example.label < 0 || example.label >= classes)
        throw ValueError(which + " is of class " + from_1(example.label) + ", but there are classes 1 to " + std::to_string(classes));
    if (example.picture) {
        if (example.picture->shape() != Shape{1, 1, digit_side, digit_side})
            throw ShapeError(which + " is a picture of " + example.picture->shape().text() + ", expected [1, 1, 28, 28]");
        return;
    }
    if (std::ranges::all_of(example.strokes, [](const Stroke& stroke) { return stroke.empty(); })) throw ValueError(which + " is empty");
    for (const Stroke& stroke : example.strokes)
        for (const Point point : stroke)
            if (!std::isfinite(point.x) || !std::isfinite(point.y)) throw ValueError(which + " has a point that is not finite");
}

// Epoch after epoch on through the list, `count` a time.
int32_t taken(const std::vector<int32_t>& from, int64_t number, int64_t count, int64_t epoch) {
    return from[static_cast<size_t>(epoch * count + number) % from.size()];
}

}  // namespace

Examples::Examples(std::vector<Example> examples, const ExampleSettings& settings) : examples_(std::move(examples)), settings_(settings) {
    check(settings_);
    std::vector<std::vector<int32_t>> members(static_cast<size_t>(settings_.classes));
    for (size_t i = 0; i < examples_.size(); ++i) {
        check(examples_[i], i, settings_.classes);
        members[static_cast<size_t>(examples_[i].label)].push_back(static_cast<int32_t>(i));
    }
    for (size_t label = 0; label < members.size(); ++label) {
        if (members[label].empty()) throw ValueError("class " + from_1(static_cast<int64_t>(label)) + " has no drawing yet");
        // A stream of its own, far from those of samples.
        Random random(settings_.seed, ~static_cast<uint64_t>(label));
        random.shuffle(members[label]);
        const auto held_out = static_cast<std::ptrdiff_t>(settings_.hold_out ? members[label].size() / 4 : 0);
        Parts& parts = parts_.emplace_back();
        parts.held_out.assign(members[label].begin(), members[label].begin() + held_out);
        parts.training.assign(members[label].begin() + held_out, members[label].end());
    }
}

int64_t Examples::training_variants() const { return settings_.variants - settings_.variants * 15 / 100; }

int32_t Examples::example_of(int32_t sample, int64_t epoch) const {
    if (sample < 0 || sample >= size()) throw ValueError("examples: sample " + std::to_string(sample) + " of " + std::to_string(size()));
    const Parts& parts = parts_[static_cast<size_t>(sample % settings_.classes)];
    const int64_t variant = sample / settings_.classes, trained = training_variants();
    if (variant >= trained && !parts.held_out.empty()) return taken(parts.held_out, variant - trained, settings_.variants - trained, epoch);
    if (variant >= trained) return taken(parts.training, variant, settings_.variants, 0);
    return taken(parts.training, variant, trained, epoch);
}

ExamplesSplit Examples::examples_split() const {
    ExamplesSplit split;
    const auto training = static_cast<int32_t>(training_variants() * settings_.classes);
    for (int32_t sample = 0; sample < static_cast<int32_t>(size()); ++sample)
        (sample < training ? split.training : split.validation).push_back(sample);
    return split;
}

void Examples::make(int32_t sample, int64_t epoch, float* to) const {
    const Example& example = examples_[static_cast<size_t>(example_of(sample, epoch))];
    Random random(settings_.seed, static_cast<uint64_t>(epoch * size() + sample));
    if (example.picture && settings_.augment) {
        augment(example.picture->data(), digit_side, digit_side, settings_.pictures, random, to);
    } else if (example.picture) {
        std::ranges::copy(example.picture->values(), to);
    } else if (settings_.augment) {
        const VariedStrokes varied = vary_strokes(example.strokes, settings_.strokes, random);
        std::ranges::copy(digit_picture(rasterize(varied.strokes, varied.brush_radius, raster_side)).values(), to);
    } else {
        std::ranges::copy(digit_picture(rasterize(example.strokes, settings_.brush_radius, raster_side)).values(), to);
    }
}

Batch Examples::training_batch(std::span<const int32_t> samples, int64_t epoch) const {
    Batch batch;
    const auto count = static_cast<int64_t>(samples.size());
    batch.inputs = Tensor::uninitialized(Shape{count, 1, digit_side, digit_side});
    for (const int32_t sample : samples) batch.labels.push_back(examples_[static_cast<size_t>(example_of(sample, epoch))].label);
    parallel_for(count, 4, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) make(samples[static_cast<size_t>(i)], epoch, batch.inputs.data() + i * pixels);
    });
    return batch;
}

}  // namespace trilens

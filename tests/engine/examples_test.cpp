// The learner's own classes: which drawings are trained on, that variants stay in their class, and that a network learns from a handful of
// them.
#include "engine/data/examples.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/autograd/loss.h"
#include "engine/data/first_samples.h"
#include "engine/errors.h"
#include "engine/io/digit_picture.h"
#include "engine/models/architecture.h"
#include "engine/parallel.h"
#include "engine/train/trainer.h"

using namespace trilens;

namespace {

// `counts[c]` drawings of digit `digits[c]` as class c.
std::vector<Example> drawings(const std::vector<int32_t>& digits, const std::vector<int>& counts, uint64_t seed = 1) {
    Random random(seed);
    std::vector<Example> examples;
    for (size_t label = 0; label < digits.size(); ++label)
        for (int i = 0; i < counts[label]; ++i) examples.push_back({draw_digit(digits[label], random), {}, static_cast<int32_t>(label)});
    return examples;
}

std::vector<int32_t> first(int64_t count) {
    std::vector<int32_t> numbers;
    for (int32_t i = 0; i < count; ++i) numbers.push_back(i);
    return numbers;
}

StrokeVariation no_variation(float radius) { return {0, 0, 0, 0, 0, 0.2f, 0, radius, radius}; }

template <class E>
std::string refusal(std::vector<Example> examples, const ExampleSettings& settings) {
    try {
        Examples(std::move(examples), settings);
    } catch (const E& error) {
        return error.what();
    }
    return "accepted";
}

float mean_distance(const Tensor& a, const Tensor& b) {
    float sum = 0;
    for (int64_t i = 0; i < a.elements(); ++i) sum += std::fabs(a.data()[i] - b.data()[i]);
    return sum / static_cast<float>(a.elements());
}

}  // namespace

TEST_CASE("a quarter of the drawings of a class with four or more is never trained on, and no drawing is forgotten") {
    const std::vector<int> counts = {3, 4, 9, 40};
    const Examples data(drawings({0, 1, 2, 3}, counts), {.classes = 4, .variants = 200, .seed = 5});
    const ExamplesSplit split = data.examples_split();
    std::vector<std::set<int32_t>> trained(4), validated(4);
    std::map<int32_t, int> trained_samples, validated_samples;
    for (const int32_t sample : split.training) trained[sample % 4].insert(data.example_of(sample)), ++trained_samples[sample % 4];
    for (const int32_t sample : split.validation) validated[sample % 4].insert(data.example_of(sample)), ++validated_samples[sample % 4];

    CHECK(split.training.size() + split.validation.size() == 800);
    CHECK(std::ranges::is_sorted(split.training));
    CHECK(std::ranges::is_sorted(split.validation));
    for (int32_t label = 0; label < 4; ++label) {
        CAPTURE(label);
        const auto count = static_cast<size_t>(counts[static_cast<size_t>(label)]);
        CHECK(trained_samples[label] == 170);  // balanced, whatever the number of drawings
        CHECK(validated_samples[label] == 30);
        std::set<int32_t> both;
        std::ranges::set_intersection(trained[label], validated[label], std::inserter(both, both.begin()));
        CHECK(data.has_held_out(label) == (count >= 4));
        CHECK(both.size() == (count >= 4 ? 0 : count));
        CHECK(trained[label].size() == count - (count >= 4 ? count / 4 : 0));
        CHECK(validated[label].size() == (count >= 4 ? count / 4 : count));
    }
    const Examples other(drawings({0, 1, 2, 3}, counts), {.classes = 4, .variants = 200, .seed = 6});
    bool differs = false;
    for (const int32_t sample : split.validation) differs |= data.example_of(sample) != other.example_of(sample);
    CHECK(differs);
    const Examples all(drawings({0, 1, 2, 3}, counts), {.classes = 4, .seed = 5, .hold_out = false});
    std::set<int32_t> used;
    for (const int32_t sample : all.examples_split().training) used.insert(all.example_of(sample));
    CHECK(used.size() == 3 + 4 + 9 + 40);
}

TEST_CASE("more drawings than samples take turns from epoch to epoch, the held-out ones still apart") {
    const Examples data(drawings({0, 1}, {40, 5}), {.classes = 2, .variants = 10, .seed = 2});
    const ExamplesSplit split = data.examples_split();
    std::set<int32_t> trained, validated;
    for (int64_t epoch = 0; epoch < 12; ++epoch) {
        for (const int32_t sample : split.training) trained.insert(data.example_of(sample, epoch));
        for (const int32_t sample : split.validation) validated.insert(data.example_of(sample, epoch));
    }
    CHECK(trained.size() == 30 + 4);
    CHECK(validated.size() == 10 + 1);
    for (const int32_t example : validated) CHECK(!trained.contains(example));
}

TEST_CASE("a sample depends on seed, epoch and its number alone, in whatever batch and with any number of threads") {
    const ExampleSettings settings{.classes = 3, .variants = 20, .seed = 7};
    const Examples data(drawings({3, 5, 8}, {5, 2, 8}), settings), same(drawings({3, 5, 8}, {5, 2, 8}), settings);
    const Batch all = data.batch(first(60));
    CHECK(all.inputs.shape() == Shape{60, 1, 28, 28});
    for (int32_t i = 0; i < 60; ++i) REQUIRE(all.labels[static_cast<size_t>(i)] == i % 3);
    const int before = threads();
    set_threads(3);
    CHECK(checksum(all.inputs) == checksum(same.batch(first(60)).inputs));
    set_threads(before);
    CHECK(checksum(all.inputs) == checksum(data.training_batch(first(60), 0).inputs));
    CHECK(checksum(all.inputs) != checksum(data.training_batch(first(60), 1).inputs));
    CHECK(checksum(data.training_batch(std::vector<int32_t>{41}, 3).inputs) ==
          checksum(data.training_batch(first(60), 3).inputs.rows(41, 1)));
    std::set<uint64_t> pictures;
    for (int64_t i = 0; i < 60; ++i) pictures.insert(checksum(all.inputs.rows(i, 1)));
    CHECK(pictures.size() == 60);
    CHECK_THROWS_AS(data.batch(std::vector<int32_t>{60}), ValueError);
    CHECK_THROWS_AS(data.batch(std::vector<int32_t>{-1}), ValueError);
}

TEST_CASE("without augmentation a sample is its drawing or picture, as the pad shows it to the network") {
    std::vector<Example> examples = drawings({2, 6}, {3, 1});
    Random random(9);
    examples.push_back({{}, digit_from_strokes(6, random), 1});
    ExampleSettings settings{.classes = 2, .variants = 10, .augment = false, .brush_radius = 0.04f};
    const Examples data(examples, settings);
    for (int32_t sample = 0; sample < 20; ++sample) {
        const Example& example = examples[static_cast<size_t>(data.example_of(sample))];
        const Tensor expected = example.picture ? *example.picture : digit_picture(rasterize(example.strokes, 0.04f, 84));
        REQUIRE(checksum(data.training_batch(std::vector<int32_t>{sample}, 0).inputs) == checksum(expected));
    }
    // Variation by nothing draws the same lines, through more points.
    settings.augment = true, settings.strokes = no_variation(0.04f), settings.pictures = {0, 0, 0, 0, 0, 1};
    const Batch varied = Examples(examples, settings).batch(first(20)), plain = data.batch(first(20));
    CHECK(mean_distance(varied.inputs, plain.inputs) < 1e-4f);
    settings.strokes = {}, settings.pictures = {};
    CHECK(mean_distance(Examples(examples, settings).batch(first(20)).inputs, plain.inputs) > 0.02f);
}

TEST_CASE("variation moves every point, but not far, and keeps strokes apart and their ends") {
    const std::vector<Stroke> strokes = {{{0.3f, 0.2f}, {0.3f, 0.8f}, {0.7f, 0.8f}}, {{0.5f, 0.4f}}, {}};
    const StrokeVariation variation;
    float largest = 0, thinnest = 1, thickest = 0;
    for (uint64_t stream = 0; stream < 300; ++stream) {
        Random random(2, stream);
        const VariedStrokes varied = vary_strokes(strokes, variation, random);
        REQUIRE(varied.strokes.size() == 3);
        REQUIRE(varied.strokes[0].size() > 5);
        REQUIRE(varied.strokes[1].size() == 1);
        REQUIRE(varied.strokes[2].empty());
        const Point start = varied.strokes[0].front(), end = varied.strokes[0].back();
        largest = std::max({largest, std::fabs(start.x - 0.3f), std::fabs(start.y - 0.2f), std::fabs(end.x - 0.7f)});
        thinnest = std::min(thinnest, varied.brush_radius), thickest = std::max(thickest, varied.brush_radius);
    }
    CHECK(largest > 0.08f);
    CHECK(largest < 0.35f);
    CHECK(thinnest < 0.031f);
    CHECK(thinnest >= 0.03f);
    CHECK(thickest > 0.059f);
    CHECK(thickest <= 0.06f);
    Random random(1);
    const VariedStrokes dot = vary_strokes(std::vector<Stroke>{{{0.5f, 0.4f}}}, variation, random);
    CHECK(dot.strokes[0][0].x == 0.5f);  // there is nothing to turn or stretch
}

TEST_CASE("what cannot be learned from is refused in words that say what to do") {
    const ExampleSettings three{.classes = 3};
    CHECK(refusal<ValueError>(drawings({0, 1}, {2, 2}), three) == "class 3 has no drawing yet");
    CHECK(refusal<ValueError>({}, three) == "class 1 has no drawing yet");
    CHECK(refusal<ValueError>(drawings({0, 1, 2, 3}, {1, 1, 1, 1}), three) == "drawing 4 is of class 4, but there are classes 1 to 3");
    CHECK(refusal<ValueError>(drawings({0}, {1}), {.classes = 1}) == "1 classes; a network can learn 2 to 10");
    CHECK(refusal<ValueError>(drawings({0}, {1}), {.classes = 11}) == "11 classes; a network can learn 2 to 10");
    CHECK(refusal<ValueError>(drawings({0, 1}, {1, 1}), {.classes = 2, .variants = 1}) ==
          "1 variants of each class, allowed are 2 to 1000000");
    std::vector<Example> spoiled = drawings({0, 1}, {1, 1});
    spoiled[1].strokes = {{}, {}};
    CHECK(refusal<ValueError>(spoiled, {}) == "drawing 2 is empty");
    spoiled[1].strokes = {{{0.5f, std::numeric_limits<float>::quiet_NaN()}}};
    CHECK(refusal<ValueError>(spoiled, {}) == "drawing 2 has a point that is not finite");
    spoiled[1].label = -1;
    CHECK(refusal<ValueError>(spoiled, {}) == "drawing 2 is of class 0, but there are classes 1 to 2");
    spoiled[1] = {{}, Tensor(Shape{28, 28}), 1};
    CHECK(refusal<ShapeError>(spoiled, {}) == "drawing 2 is a picture of [28, 28], expected [1, 1, 28, 28]");
    CHECK(refusal<ValueError>(drawings({0, 1}, {1, 1}), {.classes = 2, .brush_radius = 0}).starts_with("brush radius"));
}

TEST_CASE("a network that learned from eight drawings a class reads 95 % of drawings by other seeds") {
    const std::vector<int32_t> digits = {0, 4, 7};
    const Examples data(drawings(digits, {8, 8, 8}, 100), {.classes = 3, .seed = 1});
    const ExamplesSplit split = data.examples_split();
    Random random(3);
    Sequential network = make_classifier(parse_architecture("conv 8 5 stride 2, relu, max 2, dense 32, relu"), Shape{1, 28, 28}, 3, random);
    TrainerSettings settings;
    settings.optimizer.kind = OptimizerKind::adam;
    settings.optimizer.rate = 4e-3f;
    settings.batch = 32;
    settings.history_bytes = 0;
    const auto loss = [&](Graph& graph, const Batch& batch) {
        const Value scores = network.forward(graph.input(batch.inputs, "input"));
        return Outcome{cross_entropy(scores, batch.labels), scores};
    };
    Trainer trainer(network.parameters(), network.buffers(), loss, data, {split.training, split.validation}, settings);
    trainer.step([&] { return trainer.steps() < 120; });

    Graph graph;
    Tensor pictures = Tensor::uninitialized(Shape{300, 1, 28, 28});
    for (int64_t i = 0; i < 300; ++i) {
        Random hand(9000, static_cast<uint64_t>(i));
        std::ranges::copy(digit_from_strokes(digits[static_cast<size_t>(i % 3)], hand).values(), pictures.data() + i * 784);
    }
    const Tensor scores = network.forward(graph.input(pictures, "input")).tensor();
    int right = 0;
    for (int64_t i = 0; i < 300; ++i)
        right += std::max_element(&scores.data()[i * 3], &scores.data()[i * 3] + 3) - &scores.data()[i * 3] == i % 3;
    CAPTURE(right);
    CHECK(right >= 285);
}

TEST_CASE("the first samples of a data set are those it has among all") {
    const auto data = std::make_shared<const StrokeDigits>(50, 3);
    const FirstSamples few(data, 20);
    CHECK(few.size() == 20);
    CHECK(checksum(few.batch(first(20)).inputs) == checksum(data->batch(first(20)).inputs));
    CHECK(checksum(few.training_batch(first(20), 2).inputs) == checksum(data->training_batch(first(20), 2).inputs));
    CHECK_THROWS_WITH_AS(few.batch(std::vector<int32_t>{20}), "sample 20 of the first 20", ValueError);
    CHECK_THROWS_AS(few.training_batch(std::vector<int32_t>{-1}, 0), ValueError);
    CHECK_THROWS_WITH_AS(FirstSamples(data, 51), "the first 51 samples, expected 1 to 50", ValueError);
    CHECK_THROWS_AS(FirstSamples(data, 0), ValueError);
}

// The vision Transformer as it is shipped: what its file says of itself, and that it reads digits.
#include <doctest/doctest.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string>

#include "demos/weights.h"
#include "engine/data/picture_patches.h"
#include "engine/data/strokes.h"
#include "engine/models/transformer_file.h"
#include "engine/train/weights.h"

using namespace trilens;

namespace {

constexpr int64_t patch = 4, digits = 200;

// Drawn digits of a seed that no training used: how many are read rightly.
int64_t right(Transformer& model, const TransformerLook& look) {
    const StrokeDigits drawn(digits, 4711);
    const PatchedPictures data(drawn, patch);
    int64_t count = 0;
    for (int32_t sample = 0; sample < digits; ++sample) {
        const Batch batch = data.batch(std::span(&sample, 1));
        Graph graph;
        const Tensor scores = model.forward(graph, batch.inputs, look).tensor();
        const auto values = scores.values();
        count += std::ranges::max_element(values) - values.begin() == batch.labels[0] ? 1 : 0;
    }
    return count;
}

}  // namespace

TEST_CASE("the shipped vision Transformer reads drawn digits, and by where their patches are") {
    const TransformerFile file = read_transformer_file(weights("vit"));
    CHECK(right(*file.model, {}) >= 196);
    CHECK(right(*file.model, {.positions = false}) < digits / 2);
}

TEST_CASE("the class token of the shipped vision Transformer attends to all patches of a drawing") {
    const TransformerFile file = read_transformer_file(weights("vit"));
    Random random(5);
    Graph graph;
    const Tensor digit = digit_from_strokes(3, random);
    file.model->forward(graph, picture_patches(digit.reshaped(Shape{1, 28, 28}), patch));
    for (const char* name : {"encoder.0.weights", "encoder.1.weights", "encoder.2.weights"}) {
        const Tensor attention = graph.find(name).tensor();
        REQUIRE(attention.shape() == Shape{4, 50, 50});
        for (int64_t head = 0; head < 4; ++head) {
            const auto row = attention.values().subspan(static_cast<size_t>(head * 50 * 50), 50);
            float sum = 0;
            for (const float weight : row) sum += weight;
            CHECK(sum == doctest::Approx(1).epsilon(1e-5));
            CHECK(*std::ranges::min_element(row) > 0);
        }
    }
}

TEST_CASE("the shipped vision Transformer's file tells its patches, its checksum and an accuracy of at least 97 %") {
    CHECK(weights("vit").size() <= 250000);
    const TransformerFile file = read_transformer_file(weights("vit"));
    CHECK(file.metadata.at("patch") == std::to_string(patch));
    CHECK(file.model->plan().features == patch * patch);
    CHECK(file.model->plan().head == TransformerPlan::Head::class_token);

    uint64_t sum = checksum(Tensor(Shape{0}));
    for (const auto& [name, tensor] : collect_weights(file.model->parameters()).tensors) sum = checksum(tensor, sum);
    char hexadecimal[20];
    std::snprintf(hexadecimal, sizeof hexadecimal, "%016llx", static_cast<unsigned long long>(sum));
    CHECK(file.metadata.at("checksum") == hexadecimal);

    const std::string& accuracy = file.metadata.at("accuracy");
    double percent = 0;
    std::from_chars(accuracy.data(), accuracy.data() + accuracy.size(), percent);
    CHECK_MESSAGE(percent >= 97, accuracy);
}

// Labelled token sequences and windows of a text, by hand.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/data/labelled_tokens.h"
#include "engine/data/text_windows.h"
#include "engine/errors.h"

using namespace trilens;

namespace {

std::vector<float> values(const Tensor& tensor) { return {tensor.values().begin(), tensor.values().end()}; }
const std::vector<LabelledTokens::Sample> three = {{{5, 6, 7}, 1}, {{8}, 0}, {{9, 3}, 1}};

}  // namespace

TEST_CASE("a batch of token sequences is as wide as the longest of them, with -1 after the end of the others") {
    const LabelledTokens data(three, 0.5f, 0, 1);
    CHECK(data.size() == 3);
    const Batch batch = data.batch(std::vector<int32_t>{1, 0, 2});
    CHECK(batch.inputs.shape() == Shape{3, 3});
    CHECK(values(batch.inputs) == std::vector<float>{8, -1, -1, 5, 6, 7, 9, 3, -1});
    CHECK(batch.labels == std::vector<int32_t>{0, 1, 1});
    CHECK(data.batch(std::vector<int32_t>{1}).inputs.shape() == Shape{1, 1});
    CHECK_THROWS_AS(data.batch(std::vector<int32_t>{3}), ValueError);
    CHECK_THROWS_AS(data.training_batch(std::vector<int32_t>{-1}, 0), ValueError);
    CHECK_THROWS_AS(LabelledTokens({{{1}, 0}, {{}, 1}}, 0, 0, 1), ValueError);
}

TEST_CASE("word dropout: the share asked for, anew in each epoch, the same whatever the batch, and never the padding") {
    std::vector<LabelledTokens::Sample> samples;
    for (int32_t i = 0; i < 50; ++i) samples.push_back({std::vector<int32_t>(static_cast<size_t>(20 + i % 7), 4), i % 2});
    const LabelledTokens data(samples, 0.3f, 0, 9);
    int64_t dropped = 0, all = 0;
    for (int32_t i = 0; i < 50; ++i) {
        const Tensor alone = data.training_batch(std::vector<int32_t>{i}, 2).inputs;
        const Tensor beside = data.training_batch(std::vector<int32_t>{6, i}, 2).inputs;   // sample 6 is as long as any
        for (int64_t t = 0; t < alone.elements(); ++t) {
            REQUIRE((alone.data()[t] == 0 || alone.data()[t] == 4));
            REQUIRE(alone.data()[t] == beside.data()[beside.extent(1) + t]);
            dropped += alone.data()[t] == 0 ? 1 : 0, ++all;
        }
        for (int64_t t = alone.elements(); t < beside.extent(1); ++t) REQUIRE(beside.data()[beside.extent(1) + t] == -1);
    }
    CHECK(static_cast<double>(dropped) / static_cast<double>(all) == doctest::Approx(0.3).epsilon(0.1));
    const std::vector<int32_t> first{0};
    CHECK(values(data.training_batch(first, 0).inputs) != values(data.training_batch(first, 1).inputs));
    CHECK(values(LabelledTokens(samples, 0.3f, 0, 10).training_batch(first, 0).inputs) != values(data.training_batch(first, 0).inputs));
    CHECK(values(LabelledTokens(samples, 0, 0, 9).training_batch(first, 0).inputs) == values(data.batch(first).inputs));
}

TEST_CASE("windows of a text: each step's label is the next character, labels in the order of time") {
    const std::string text = "abcabd\u7535!";
    const Vocabulary vocabulary = character_vocabulary(text);
    CHECK(vocabulary.size() == 7);
    CHECK(vocabulary.number("a") == 1);
    CHECK(vocabulary.number("b") == 2);
    const TextWindows windows(text, vocabulary, 3, 2);
    REQUIRE(windows.size() == 3);   // beginning at 0, 2 and 4; the next would lack its last label
    const Batch batch = windows.batch(std::vector<int32_t>{2, 0});
    const auto number = [&](const char* character) { return vocabulary.number(character); };
    CHECK(batch.inputs.shape() == Shape{2, 3});
    const std::vector<float> expected{static_cast<float>(number("b")),      static_cast<float>(number("d")),
                                      static_cast<float>(number("\u7535")), static_cast<float>(number("a")),
                                      static_cast<float>(number("b")),      static_cast<float>(number("c"))};
    CHECK(values(batch.inputs) == expected);
    CHECK(batch.labels == std::vector<int32_t>{number("d"), number("b"), number("\u7535"), number("c"), number("!"), number("a")});
}

TEST_CASE("the last window ends one character before the text does, for every length and stride") {
    for (int64_t length = 1; length < 12; ++length)
        for (int64_t stride = 1; stride < 5; ++stride)
            for (int64_t characters = length + 1; characters < 16; ++characters) {
                const std::string text(static_cast<size_t>(characters), 'a');
                const TextWindows windows(text, character_vocabulary(text), length, stride);
                REQUIRE((windows.size() - 1) * stride + length + 1 <= characters);
                REQUIRE(windows.size() * stride + length + 1 > characters);
                REQUIRE(windows.batch(std::vector<int32_t>{static_cast<int32_t>(windows.size() - 1)}).labels.back() == 1);
                REQUIRE_THROWS_AS(windows.batch(std::vector<int32_t>{static_cast<int32_t>(windows.size())}), ValueError);
            }
    CHECK_THROWS_AS(TextWindows("abc", character_vocabulary("abc"), 3, 1), ValueError);
    CHECK_THROWS_AS(TextWindows("abc", character_vocabulary("abc"), 0, 1), ValueError);
    CHECK_THROWS_AS(TextWindows("abc", character_vocabulary("abc"), 2, 0), ValueError);
    CHECK_THROWS_AS(TextWindows("", Vocabulary(), 1, 1), ValueError);
}

TEST_CASE("windows at line starts: the first character of each line, as far as there is room for a window and its last label") {
    const std::string text = "ab\n\u7535c\n\nde";  // 9 characters; lines begin at 0, 3, 6 and 7
    const TextWindows windows = TextWindows::at_line_starts(text, character_vocabulary(text), 2);
    REQUIRE(windows.size() == 3);  // from 7 on there are only two characters
    CHECK(windows.start(0) == 0);
    CHECK(windows.start(1) == 3);
    CHECK(windows.start(2) == 6);
    const int32_t line = character_vocabulary(text).number("\n");
    CHECK(windows.batch(std::vector<int32_t>{1}).labels[1] == line);
    CHECK(windows.batch(std::vector<int32_t>{2}).inputs.data()[0] == static_cast<float>(line));
    CHECK_THROWS_AS(TextWindows::at_line_starts("ab\n", character_vocabulary("ab\n"), 3), ValueError);
}

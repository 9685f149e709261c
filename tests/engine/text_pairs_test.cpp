// Pairs of texts in batches, and a translator's text from tokens and back.
#include "engine/data/text_pairs.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/errors.h"

using namespace trilens;

namespace {

// Pair i reads tokens 10 + i; lengths go up and down.
std::vector<TextPair> pairs_of(int32_t count, int32_t first) {
    std::vector<TextPair> out;
    for (int32_t i = 0; i < count; ++i) {
        TextPair pair;
        pair.source.assign(static_cast<size_t>(1 + i * 7 % 4), first + i);
        pair.target.assign(static_cast<size_t>(3 + i * 5 % 3), first + i);
        out.push_back(pair);
    }
    return out;
}

// The first source token of each pair.
std::vector<float> firsts(const Batch& batch) {
    std::vector<float> out;
    for (int64_t row = 0; row < batch.inputs.extent(0); ++row) out.push_back(batch.inputs.data()[row * batch.inputs.extent(1)]);
    return out;
}

TextPairsSettings in_fours(float word_dropout = 0, float open = 0) {
    TextPairsSettings settings;
    settings.batch = 4;
    settings.word_dropout = word_dropout;
    settings.open = open;
    settings.seed = 5;
    return settings;
}

}  // namespace

TEST_CASE("every pair of texts is in one batch of a pass, padded with -1, and lengths rise from batch to batch") {
    const TextPairs data(pairs_of(10, 100), pairs_of(5, 200), in_fours());
    REQUIRE(data.training_batches() == 3);
    REQUIRE(data.size() == 5);
    for (const int64_t epoch : {0, 1}) {
        std::vector<float> seen;
        int64_t longest = 0;
        for (int32_t sample = 0; sample < 3; ++sample) {
            const Batch batch = data.training_batch(std::span(&sample, 1), epoch);
            REQUIRE(batch.inputs.extent(0) == (sample < 2 ? 4 : 2));
            REQUIRE(batch.targets.extent(0) == batch.inputs.extent(0));
            CHECK(batch.targets.extent(1) >= longest);
            longest = batch.targets.extent(1);
            const std::vector<float> here = firsts(batch);
            seen.insert(seen.end(), here.begin(), here.end());
            for (int64_t row = 0; row < batch.inputs.extent(0); ++row) {
                const auto i = static_cast<size_t>(here[static_cast<size_t>(row)]) - 100;
                const TextPair pair = pairs_of(10, 100)[i];
                for (int64_t t = 0; t < batch.inputs.extent(1); ++t)
                    CHECK(batch.inputs.data()[row * batch.inputs.extent(1) + t] ==
                          (t < static_cast<int64_t>(pair.source.size()) ? static_cast<float>(pair.source[0]) : -1));
                for (int64_t t = 0; t < batch.targets.extent(1); ++t)
                    CHECK(batch.targets.data()[row * batch.targets.extent(1) + t] ==
                          (t < static_cast<int64_t>(pair.target.size()) ? static_cast<float>(pair.target[0]) : -1));
            }
        }
        std::ranges::sort(seen);
        for (size_t i = 0; i < 10; ++i) CHECK(seen[i] == static_cast<float>(100 + i));
    }
    for (const int32_t sample : {3, 4}) {
        CHECK(firsts(data.batch(std::span(&sample, 1)))[0] >= 200);
        CHECK(firsts(data.batch(std::span(&sample, 1))) == firsts(data.training_batch(std::span(&sample, 1), 3)));
    }
}

TEST_CASE("pairs of equal length meet other ones in each pass, the same ones again for the same pass") {
    std::vector<TextPair> equal;
    for (int32_t i = 0; i < 40; ++i) equal.push_back({{100 + i}, {1, 5, 2}});
    const TextPairs data(equal, {}, in_fours());
    const int32_t sample = 2;
    const auto of_pass = [&](int64_t epoch) { return firsts(data.training_batch(std::span(&sample, 1), epoch)); };
    CHECK(of_pass(0) == of_pass(0));
    CHECK(of_pass(0) != of_pass(1));
}

TEST_CASE("words go missing and closing marks too while training, in the share asked for, and in no other batch") {
    std::vector<TextPair> pairs(4000, TextPair{{7, 8, 9}, {1, 5, 2}});
    const TextPairs data(pairs, pairs, in_fours(0.25f, 0.1f));
    double unknown = 0, words = 0, open = 0;
    for (int32_t sample = 0; sample < 1000; ++sample) {
        const Batch batch = data.training_batch(std::span(&sample, 1), 0);
        for (int64_t row = 0; row < 4; ++row) {
            const float* source = batch.inputs.data() + row * batch.inputs.extent(1);
            const int64_t length = std::find(source, source + batch.inputs.extent(1), -1.0f) - source;
            open += length == 2 ? 1 : 0;
            words += static_cast<double>(length);
            unknown += static_cast<double>(std::count(source, source + length, 0.0f));
        }
        CHECK(batch.targets.data()[1] == 5);
    }
    CHECK(unknown / words == doctest::Approx(0.25).epsilon(0.08));
    CHECK(open / 4000 == doctest::Approx(0.1).epsilon(0.15));
    const int32_t looked_at = 1000;
    const Tensor inputs = data.batch(std::span(&looked_at, 1)).inputs;
    CHECK(std::vector<float>(inputs.values().begin(), inputs.values().begin() + 3) == std::vector<float>{7, 8, 9});
}

TEST_CASE("text pairs that make no sense are refused") {
    CHECK_THROWS_AS(TextPairs({}, pairs_of(2, 0), in_fours()), ValueError);
    CHECK_THROWS_AS(TextPairs({{{}, {1, 5, 2}}}, {}, in_fours()), ValueError);
    CHECK_THROWS_AS(TextPairs({{{4}, {1, 2}}}, {}, in_fours()), ValueError);
    CHECK_THROWS_AS(TextPairs(pairs_of(2, 0), {}, in_fours(1)), ValueError);
    const TextPairs data(pairs_of(2, 0), {}, in_fours());
    const int32_t two[] = {0, 0}, outside = 1;
    CHECK_THROWS_AS(data.batch(two), ValueError);
    CHECK_THROWS_AS(data.batch(std::span(&outside, 1)), ValueError);
}

TEST_CASE("English becomes source tokens; target tokens become Chinese again") {
    const Vocabulary source({"i", "do", "n't", "know", "."});
    const Tensor tokens = source_tokens("I don't KNOW Tom.", source, 10);
    CHECK(std::vector<float>(tokens.values().begin(), tokens.values().end()) == std::vector<float>{1, 2, 3, 4, 0, 5});
    CHECK(source_tokens("I don't know.", source, 2).elements() == 2);
    CHECK_THROWS_AS(source_tokens("  ", source, 10), ValueError);

    const Vocabulary target = target_vocabulary(Vocabulary({"我", ",", "。", "tom", "3"}));
    CHECK(target.number(begin_token) == begin_number);
    CHECK(target.number(end_token) == end_number);
    CHECK(target.number("我") == 3);
    CHECK(target_text(std::vector<int32_t>{1, 6, 7, 4, 3, 0, 5, 2}, target) == "tom 3，我?。");
    CHECK_THROWS_AS(target_text(std::vector<int32_t>{8}, target), ValueError);
}

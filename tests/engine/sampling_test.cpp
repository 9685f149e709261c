// From scores to the next token: what temperature, top-k and top-p leave, and that draws follow the probabilities.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "engine/errors.h"
#include "engine/models/sampling.h"

using namespace trilens;

namespace {

// The scores of probabilities 0.1, 0.5, 0.15, 0.25: logarithms but for a constant.
const std::vector<float> scores = {std::log(0.1f) + 3, std::log(0.5f) + 3, std::log(0.15f) + 3, std::log(0.25f) + 3};

void check_near(const std::vector<float>& actual, const std::vector<double>& expected) {
    REQUIRE(actual.size() == expected.size());
    for (size_t i = 0; i < actual.size(); ++i) CHECK(static_cast<double>(actual[i]) == doctest::Approx(expected[i]).epsilon(1e-5));
}

}  // namespace

TEST_CASE("a temperature of 1 gives softmax, of a half its squares, of 0 the largest alone") {
    check_near(next_token_distribution(scores, {}), {0.1, 0.5, 0.15, 0.25});
    const double squares = 0.01 + 0.25 + 0.0225 + 0.0625;
    check_near(next_token_distribution(scores, {0.5f}), {0.01 / squares, 0.25 / squares, 0.0225 / squares, 0.0625 / squares});
    CHECK(next_token_distribution(scores, {0}) == std::vector<float>{0, 1, 0, 0});
}

TEST_CASE("a very low temperature makes no infinity and no NaN") {
    CHECK(next_token_distribution(scores, {1e-38f}) == std::vector<float>{0, 1, 0, 0});
    const std::vector<float> far = {3e38f, -3e38f};
    CHECK(next_token_distribution(far, {}) == std::vector<float>{1, 0});
}

TEST_CASE("top-k keeps the k most probable tokens and divides them by their sum") {
    check_near(next_token_distribution(scores, {1, 2}), {0, 0.5 / 0.75, 0, 0.25 / 0.75});
    check_near(next_token_distribution(scores, {1, 1}), {0, 1, 0, 0});
    CHECK(next_token_distribution(scores, {1, 4}) == next_token_distribution(scores, {}));
    CHECK(next_token_distribution(scores, {1, 99}) == next_token_distribution(scores, {}));
}

TEST_CASE("top-p keeps the fewest tokens that have that probability together, at least one") {
    check_near(next_token_distribution(scores, {1, 0, 0.74f}), {0, 0.5 / 0.75, 0, 0.25 / 0.75});
    check_near(next_token_distribution(scores, {1, 0, 0.76f}), {0, 0.5 / 0.9, 0.15 / 0.9, 0.25 / 0.9});
    check_near(next_token_distribution(scores, {1, 0, 0.01f}), {0, 1, 0, 0});
    // Of the two that top-k left, the first has two thirds.
    check_near(next_token_distribution(scores, {1, 2, 0.6f}), {0, 1, 0, 0});
}

TEST_CASE("of equal scores the lower number stays") {
    const std::vector<float> equal = {1, 1, 1, 1};
    CHECK(next_token_distribution(equal, {1, 2}) == std::vector<float>{0.5f, 0.5f, 0, 0});
    CHECK(greedy_token(equal) == 0);
    CHECK(ranked_tokens(std::vector<float>{1, 3, 2, 3}) == std::vector<int32_t>{1, 3, 2, 0});
}

TEST_CASE("a token with a score of -infinity never comes") {
    const float never = -std::numeric_limits<float>::infinity();
    const std::vector<float> some = {never, 0, never, 0};
    CHECK(next_token_distribution(some, {}) == std::vector<float>{0, 0.5f, 0, 0.5f});
    CHECK(token_at(next_token_distribution(some, {}), 0) == 1);
    CHECK(token_at(next_token_distribution(some, {}), 0.99999994f) == 3);
    CHECK_THROWS_AS(next_token_distribution(std::vector<float>{never, never}, {}), ValueError);
}

TEST_CASE("a point falls on the token whose stretch of [0, 1) it lies in") {
    const std::vector<float> probabilities = {0.25f, 0, 0.5f, 0.25f};
    CHECK(token_at(probabilities, 0) == 0);
    CHECK(token_at(probabilities, 0.2499f) == 0);
    CHECK(token_at(probabilities, 0.25f) == 2);
    CHECK(token_at(probabilities, 0.7499f) == 2);
    CHECK(token_at(probabilities, 0.75f) == 3);
    CHECK(token_at(std::vector<float>{0.25f, 0.25f, 0}, 0.9f) == 1);   // what rounding lost goes to the last that can come
}

TEST_CASE("draws follow the probabilities, and the same seed draws the same") {
    const auto probabilities = next_token_distribution(scores, {});
    Random random(5), again(5);
    std::vector<double> counts(4);
    for (int i = 0; i < 20000; ++i) {
        const int32_t token = sample_token(probabilities, random);
        CHECK(token == sample_token(probabilities, again));
        counts[static_cast<size_t>(token)] += 1;
    }
    for (size_t i = 0; i < 4; ++i) {
        const double p = static_cast<double>(probabilities[i]), deviation = std::sqrt(20000 * p * (1 - p));
        CHECK(std::abs(counts[i] - 20000 * p) < 4 * deviation);
    }
    CHECK(random.position() == 20000);
}

TEST_CASE("settings out of range and scores that are no numbers are refused") {
    CHECK_THROWS_AS(next_token_distribution({}, {}), ValueError);
    CHECK_THROWS_AS(next_token_distribution(scores, {-1}), ValueError);
    CHECK_THROWS_AS(next_token_distribution(scores, {1, -1}), ValueError);
    CHECK_THROWS_AS(next_token_distribution(scores, {1, 0, 0}), ValueError);
    CHECK_THROWS_AS(next_token_distribution(scores, {1, 0, 1.1f}), ValueError);
    CHECK_THROWS_AS(next_token_distribution(std::vector<float>{0, NAN}, {}), NonFiniteError);
    CHECK_THROWS_AS(next_token_distribution(std::vector<float>{0, INFINITY}, {}), NonFiniteError);
    CHECK_THROWS_AS(ranked_tokens(std::vector<float>{0, NAN}), NonFiniteError);
    CHECK_THROWS_AS(token_at(std::vector<float>{0, 0}, 0.5f), ValueError);
    CHECK_THROWS_AS(token_at(std::vector<float>{1}, 1), ValueError);
    CHECK_THROWS_AS(greedy_token({}), ValueError);
}

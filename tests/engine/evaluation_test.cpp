// Evaluation and histograms against hand-counted examples.
#include "engine/train/evaluation.h"

#include <doctest/doctest.h>

#include <limits>

#include "engine/errors.h"

using namespace trilens;

TEST_CASE("an evaluation counts every cell of the confusion matrix and keeps the worst mistakes in order") {
    Evaluation evaluation(3, 2);
    const int32_t first[] = {0, 1, 2}, second[] = {0, 0};
    evaluation.add(Tensor(Shape{3, 3}, {5, 0, 0, 0, 5, 0, 9, 0, 0}), first, 10);
    evaluation.add(Tensor(Shape{2, 3}, {0, 1, 0, 0, 0, 3}), second, 13);
    CHECK(evaluation.samples() == 5);
    CHECK(evaluation.correct() == 2);
    CHECK(evaluation.accuracy() == doctest::Approx(0.4));
    CHECK(evaluation.count(2, 0) == 1);
    CHECK(evaluation.count(0, 0) == 1);
    CHECK(evaluation.count(2, 2) == 0);
    CHECK(evaluation.recall(0) == doctest::Approx(1.0 / 3));
    CHECK(evaluation.recall(2) == 0);
    CHECK(evaluation.samples_of(0, 2) == std::vector<int64_t>{14});
    REQUIRE(evaluation.worst().size() == 2);
    CHECK(evaluation.worst()[0].sample == 12);
    CHECK(evaluation.worst()[0].loss == doctest::Approx(9.000247).epsilon(1e-5));   // log(e^9 + 2)
    CHECK(evaluation.worst()[1].sample == 14);
    CHECK(evaluation.worst()[1].predicted == 2);
}

TEST_CASE("an evaluation of nothing is zero, and scores or labels that do not fit count nothing") {
    Evaluation evaluation(2);
    CHECK(evaluation.accuracy() == 0);
    CHECK(evaluation.loss() == 0);
    const int32_t labels[] = {0, 2};
    CHECK_THROWS_AS(evaluation.add(Tensor(Shape{2, 3}), labels, 0), ShapeError);
    CHECK_THROWS_AS(evaluation.add(Tensor(Shape{2, 2}), labels, 0), ValueError);
    CHECK(evaluation.samples() == 0);
    CHECK_THROWS_AS(Evaluation(0), ValueError);
    CHECK_THROWS_AS(evaluation.count(0, 2), ValueError);
}

TEST_CASE("a histogram puts the largest value into the last bin and sets what is not finite aside") {
    const float values[] = {0, 1, 2, 3, 4, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()};
    const Histogram spread = histogram(values, 4);
    CHECK(spread.low == 0);
    CHECK(spread.high == 4);
    CHECK(spread.counts == std::vector<int64_t>{1, 1, 1, 2});
    CHECK(spread.not_finite == 2);
    CHECK(histogram({}, 2).counts == std::vector<int64_t>{0, 0});
    const float equal[] = {3, 3};
    CHECK(histogram(equal, 3).counts == std::vector<int64_t>{2, 0, 0});
    CHECK_THROWS_AS(histogram(equal, 0), ValueError);
}

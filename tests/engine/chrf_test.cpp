// chrF against counts made by hand.
#include "engine/train/chrf.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/errors.h"

using namespace trilens;

namespace {

double chrf(const std::string& translation, const std::vector<std::string>& references) {
    Chrf score;
    score.add(translation, references);
    return score.score();
}

}  // namespace

TEST_CASE("chrF of a translation counted by hand") {
    // "abcd" against "abd": a b d of 4 and of 3; "ab" of 3 and of 2; none of 2 and of 1; longer ones do not occur on both sides.
    // P = (3/4 + 1/3 + 0) / 3 = 13/36, R = (1 + 1/2 + 0) / 3 = 1/2, 5 P R / (4 P + R) = (65/72) / (140/72) = 13/28.
    CHECK(chrf("abcd", {"abd"}) == doctest::Approx(13.0 / 28));
    // The other way round recall is the lower: P = 1/2, R = 13/36; (65/72) / (2 + 13/36) = (65/72) / (85/36) = 13/34.
    CHECK(chrf("abd", {"abcd"}) == doctest::Approx(13.0 / 34));
    // A letter counts as often as it stands on both sides: "aa" against "a": P = 1/2, R = 1; 2.5 / 3.
    CHECK(chrf("aa", {"a"}) == doctest::Approx(2.5 / 3));
}

TEST_CASE("chrF is 1 for the reference itself, 0 for nothing in common; characters count and not bytes, spaces do not") {
    CHECK(chrf("我爱你。", {"我爱你。"}) == doctest::Approx(1));
    CHECK(chrf("I love you", {"Ilove you"}) == doctest::Approx(1));
    CHECK(chrf("我", {"你"}) == 0);
    CHECK(chrf("", {"你"}) == 0);
    CHECK(Chrf().score() == 0);
    // As "abcd" against "abd": were bytes counted, more would be shared.
    CHECK(chrf("我不爱你", {"我不你"}) == doctest::Approx(13.0 / 28));
}

TEST_CASE("chrF takes the reference that suits best, and sums counts over the corpus before it divides") {
    CHECK(chrf("abcd", {"xyz", "abd", "abcd"}) == doctest::Approx(1));
    CHECK_THROWS_AS(chrf("abcd", {}), ValueError);
    // "abcd" for "abd" and "x" for "y": n = 1: 3 of 5 and of 4, n = 2: 1 of 3 and of 2, n = 3: 0 of 2 and of 1.
    Chrf corpus;
    corpus.add("abcd", std::vector<std::string>{"abd"});
    corpus.add("x", std::vector<std::string>{"y"});
    const double precision = (3.0 / 5 + 1.0 / 3) / 3, recall = (3.0 / 4 + 1.0 / 2) / 3;
    CHECK(corpus.score() == doctest::Approx(5 * precision * recall / (4 * precision + recall)));
}

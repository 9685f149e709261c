// The data of the recurrent tasks: labels that follow from the numbers, the same bits in whatever batch, and what is refused.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "engine/data/forecast.h"
#include "engine/data/needle.h"
#include "engine/data/number_sums.h"
#include "tests/engine/gradient_check.h"

using namespace trilens;
using namespace trilens::checks;

namespace {

Batch all_of(const DataSet& data) {
    std::vector<int32_t> samples(static_cast<size_t>(data.size()));
    std::iota(samples.begin(), samples.end(), 0);
    return data.batch(samples);
}

std::string refusal(const std::function<void()>& function) {
    try {
        function();
    } catch (const ValueError& error) {
        return error.what();
    }
    return "nothing";
}

// A batch in another order holds the same samples; asking again gives the same bits.
void check_order(const DataSet& data) {
    const Batch whole = all_of(data);
    const std::vector<int32_t> some = {7, 0, 7, 3};
    const Batch batch = data.batch(some);
    REQUIRE(batch.inputs.extent(0) == 4);
    for (size_t i = 0; i < some.size(); ++i) {
        CHECK(same_bits(batch.inputs.rows(static_cast<int64_t>(i), 1), whole.inputs.rows(some[i], 1)));
        if (!whole.labels.empty()) CHECK(batch.labels[i] == whole.labels[static_cast<size_t>(some[i])]);
    }
    CHECK(same_bits(data.training_batch(some, 5).inputs, batch.inputs));
    CHECK_THROWS_AS(data.batch(std::vector<int32_t>{-1}), ValueError);
    CHECK_THROWS_AS(data.batch(std::vector<int32_t>{static_cast<int32_t>(data.size())}), ValueError);
    CHECK(data.batch({}).inputs.extent(0) == 0);
}

}  // namespace

TEST_CASE("sums of numbers: uniform numbers, labelled by their sum, about as many of each class") {
    const NumberSums data;
    CHECK(data.size() == 1000);
    const Batch batch = all_of(data);
    REQUIRE(batch.inputs.shape() == Shape{1000, 10, 1});
    REQUIRE(batch.labels.size() == 1000);
    CHECK(batch.targets.empty());
    double mean = 0, square = 0;
    for (const float value : batch.inputs.values()) {
        CHECK((value >= 0 && value < 1));
        mean += static_cast<double>(value) / 10000;
        square += static_cast<double>(value) * static_cast<double>(value) / 10000;
    }
    // Standard errors: 0.003 of the mean, 0.003 of the mean square, 16 of the count.
    CHECK(mean == doctest::Approx(0.5).epsilon(0.025));
    CHECK(square == doctest::Approx(1.0 / 3).epsilon(0.04));
    CHECK(std::abs(std::ranges::count(batch.labels, 1) - 500) < 60);
    for (int64_t n = 0; n < 1000; ++n) {
        float sum = 0;
        for (int64_t t = 0; t < 10; ++t) sum += batch.inputs.data()[n * 10 + t];
        CHECK(batch.labels[static_cast<size_t>(n)] == (sum > 5 ? 1 : 0));
    }
    check_order(data);
    const Batch other = all_of(NumberSums(1000, 10, 5, 2));
    CHECK_FALSE(same_bits(other.inputs, batch.inputs));
    const Batch low = all_of(NumberSums(200, 4, 0));
    CHECK(low.inputs.shape() == Shape{200, 4, 1});
    CHECK(std::ranges::count(low.labels, 1) == 200);
    // A number alone that is the threshold itself is not above it.
    const float number = all_of(NumberSums(1, 1)).inputs.item();
    CHECK(all_of(NumberSums(1, 1, number)).labels.front() == 0);
    CHECK(all_of(NumberSums(1, 1, std::nextafter(number, 0.0f))).labels.front() == 1);
    CHECK(refusal([] { NumberSums(0); }) == "number sums: 0 sequences of 10 numbers, expected at least 1");
    CHECK(refusal([] { NumberSums(5, 0); }) == "number sums: 5 sequences of 0 numbers, expected at least 1");
    CHECK(refusal([&] { data.batch(std::vector<int32_t>{1000}); }) == "number sums: sample 1000, expected 0 to 999");
}

TEST_CASE("needle: one marked value at its distance from the end says the label, all else is noise") {
    const Needle data(400, 30, 20, 1);
    CHECK(data.size() == 400);
    const Batch batch = all_of(data);
    REQUIRE(batch.inputs.shape() == Shape{400, 30, needle_features});
    double noise_with_label = 0;
    for (int64_t n = 0; n < 400; ++n) {
        const float sign = batch.labels[static_cast<size_t>(n)] == 1 ? 1.0f : -1.0f;
        for (int64_t t = 0; t < 30; ++t) {
            const float* step = batch.inputs.data() + (n * 30 + t) * needle_features;
            CHECK(step[1] == (t == 9 ? 1.0f : 0.0f));
            if (t == 9) {
                CHECK(step[0] == sign);
            } else {
                CHECK(std::abs(step[0]) <= 1);
                noise_with_label += static_cast<double>(sign * step[0]);
            }
        }
    }
    // 11600 values of variance 1/3: a standard deviation of 62. The noise says nothing of the label.
    CHECK(std::abs(noise_with_label) < 250);
    CHECK(std::abs(std::ranges::count(batch.labels, 1) - 200) < 50);
    check_order(data);
    CHECK_FALSE(same_bits(all_of(Needle(400, 30, 20, 2)).inputs, batch.inputs));
    CHECK(refusal([] { Needle(10, 20, 20, 1); }) ==
          "needle: 10 sequences of 20 steps with a distance of 20, expected at least 1 and a distance from 1 to 19");
    CHECK(refusal([] { Needle(10, 20, 0, 1); }).starts_with("needle: "));
    CHECK(refusal([] { Needle(0, 20, 5, 1); }).starts_with("needle: "));
    CHECK(refusal([] { Needle(10, 20, 19, 1); }) == "nothing");
}

TEST_CASE("forecast: every window of a curve, with the next value at each step as its target") {
    std::vector<float> curve(13);
    std::iota(curve.begin(), curve.end(), 100.0f);
    const Forecast data(curve, 5);
    REQUIRE(data.size() == 8);
    const Batch batch = all_of(data);
    REQUIRE(batch.inputs.shape() == Shape{8, 5, 1});
    REQUIRE(batch.targets.shape() == Shape{5, 8, 1});
    CHECK(batch.labels.empty());
    for (int64_t n = 0; n < 8; ++n)
        for (int64_t t = 0; t < 5; ++t) {
            CHECK(batch.inputs.data()[n * 5 + t] == static_cast<float>(100 + n + t));
            CHECK(batch.targets.data()[t * 8 + n] == static_cast<float>(101 + n + t));
        }
    check_order(data);
    CHECK(refusal([&] { Forecast(curve, 13); }) ==
          "forecast: a curve of 13 values and windows of 13, expected at least 1 and a longer curve");
    CHECK(refusal([&] { Forecast(curve, 0); }).starts_with("forecast: "));
    CHECK(refusal([&] { Forecast({}, 1); }).starts_with("forecast: "));
    CHECK(refusal([&] { Forecast(curve, 12); }) == "nothing");
}

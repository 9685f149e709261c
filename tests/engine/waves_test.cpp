// Curves: made from a seed, drawn, recorded.
#include "engine/data/waves.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "engine/errors.h"

using namespace trilens;

namespace {

int crossings(const Tensor& wave, float level) {
    int count = 0;
    for (int64_t i = 1; i < wave_length; ++i) count += (wave.data()[i - 1] < level) != (wave.data()[i] < level);
    return count;
}

float mean(const Tensor& wave) {
    double sum = 0;
    for (const float value : wave.values()) sum += static_cast<double>(value);
    return static_cast<float>(sum / wave_length);
}

}  // namespace

TEST_CASE("curves are in [-1, 1], the same for the same seed, sample and epoch in whatever batch, and new in each pass") {
    const Waves waves(60, 5);
    const std::vector<int32_t> all{0, 7, 14, 21, 28, 35};
    const Batch batch = waves.training_batch(all, 3);
    CHECK(batch.inputs.shape() == Shape{6, 1, 1, 128});
    for (const float value : batch.inputs.values()) CHECK(std::fabs(value) <= 1);
    for (size_t i = 0; i < all.size(); ++i) {
        CHECK(batch.labels[i] == all[i] % 6);
        const Batch alone = waves.training_batch(std::span(&all[i], 1), 3), other = waves.training_batch(std::span(&all[i], 1), 4);
        bool same = true, again = true;
        for (int64_t k = 0; k < wave_length; ++k) {
            same = same && alone.inputs.data()[k] == batch.inputs.data()[static_cast<int64_t>(i) * wave_length + k];
            again = again && other.inputs.data()[k] == alone.inputs.data()[k];
        }
        CHECK(same);
        CHECK_FALSE(again);
    }
}

TEST_CASE("periodic curves cross their middle twice a period, between one and eight periods; noise does so far more often") {
    for (uint64_t seed = 0; seed < 40; ++seed) {
        Random random(9, seed), other(9, seed + 1000);
        const Tensor sine = make_wave(0, random), noise = make_wave(5, other);
        float low = 1, high = -1;
        for (const float value : sine.values()) low = std::min(low, value), high = std::max(high, value);
        CHECK(high - low > 0.4f);
        // Grain makes single crossings several: count well away from it.
        CHECK(crossings(sine, mean(sine)) >= 2);
        CHECK(crossings(noise, mean(noise)) > 15);
    }
}

TEST_CASE("a straight stroke is a straight line, gaps are joined, later ink wins, and an empty pad is zero") {
    const Stroke falling{{0, 0.25f}, {1, 0.75f}};
    const Tensor line = wave_from_strokes(std::span(&falling, 1));
    for (int64_t i = 0; i < wave_length; ++i)
        CHECK(line.data()[i] == doctest::Approx(0.5 - static_cast<double>(i) / 127).epsilon(1e-5).scale(1));
    const std::vector<Stroke> parts{{{0.1f, 0.5f}, {0.2f, 0.5f}}, {{0.8f, 0.0f}, {0.6f, 0.0f}}, {{0.65f, 1.0f}, {0.7f, 1.0f}}};
    const Tensor joined = wave_from_strokes(parts);
    CHECK(joined.data()[0] == 0);                                     // held to the left
    CHECK(joined.data()[51] == doctest::Approx(0.5).epsilon(0.03));   // half way between 0.2 and 0.6
    CHECK(joined.data()[78] == 1);                                    // drawn from right to left
    CHECK(joined.data()[86] == -1);                                   // 0.677: drawn over
    CHECK(joined.data()[127] == 1);                                   // held to the right
    const Tensor empty = wave_from_strokes({});
    for (const float value : empty.values()) CHECK(value == 0);
}

TEST_CASE("a recording of any length becomes 128 values about zero with a largest of 0.9") {
    for (const int count : {50, 128, 1000, 44100}) {
        std::vector<float> samples;
        for (int i = 0; i < count; ++i)
            samples.push_back(3 + 0.2f * static_cast<float>(std::sin(2 * std::numbers::pi * 2 * i / std::max(count - 1, 1) + 0.5)));
        const Tensor wave = wave_from_samples(samples);
        float largest = 0;
        for (const float value : wave.values()) largest = std::max(largest, std::fabs(value));
        CHECK(largest == doctest::Approx(0.9));
        CHECK(crossings(wave, 0) == 4);
    }
    const std::vector<float> two{1, 2};
    const Tensor rising = wave_from_samples(two);
    for (int64_t i = 0; i < wave_length; ++i)
        CHECK(rising.data()[i] == doctest::Approx(-0.9 + 1.8 * static_cast<double>(i) / 127).epsilon(1e-5).scale(1));
    const std::vector<float> one{1}, broken{1, NAN, 2};
    CHECK_THROWS_AS(wave_from_samples(one), ValueError);
    CHECK_THROWS_AS(wave_from_samples(broken), ValueError);
}

TEST_CASE("curves that do not exist are refused") {
    Random random(1);
    CHECK_THROWS_AS(make_wave(6, random), ValueError);
    CHECK_THROWS_AS(Waves(-1, 0), ValueError);
    const int32_t outside = 10;
    CHECK_THROWS_AS(Waves(10, 0).batch(std::span(&outside, 1)), ValueError);
}

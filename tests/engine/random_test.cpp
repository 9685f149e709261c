// Philox against the known answers of its authors (Random123, kat_vectors, philox4x32-10), and the distributions on it.
#include "engine/random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/errors.h"

using namespace trilens;

TEST_CASE("Philox4x32-10 gives the known answers of its authors") {
    using Block = std::array<uint32_t, 4>;
    CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    CHECK(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
          Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
          Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a stream goes on from any position with the same numbers") {
    Random all(5, 2);
    std::vector<uint32_t> numbers;
    for (int i = 0; i < 30; ++i) numbers.push_back(all.bits());
    CHECK(all.position() == 30);
    for (const uint64_t start : {0u, 1u, 3u, 4u, 5u, 17u}) {
        Random part(5, 2);
        part.seek(start);
        for (size_t i = start; i < numbers.size(); ++i) CHECK(part.bits() == numbers[i]);
    }
    Random copy = all;
    CHECK(copy.bits() == all.bits());
}

TEST_CASE("seeds and streams give different numbers") {
    const auto first = [](uint64_t seed, uint64_t stream) { return Random(seed, stream).bits(); };
    CHECK(first(1, 0) != first(2, 0));
    CHECK(first(1, 0) != first(1, 1));
    CHECK(first(1, 0) != first(uint64_t{1} << 32 | 1, 0));
    CHECK(first(1, 0) != first(1, uint64_t{1} << 32));
}

TEST_CASE("uniform numbers lie in [0, 1) and have mean 1/2 and variance 1/12") {
    Random random(3);
    double sum = 0, squares = 0;
    constexpr int count = 200000;
    for (int i = 0; i < count; ++i) {
        const float x = random.uniform();
        REQUIRE(x >= 0.0f);
        REQUIRE(x < 1.0f);
        sum += static_cast<double>(x);
        squares += static_cast<double>(x) * static_cast<double>(x);
    }
    CHECK(sum / count == doctest::Approx(0.5).epsilon(0.005));
    CHECK(squares / count == doctest::Approx(1.0 / 3).epsilon(0.005));
    for (int i = 0; i < 1000; ++i) {
        const float x = random.uniform(-3, -2.9999998f);
        CHECK((x == -3.0f || (x > -3.0f && x < -2.9999998f)));
    }
}

TEST_CASE("normal numbers have the moments of the normal distribution") {
    Random random(4);
    constexpr int count = 200000;
    double moments[4] = {};
    for (int i = 0; i < count; ++i) {
        const double x = static_cast<double>(random.normal());
        double power = 1;
        for (double& moment : moments) moment += (power *= x) / count;
    }
    CHECK(std::fabs(moments[0]) < 0.01);
    CHECK(moments[1] == doctest::Approx(1).epsilon(0.02));
    CHECK(std::fabs(moments[2]) < 0.05);
    CHECK(moments[3] == doctest::Approx(3).epsilon(0.04));
}

TEST_CASE("numbers below a bound are uniform, and a bound of 0 is refused") {
    Random random(6);
    int counts[7] = {};
    for (int i = 0; i < 70000; ++i) ++counts[random.below(7)];
    double chi = 0;
    for (const int count : counts) chi += (count - 10000.0) * (count - 10000.0) / 10000.0;
    CHECK(chi < 22.5);   // 99.9 % of samples with 6 degrees of freedom
    CHECK(random.below(1) == 0);
    CHECK_THROWS_AS(random.below(0), ValueError);
}

TEST_CASE("a permutation holds every number once, in every order as often") {
    Random random(8);
    auto numbers = random.permutation(1000);
    CHECK_FALSE(std::is_sorted(numbers.begin(), numbers.end()));
    std::sort(numbers.begin(), numbers.end());
    for (int32_t i = 0; i < 1000; ++i) CHECK(numbers[static_cast<size_t>(i)] == i);
    int orders[6] = {};
    for (int i = 0; i < 6000; ++i) {
        const auto p = random.permutation(3);
        ++orders[p[0] * 2 + (p[1] > p[2])];
    }
    for (const int count : orders) CHECK(count == doctest::Approx(1000).epsilon(0.12));
    CHECK(random.permutation(0).empty());
    CHECK_THROWS_AS(random.permutation(-1), ValueError);
}

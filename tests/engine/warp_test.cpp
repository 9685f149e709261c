// Moved pictures against what the geometry says: copies, permutations, and the closed form between pixels.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "engine/autograd/conv.h"
#include "engine/autograd/receptive_field.h"
#include "engine/autograd/warp.h"
#include "engine/errors.h"
#include "engine/random.h"

using namespace trilens;

namespace {

Tensor noise(const Shape& shape, uint64_t seed = 1) {
    Tensor out(shape);
    Random random(seed);
    for (float& value : out.values()) value = random.uniform(-1, 1);
    return out;
}

float at(const Tensor& x, int64_t channel, int64_t row, int64_t column) {
    const int64_t height = x.extent(-2), width = x.extent(-1);
    if (row < 0 || row >= height || column < 0 || column >= width) return 0;
    return x.data()[(channel * height + row) * width + column];
}

bool same_bits(float a, float b) { return std::memcmp(&a, &b, sizeof a) == 0; }

}  // namespace

TEST_CASE("a picture that is not moved keeps its bits, negative zeros and infinities too") {
    Tensor x = noise(Shape{1, 2, 5, 7});
    x.data()[0] = -0.0f;
    x.data()[9] = INFINITY;
    CHECK(checksum(warp(x, {})) == checksum(x));
}

TEST_CASE("a whole shift copies every pixel that stays inside, and brings 0 in") {
    Tensor x = noise(Shape{1, 2, 6, 9});
    x.data()[20] = -0.0f;
    for (const auto& [down, right] : {std::pair(0, 3), {-2, 0}, {2, -4}, {5, 8}, {6, 9}, {-7, -20}}) {
        const Tensor y = warp(x, {static_cast<float>(right), static_cast<float>(down)});
        for (int64_t channel = 0; channel < 2; ++channel)
            for (int64_t row = 0; row < 6; ++row)
                for (int64_t column = 0; column < 9; ++column)
                    REQUIRE(same_bits(at(y, channel, row, column), at(x, channel, row - down, column - right)));
    }
}

TEST_CASE("quarter turns permute the pixels of a square, clockwise, and four of them are none") {
    for (const int64_t side : {6, 7}) {
        const Tensor x = noise(Shape{1, 1, side, side});
        const Tensor quarter = warp(x, {0, 0, 90, 1}), half = warp(x, {0, 0, 180, 1}), back = warp(x, {0, 0, -90, 1});
        for (int64_t row = 0; row < side; ++row)
            for (int64_t column = 0; column < side; ++column) {
                REQUIRE(at(quarter, 0, row, column) == at(x, 0, side - 1 - column, row));   // the lower left comes to the upper left
                REQUIRE(at(half, 0, row, column) == at(x, 0, side - 1 - row, side - 1 - column));
                REQUIRE(at(back, 0, row, column) == at(x, 0, column, side - 1 - row));
            }
        CHECK(checksum(warp(x, {0, 0, 270, 1})) == checksum(back));
        CHECK(checksum(warp(x, {0, 0, 360, 1})) == checksum(x));
    }
}

TEST_CASE("a shift between pixels, a turn and a scale read where the closed form says") {
    // A plane a + b x + c y is read exactly between pixels, whatever the place.
    Tensor x(Shape{1, 1, 21, 21});
    for (int64_t i = 0; i < 441; ++i) x.data()[i] = 1.0f + 0.5f * static_cast<float>(i % 21) - 0.25f * static_cast<float>(i / 21);
    for (const Motion motion : {Motion{0.25f, -0.5f, 0, 1}, Motion{0, 0, 30, 1}, Motion{1, 2, -75, 1.5f}, Motion{0, 0, 0, 0.8f}}) {
        const Tensor y = warp(x, motion);
        const double turn = static_cast<double>(motion.degrees) * 3.14159265358979 / 180;
        for (int64_t row = 7; row < 14; ++row)
            for (int64_t column = 7; column < 14; ++column) {
                const double u = static_cast<double>(column) - 10 - static_cast<double>(motion.right),
                             v = static_cast<double>(row) - 10 - static_cast<double>(motion.down);
                const double from_x = (std::cos(turn) * u + std::sin(turn) * v) / static_cast<double>(motion.scale) + 10;
                const double from_y = (std::cos(turn) * v - std::sin(turn) * u) / static_cast<double>(motion.scale) + 10;
                REQUIRE(static_cast<double>(at(y, 0, row, column)) == doctest::Approx(1 + 0.5 * from_x - 0.25 * from_y).epsilon(1e-5));
            }
    }
}

TEST_CASE("scaled up and down again, or turned there and back, a smooth picture returns") {
    Tensor x(Shape{1, 1, 28, 28});
    for (int64_t row = 0; row < 28; ++row)
        for (int64_t column = 0; column < 28; ++column) {
            const double y = static_cast<double>(row) - 12, across = static_cast<double>(column) - 15;
            x.data()[row * 28 + column] = static_cast<float>(std::exp(-(y * y + across * across) / 40));
        }
    for (const auto& [there, back] :
         {std::pair(Motion{0, 0, 0, 1.25f}, Motion{0, 0, 0, 0.8f}), {Motion{0, 0, 40, 1}, Motion{0, 0, -40, 1}}}) {
        const Tensor moved = warp(x, there), y = warp(moved, back);
        float apart = 0, moved_by = 0;
        for (int64_t row = 4; row < 24; ++row)
            for (int64_t column = 4; column < 24; ++column) {
                apart = std::max(apart, std::fabs(at(y, 0, row, column) - at(x, 0, row, column)));
                moved_by = std::max(moved_by, std::fabs(at(moved, 0, row, column) - at(x, 0, row, column)));
            }
        CHECK(apart < 0.03f);
        CHECK(moved_by > 0.1f);
    }
}

TEST_CASE("the centre given is what stays") {
    Tensor x(Shape{5, 5});
    x.data()[1 * 5 + 3] = 1;
    const Tensor y = warp(x, {0, 0, 57, 1.3f}, Place{1, 3});
    CHECK(y.data()[1 * 5 + 3] == doctest::Approx(1));
    CHECK(at(warp(x, {0, 0, 57, 1.3f}).reshaped(Shape{1, 5, 5}), 0, 1, 3) < 0.9f);
}

TEST_CASE("the convolution of a shifted picture is the shifted convolution, bit for bit away from the border") {
    Graph graph;
    Parameter weight{"weight", noise(Shape{4, 1, 3, 3}, 2), {}}, bias{"bias", noise(Shape{4}, 3), {}};
    const Value x = graph.input(noise(Shape{1, 1, 28, 28}), "x");
    const Value w = graph.parameter(weight), b = graph.parameter(bias);
    const Conv2dOptions options{.padding_height = 1, .padding_width = 1};
    const Tensor plain = conv2d(x, w, b, options).tensor();
    for (const auto& [down, right] : {std::pair(1, 0), {0, -3}, {7, 10}, {-10, 5}}) {
        const Tensor moved = conv2d(warp(x, {static_cast<float>(right), static_cast<float>(down)}), w, b, options).tensor();
        for (int64_t channel = 0; channel < 4; ++channel)
            for (int64_t row = std::max(1, 1 + down); row < std::min(27, 27 + down); ++row)
                for (int64_t column = std::max(1, 1 + right); column < std::min(27, 27 + right); ++column)
                    REQUIRE(same_bits(at(moved, channel, row, column), at(plain, channel, row - down, column - right)));
    }
}

TEST_CASE("a receptive field is followed through a shift") {
    Graph graph;
    const Value x = graph.input(noise(Shape{1, 1, 9, 9}), "x"), moved = warp(x, {2, -1}), between = warp(x, {0.5f, 0});
    CHECK(receptive_field(graph, moved.node, 4 * 9 + 4, x.node) == Box{5, 2, 6, 3});
    CHECK(receptive_field(graph, between.node, 4 * 9 + 4, x.node) == Box{4, 3, 5, 5});
}

TEST_CASE("motions and shapes that make no sense are refused") {
    const Tensor x = noise(Shape{1, 1, 4, 4});
    CHECK_THROWS_AS(warp(x, {0, 0, 0, 0}), ValueError);
    CHECK_THROWS_AS(warp(x, {0, 0, 0, -1}), ValueError);
    CHECK_THROWS_AS(warp(x, {NAN, 0, 0, 1}), ValueError);
    CHECK_THROWS_AS(warp(x, {0, 0, INFINITY, 1}), ValueError);
    CHECK_THROWS_AS(warp(Tensor(Shape{4}), {}), ShapeError);
}

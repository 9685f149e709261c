// Resampling and centring against closed forms: constants, means, hand-computed pixels, centroids.
#include "engine/io/resample.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/errors.h"
#include "engine/io/digit_picture.h"
#include "engine/random.h"

using namespace trilens;

namespace {

double mean(const Tensor& tensor) {
    double sum = 0;
    for (const float value : tensor.values()) sum += static_cast<double>(value);
    return sum / static_cast<double>(tensor.elements());
}

Tensor noise(const Shape& shape) {
    Random random(4);
    Tensor tensor(shape);
    for (float& value : tensor.values()) value = random.uniform();
    return tensor;
}

struct Centroid {
    double x = 0, y = 0, mass = 0;
};
Centroid centroid(const Tensor& picture) {
    Centroid c;
    for (int64_t i = 0; i < picture.elements(); ++i) {
        const auto value = static_cast<double>(picture.data()[i]);
        c.mass += value;
        c.x += value * (static_cast<double>(i % picture.extent(3)) + 0.5);
        c.y += value * (static_cast<double>(i / picture.extent(3)) + 0.5);
    }
    c.x /= c.mass, c.y /= c.mass;
    return c;
}

// The box of pixels above a tenth.
struct Box {
    int64_t left = 1000, top = 1000, right = 0, bottom = 0;
};
Box box(const Tensor& picture) {
    Box b;
    for (int64_t i = 0; i < picture.elements(); ++i) {
        if (picture.data()[i] < 0.1f) continue;
        const int64_t x = i % picture.extent(3), y = i / picture.extent(3);
        b.left = std::min(b.left, x), b.right = std::max(b.right, x + 1), b.top = std::min(b.top, y), b.bottom = std::max(b.bottom, y + 1);
    }
    return b;
}

// A thick L of ink 1 on ground 0: a figure whose centre of mass is not that of its box.
Tensor letter_l(int64_t height, int64_t width) {
    Tensor picture(Shape{1, 1, height, width});
    for (int64_t y = 20; y < 80; ++y)
        for (int64_t x = 30; x < 60; ++x)
            if (x < 38 || y >= 70) picture.data()[y * width + x] = 1;
    return picture;
}

}  // namespace

TEST_CASE("a constant picture stays constant and a mean stays the mean, for any size") {
    for (const auto& [height, width] : std::vector<std::pair<int64_t, int64_t>>{{7, 5}, {16, 16}, {1, 1}, {40, 61}, {23, 3}}) {
        const Tensor flat = resample(Tensor::full(Shape{1, 2, 23, 17}, 0.7f), height, width);
        CHECK(flat.shape() == Shape{1, 2, height, width});
        for (const float value : flat.values()) REQUIRE(value == doctest::Approx(0.7f).epsilon(1e-5));
        const Tensor picture = noise(Shape{1, 1, 23, 17});
        CHECK(mean(resample(picture, height, width)) == doctest::Approx(mean(picture)).epsilon(1e-5));
    }
}

TEST_CASE("each pixel is the mean over its own rectangle, across pixel borders too") {
    const Tensor row = resample(Tensor(Shape{1, 1, 1, 3}, {3, 6, 12}), 1, 2);
    CHECK(row.data()[0] == doctest::Approx(4));    // (3 + 6/2) / 1.5
    CHECK(row.data()[1] == doctest::Approx(10));   // (6/2 + 12) / 1.5
    const Tensor block = resample(Tensor(Shape{1, 1, 2, 4}, {1, 3, 5, 7, 2, 4, 6, 8}), 1, 2);
    CHECK(block.data()[0] == doctest::Approx(2.5));
    CHECK(block.data()[1] == doctest::Approx(6.5));
    const Tensor part = resample(Tensor(Shape{1, 1, 1, 2}, {8, 4}), Region{-1, 0, 2, 1}, 1, 2);
    CHECK(part.data()[0] == 0);
    CHECK(part.data()[1] == 8);
    const Tensor same = noise(Shape{1, 3, 9, 8});
    CHECK(checksum(resample(same, 9, 8)) == checksum(same));
}

TEST_CASE("RGBA becomes grey by Rec. 601 or three planes, with transparency over white") {
    const std::vector<uint8_t> rgba = {255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 0, 0, 0, 0};
    const Tensor grey = resample_rgba(rgba, {4, 1}, Channels::grey, 1, 4);
    CHECK(grey.data()[0] == doctest::Approx(0.299));
    CHECK(grey.data()[1] == doctest::Approx(0.587));
    CHECK(grey.data()[2] == doctest::Approx(0.114));
    CHECK(grey.data()[3] == doctest::Approx(1));
    const Tensor rgb = resample_rgba(rgba, {2, 2}, Channels::rgb, 1, 1);
    CHECK(rgb.shape() == Shape{1, 3, 1, 1});
    for (const float value : rgb.values()) CHECK(value == doctest::Approx(0.5));   // one full, two none, one white
}

TEST_CASE("a picture of 24 million pixels is read and a larger or torn one refused") {
    const std::vector<uint8_t> rgba(size_t{6000} * 4000 * 4, 128);
    const Tensor small = resample_rgba(rgba, {6000, 4000}, Channels::grey, 10, 15);
    const float expected = 128.0f / 255 * 128.0f / 255 + 127.0f / 255;
    for (const float value : small.values()) REQUIRE(value == doctest::Approx(expected).epsilon(1e-4));
    CHECK_THROWS_AS(resample_rgba(rgba, {6000, 4001}, Channels::grey, 10, 15), ValueError);
    CHECK_THROWS_AS(resample_rgba(rgba, {5999, 4000}, Channels::grey, 10, 15), ValueError);
    CHECK_THROWS_AS(resample_rgba({}, {0, 5}, Channels::grey, 10, 15), ValueError);
    CHECK_THROWS_AS(resample_rgba({}, {int64_t{1} << 62, 4}, Channels::grey, 10, 15), ValueError);
    CHECK_THROWS_AS(resample_rgba(std::vector<uint8_t>(4), {1, 1}, Channels::grey, 0, 15), ValueError);
}

TEST_CASE("resampling refuses what is no picture and regions without area") {
    CHECK_THROWS_AS(resample(Tensor(Shape{3, 3}), 2, 2), ShapeError);
    CHECK_THROWS_AS(resample(Tensor(Shape{2, 1, 3, 3}), 2, 2), ShapeError);
    CHECK_THROWS_AS(resample(Tensor(Shape{1, 1, 0, 3}), 2, 2), ShapeError);
    CHECK_THROWS_AS(resample(Tensor(Shape{1, 1, 3, 3}), -1, 2), ValueError);
    CHECK_THROWS_AS(resample(Tensor(Shape{1, 1, 3, 3}), Region{0, 0, 0, 3}, 2, 2), ValueError);
    CHECK_THROWS_AS(resample(Tensor(Shape{1, 1, 3, 3}), Region{NAN, 0, 1, 3}, 2, 2), ValueError);
}

TEST_CASE("a picture fits within a side and never grows") {
    const PictureSize wide = fit_within({4000, 3000}, 512), small = fit_within({20, 30}, 512), thin = fit_within({100000, 1}, 512);
    CHECK(wide.width == 512);
    CHECK(wide.height == 384);
    CHECK(small.width == 20);
    CHECK(small.height == 30);
    CHECK(thin.height == 1);
}

TEST_CASE("a digit picture has its box at 20 pixels and its centre of mass in the centre") {
    const Tensor digit = digit_picture(letter_l(120, 100));
    CHECK(digit.shape() == Shape{1, 1, 28, 28});
    const Centroid c = centroid(digit);
    CHECK(std::fabs(c.x - 14) < 0.1);
    CHECK(std::fabs(c.y - 14) < 0.1);
    const Box b = box(digit);
    CHECK(b.bottom - b.top >= 20);
    CHECK(b.bottom - b.top <= 21);
    CHECK(b.right - b.left >= 10);
    CHECK(b.right - b.left <= 11);
    // 60 rows became 20: areas shrink by nine, ink stays ink.
    CHECK(c.mass == doctest::Approx((60 * 8 + 22 * 10) / 9.0).epsilon(1e-3));
}

TEST_CASE("a digit looks the same wherever it was drawn, and small ones grow to size") {
    const Tensor here = digit_picture(letter_l(120, 100)), elsewhere = digit_picture(letter_l(90, 64));
    for (int64_t i = 0; i < here.elements(); ++i) REQUIRE(here.data()[i] == doctest::Approx(elsewhere.data()[i]).epsilon(1e-5));
    Tensor dot(Shape{1, 1, 50, 50});
    dot.data()[7 * 50 + 3] = 1;
    const Tensor grown = digit_picture(dot);
    CHECK(centroid(grown).mass == doctest::Approx(400));
    CHECK(centroid(grown).x == doctest::Approx(14));
}

TEST_CASE("mass at one end never pushes the other end out of the picture") {
    Tensor flag(Shape{1, 1, 100, 100});
    for (int64_t y = 0; y < 100; ++y)
        for (int64_t x = 0; x < 100; ++x)
            if (y < 12 || x == 50) flag.data()[y * 100 + x] = 1;
    const Tensor digit = digit_picture(flag);
    CHECK(box(digit).bottom - box(digit).top >= 20);
    CHECK(digit.data()[27 * 28 + 14] > 0);
}

TEST_CASE("pen on paper and chalk on a board give the digit that was drawn, the polarity found by itself") {
    const Tensor ink = letter_l(120, 100), drawn = digit_picture(ink);
    Tensor paper(ink.shape()), board(ink.shape());
    for (int64_t i = 0; i < ink.elements(); ++i) {
        paper.data()[i] = 0.9f - 0.7f * ink.data()[i];
        board.data()[i] = 0.15f + 0.6f * ink.data()[i];
    }
    for (const Tensor& seen : {digit_picture(paper, Polarity::automatic), digit_picture(paper, Polarity::dark_on_light),
                               digit_picture(board, Polarity::automatic)})
        for (int64_t i = 0; i < drawn.elements(); ++i) REQUIRE(seen.data()[i] == doctest::Approx(drawn.data()[i]).epsilon(1e-4));
}

TEST_CASE("an empty or even picture gives an empty digit, and a wrong shape is refused") {
    for (const Polarity polarity : {Polarity::light_on_dark, Polarity::automatic, Polarity::dark_on_light})
        CHECK(mean(digit_picture(Tensor(Shape{1, 1, 30, 30}), polarity)) == 0);
    CHECK(mean(digit_picture(Tensor::full(Shape{1, 1, 30, 30}, 0.8f), Polarity::automatic)) == 0);
    CHECK_THROWS_AS(digit_picture(Tensor(Shape{1, 3, 30, 30})), ShapeError);
    CHECK_THROWS_AS(digit_picture(Tensor(Shape{1, 1, 0, 30})), ShapeError);
}

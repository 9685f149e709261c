// The brush against areas and distances known in closed form; generated digits and augmentation: from the seed alone, and in range.
#include "engine/data/strokes.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "engine/data/augment.h"
#include "engine/errors.h"

using namespace trilens;

namespace {

double total(std::span<const float> values) {
    double sum = 0;
    for (const float value : values) sum += static_cast<double>(value);
    return sum;
}

std::vector<int32_t> first(int32_t count) {
    std::vector<int32_t> numbers;
    for (int32_t i = 0; i < count; ++i) numbers.push_back(i);
    return numbers;
}

Augmentation none() { return {0, 0, 0, 0, 0, 0}; }

}  // namespace

TEST_CASE("a dot has the area of a disc and a line that of a stadium") {
    const Stroke dot = {{0.5f, 0.5f}}, line = {{0.3f, 0.5f}, {0.7f, 0.5f}};
    constexpr double radius = 0.1 * 200, pi = std::numbers::pi;
    CHECK(total(rasterize(std::vector<Stroke>{dot}, 0.1f, 200).values()) == doctest::Approx(pi * radius * radius).epsilon(0.002));
    CHECK(total(rasterize(std::vector<Stroke>{line}, 0.1f, 200).values()) ==
          doctest::Approx(pi * radius * radius + 80 * 2 * radius).epsilon(0.002));
    const Tensor picture = rasterize(std::vector<Stroke>{line}, 0.1f, 200);
    CHECK(picture.shape() == Shape{1, 1, 200, 200});
    CHECK(picture.data()[100 * 200 + 100] == 1.0f);
    CHECK(picture.data()[75 * 200 + 100] == 0.0f);
}

TEST_CASE("going over a line again adds no ink, and strokes one by one give what all at once give") {
    const Stroke forth = {{0.2f, 0.2f}, {0.8f, 0.6f}}, back = {{0.8f, 0.6f}, {0.2f, 0.2f}},
                 other = {{0.1f, 0.9f}, {0.5f, 0.1f}, {0.9f, 0.9f}};
    const Tensor once = rasterize(std::vector<Stroke>{forth}, 0.05f, 40), twice = rasterize(std::vector<Stroke>{forth, back}, 0.05f, 40);
    for (int64_t i = 0; i < once.elements(); ++i) REQUIRE(once.data()[i] == doctest::Approx(twice.data()[i]).epsilon(1e-4));
    Tensor grown = once.clone();
    rasterize_into(grown, other, 0.05f);
    CHECK(checksum(grown) == checksum(rasterize(std::vector<Stroke>{forth, other}, 0.05f, 40)));
}

TEST_CASE("the brush gives each pixel the ink of its distance to the nearest segment, bit for bit, on pictures of any side") {
    Random random(11);
    for (int64_t side = 1; side < 60; side += 3) {
        Stroke stroke;
        for (int i = 0; i < 6; ++i) stroke.push_back({random.uniform(-0.5f, 1.5f), i % 2 ? random.uniform(-0.5f, 1.5f) : 0.3f});
        stroke.push_back({stroke.back().x + 0.1f, stroke.back().y});
        const float brush = random.uniform(0.01f, 0.3f), pixels = static_cast<float>(side), radius = brush * pixels;
        const Tensor picture = rasterize(std::vector<Stroke>{stroke}, brush, side);
        for (int64_t pixel = 0; pixel < side * side; ++pixel) {
            const float x = static_cast<float>(pixel % side) + 0.5f, y = static_cast<float>(pixel / side) + 0.5f;
            float ink = 0;
            for (size_t i = 0; i < stroke.size(); ++i) {
                const Point& a = stroke[i ? i - 1 : 0];
                const float ax = a.x * pixels, ay = a.y * pixels, along_x = stroke[i].x * pixels - ax, along_y = stroke[i].y * pixels - ay;
                const float length = along_x * along_x + along_y * along_y;
                const float at = length > 0 ? std::clamp(((x - ax) * along_x + (y - ay) * along_y) / length, 0.0f, 1.0f) : 0.0f;
                const float away_x = x - ax - at * along_x, away_y = y - ay - at * along_y;
                ink = std::max(ink, std::clamp(radius - std::sqrt(away_x * away_x + away_y * away_y) + 0.5f, 0.0f, 1.0f));
            }
            REQUIRE(picture.data()[pixel] == ink);
        }
    }
}

TEST_CASE("strokes beyond the edge are cut, far away they leave nothing") {
    CHECK(total(rasterize(std::vector<Stroke>{Stroke{{-5, -5}, {-4, 9}}}, 0.1f, 30).values()) == 0);
    CHECK(total(rasterize(std::vector<Stroke>{Stroke{{0, 0}}}, 0.2f, 100).values()) ==
          doctest::Approx(std::numbers::pi * 400 / 4).epsilon(0.01));
    CHECK(total(rasterize(std::vector<Stroke>{Stroke{{-1e30f, 0.5f}, {1e30f, 0.5f}}}, 0.1f, 30).values()) >= 0);
    CHECK(total(rasterize({}, 0.1f, 30).values()) == 0);
}

TEST_CASE("the brush refuses sizes and points that make no sense") {
    CHECK_THROWS_AS(rasterize({}, 0.1f, 0), ValueError);
    CHECK_THROWS_AS(rasterize(std::vector<Stroke>{Stroke{{0, 0}}}, 0, 10), ValueError);
    CHECK_THROWS_AS(rasterize(std::vector<Stroke>{Stroke{{NAN, 0}}}, 0.1f, 10), ValueError);
    Tensor flat(Shape{10, 10});
    CHECK_THROWS_AS(rasterize_into(flat, {{0, 0}}, 0.1f), ShapeError);
}

TEST_CASE("drawn digits depend on seed, sample and pass alone, in whatever batch, and no two are the same") {
    const StrokeDigits digits(100, 7), same(100, 7), other(100, 8);
    const Batch all = digits.batch(first(100));
    CHECK(all.inputs.shape() == Shape{100, 1, 28, 28});
    CHECK(checksum(all.inputs) == checksum(same.batch(first(100)).inputs));
    CHECK(checksum(all.inputs) != checksum(other.batch(first(100)).inputs));
    CHECK(checksum(all.inputs) != checksum(digits.training_batch(first(100), 1).inputs));
    const Batch one = digits.batch(std::vector<int32_t>{42});
    CHECK(checksum(one.inputs) == checksum(all.inputs.rows(42, 1)));
    CHECK(one.labels[0] == 2);
    for (int32_t i = 10; i < 100; ++i) REQUIRE(checksum(all.inputs.rows(i, 1)) != checksum(all.inputs.rows(i - 10, 1)));
    CHECK_THROWS_AS(digits.batch(std::vector<int32_t>{100}), ValueError);
    CHECK_THROWS_AS(StrokeDigits(-1, 0), ValueError);
}

TEST_CASE("every drawn digit has ink as MNIST's have, in [0, 1], centred") {
    const Batch all = StrokeDigits(200, 1).batch(first(200));
    for (int64_t n = 0; n < 200; ++n) {
        const Tensor digit = all.inputs.rows(n, 1);
        double x = 0, y = 0;
        const double mass = total(digit.values());
        for (int64_t i = 0; i < 784; ++i) {
            REQUIRE(digit.data()[i] >= 0);
            REQUIRE(digit.data()[i] <= 1);
            x += static_cast<double>(digit.data()[i]) * (static_cast<double>(i % 28) + 0.5) / mass;
            y += static_cast<double>(digit.data()[i]) * (static_cast<double>(i / 28) + 0.5) / mass;
        }
        CAPTURE(n);
        REQUIRE(mass > 15);
        REQUIRE(mass < 300);
        REQUIRE(std::fabs(x - 14) < 0.5);
        REQUIRE(std::fabs(y - 14) < 0.5);
    }
    Random random(1);
    CHECK_THROWS_AS(draw_digit(10, random), ValueError);
    CHECK_THROWS_AS(draw_digit(-1, random), ValueError);
}

TEST_CASE("augmentation by nothing changes nothing, a whole shift moves whole pixels, turning keeps the ink") {
    const Tensor digit = StrokeDigits(3, 5).batch(std::vector<int32_t>{2}).inputs;
    std::vector<float> out(784);
    Random random(3);
    augment(digit.data(), 28, 28, none(), random, out.data());
    for (size_t i = 0; i < 784; ++i) REQUIRE(out[i] == doctest::Approx(digit.data()[i]).epsilon(1e-5));

    Augmentation kept;
    kept.kept = 1;
    augment(digit.data(), 28, 28, kept, random, out.data());
    CHECK(std::equal(out.begin(), out.end(), digit.data()));

    Augmentation turned = none();
    turned.rotation = 0.5f;
    for (int round = 0; round < 20; ++round) {
        augment(digit.data(), 28, 28, turned, random, out.data());
        REQUIRE(total(out) == doctest::Approx(total(digit.values())).epsilon(0.05));
    }
    Augmentation shifted = none();
    shifted.shift = 2;
    for (int round = 0; round < 20; ++round) {
        augment(digit.data(), 28, 28, shifted, random, out.data());
        REQUIRE(total(out) == doctest::Approx(total(digit.values())).epsilon(0.02));
    }
}

TEST_CASE("thickness adds ink in one half of the draws and takes it in the other") {
    const Tensor digit = StrokeDigits(9, 5).batch(std::vector<int32_t>{8}).inputs;
    std::vector<float> out(784);
    Augmentation thick = none();
    thick.thickness = 0.8f;
    int more = 0, less = 0;
    for (uint64_t stream = 0; stream < 60; ++stream) {
        Random random(1, stream);
        augment(digit.data(), 28, 28, thick, random, out.data());
        more += total(out) > total(digit.values()) * 1.05;
        less += total(out) < total(digit.values()) * 0.95;
    }
    CHECK(more > 15);
    CHECK(less > 15);
}

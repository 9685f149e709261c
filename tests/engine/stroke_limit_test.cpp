// Strokes that are longer than any hand needs are simplified, and look the same.
#include <doctest/doctest.h>

#include <cmath>

#include "engine/data/stroke_limit.h"

using namespace trilens;

namespace {

size_t points(const std::vector<Stroke>& strokes) {
    size_t count = 0;
    for (const Stroke& stroke : strokes) count += stroke.size();
    return count;
}

// A slow hand around a circle.
Stroke circle(int count) {
    Stroke stroke;
    for (int i = 0; i <= count; ++i) {
        const float at = 6.2831853f * static_cast<float>(i) / static_cast<float>(count);
        stroke.push_back({0.5f + 0.3f * std::cos(at), 0.5f + 0.3f * std::sin(at)});
    }
    return stroke;
}

}  // namespace

TEST_CASE("strokes of a usual length stay as they were drawn, to the bit") {
    const std::vector<Stroke> drawn{circle(400), circle(300)}, kept = limited(drawn);
    REQUIRE(kept.size() == drawn.size());
    for (size_t i = 0; i < drawn.size(); ++i) {
        REQUIRE(kept[i].size() == drawn[i].size());
        for (size_t k = 0; k < drawn[i].size(); ++k) CHECK((kept[i][k].x == drawn[i][k].x && kept[i][k].y == drawn[i][k].y));
    }
}

TEST_CASE("a circle of 8000 points is drawn by few and its picture differs by less than one part in a hundred") {
    const std::vector<Stroke> kept = limited({circle(8000)});
    CHECK(points(kept) <= most_stroke_points / 2);
    const Tensor before = rasterize(std::vector<Stroke>{circle(8000)}, 0.045f, 112), after = rasterize(kept, 0.045f, 112);
    double difference = 0, ink = 0;
    for (int64_t i = 0; i < before.elements(); ++i) {
        difference += std::fabs(static_cast<double>(before.data()[i] - after.data()[i]));
        ink += static_cast<double>(before.data()[i]);
    }
    CHECK(difference < 0.01 * ink);
}

TEST_CASE("no left out point lies farther from the simplified stroke than the tolerance") {
    const Stroke drawn = circle(2000), kept = simplified(drawn, 0.01f);
    CHECK(kept.size() < 60);
    for (const Point& point : drawn) {
        const double from_middle = std::hypot(static_cast<double>(point.x) - 0.5, static_cast<double>(point.y) - 0.5);
        CHECK(from_middle == doctest::Approx(0.3).epsilon(1e-4));
    }
    // The middles of the chords are the farthest from the circle.
    for (size_t i = 1; i < kept.size(); ++i) {
        const double x = static_cast<double>(kept[i].x + kept[i - 1].x) / 2 - 0.5,
                     y = static_cast<double>(kept[i].y + kept[i - 1].y) / 2 - 0.5;
        CHECK(0.3 - std::hypot(x, y) <= 0.0101);
    }
}

TEST_CASE("a scribble without end, and thousands of dots, stay within the limit") {
    std::vector<Stroke> scribble(1);
    for (unsigned i = 0; i < 30000; ++i)
        scribble[0].push_back({static_cast<float>((i * 7919) % 1000) / 1000, static_cast<float>((i * 104729) % 1000) / 1000});
    CHECK(points(limited(scribble)) <= most_stroke_points);
    const std::vector<Stroke> dots(5000, Stroke{{0.5f, 0.5f}});
    CHECK(points(limited(dots)) <= most_stroke_points);
}

// Strokes of the drawing pad: smoothing, erasing, and the grid that a link keeps exactly.
#include "demos/widgets/drawing_pad.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace trilens;

TEST_CASE("a smoothed stroke passes through its points and keeps straight lines straight") {
    const Stroke line = {{0.1f, 0.5f}, {0.4f, 0.5f}, {0.9f, 0.5f}};
    const Stroke curve = smoothed({line}).front();
    CHECK(curve.size() > line.size());
    for (const Point& point : curve) CHECK(point.y == doctest::Approx(0.5));
    for (const Point& wanted : line) {
        bool met = false;
        for (const Point& point : curve) met |= std::abs(point.x - wanted.x) < 1e-6f;
        CHECK(met);
    }
    CHECK(smoothed({Stroke{{0.3f, 0.3f}}}).front().size() == 1);
    CHECK(smoothed({}).empty());
}

TEST_CASE("the eraser cuts a stroke in two and leaves others alone") {
    const Stroke crossed = {{0.1f, 0.5f}, {0.9f, 0.5f}}, far = {{0.1f, 0.1f}, {0.9f, 0.1f}};
    const std::vector<Stroke> left = erased({crossed, far}, {0.5f, 0.5f}, 0.1f);
    REQUIRE(left.size() == 3);
    for (const Point& point : left[0]) CHECK(point.x <= 0.4f);
    for (const Point& point : left[1]) CHECK(point.x >= 0.6f);
    CHECK(left[2].size() == far.size());
    CHECK(erased({crossed}, {0.5f, 0.8f}, 0.1f).size() == 1);
    CHECK(erased({Stroke{{0.5f, 0.5f}}}, {0.5f, 0.5f}, 0.1f).empty());
}

TEST_CASE("points are kept on whole thousandths, not far outside the pad") {
    CHECK(on_grid({0.12349f, 0.5f}).x == 0.123f);
    CHECK(on_grid({5, -5}).x == doctest::Approx(1.2));
    CHECK(on_grid({5, -5}).y == doctest::Approx(-0.2));
    const Point once = on_grid({0.777f, 0.001f}), twice = on_grid(once);
    CHECK(once.x == twice.x);
    CHECK(once.y == twice.y);
}

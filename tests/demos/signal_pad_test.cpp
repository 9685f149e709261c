// The signal pad under a pointer: one height at every place, new ink instead of old, undo, eraser.
#include "demos/widgets/signal_pad.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "tests/demos/widget_screen.h"

using namespace trilens;

namespace {

struct Pad {
    SignalPad pad;
    SignalPad::Style style;
    std::vector<DrawingPad::Event> finished;
    int changes = 0;
    bool claimed = false;
    WidgetScreen screen{[this](Stage& stage, Rect area) {
        DrawingPad::Event event = pad.draw(stage, "pad", {area.x, area.y, 400, 100}, style);
        changes += event.changed;
        claimed |= stage.pointer_claimed();
        if (event.finished) finished.push_back(event);
        return 200.0f;
    }};

    ImVec2 at(float x, float y) const {
        const Rect area = screen.rect("pad");
        return {area.x + x * area.w, area.y + y * area.h};
    }
    void draw(std::initializer_list<Point> points) {
        bool first = true;
        for (const Point& point : points) {
            if (first) screen.press_at(at(point.x, point.y));
            else screen.drag_to(at(point.x, point.y));
            first = false;
        }
        screen.release();
    }
    // The heights of all ink at a column.
    std::vector<float> heights(float x) const {
        std::vector<float> out;
        for (const Stroke& stroke : pad.strokes())
            for (size_t i = 0; i + 1 < stroke.size(); ++i) {
                const Point a = stroke[i], b = stroke[i + 1];
                if (std::min(a.x, b.x) < x && x <= std::max(a.x, b.x)) out.push_back(a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x));
            }
        return out;
    }
};

}  // namespace

TEST_CASE("a drag draws a curve in shares of the pad, y down, and claims the pointer") {
    Pad p;
    CHECK(p.screen.rect("pad").w == 400);
    CHECK_FALSE(p.claimed);
    p.draw({{0.1f, 0.5f}, {0.5f, 0.2f}, {0.9f, 0.8f}});
    CHECK(p.claimed);
    CHECK(p.changes > 0);
    REQUIRE(p.pad.strokes().size() == 1);
    const Stroke& stroke = p.pad.strokes()[0];
    REQUIRE(stroke.size() == 3);
    CHECK(stroke[0].x == doctest::Approx(0.1).epsilon(0.01));
    CHECK(stroke[1].y == doctest::Approx(0.2).epsilon(0.01));
    CHECK(stroke[2].x == doctest::Approx(0.9).epsilon(0.01));
    REQUIRE(p.finished.size() == 1);
    CHECK(p.finished[0].before.empty());
}

TEST_CASE("a new stroke replaces the ink of the columns it passes over and leaves the rest") {
    Pad p;
    p.draw({{0.1f, 0.5f}, {0.9f, 0.5f}});
    p.draw({{0.4f, 0.1f}, {0.6f, 0.1f}});
    CHECK(p.pad.strokes().size() == 3);
    for (const auto& [x, y] : {std::pair{0.2f, 0.5f}, {0.39f, 0.5f}, {0.5f, 0.1f}, {0.61f, 0.5f}, {0.8f, 0.5f}}) {
        CAPTURE(x);
        const std::vector<float> heights = p.heights(x);
        REQUIRE(heights.size() == 1);
        CHECK(heights[0] == doctest::Approx(y).epsilon(0.02));
    }
    CHECK(p.heights(0.05f).empty());
    CHECK(p.heights(0.95f).empty());
    // What stood before the second stroke, for undo.
    REQUIRE(p.finished.size() == 2);
    CHECK(p.finished[1].before.size() == 1);
    p.pad.set_strokes(p.finished[1].before);
    CHECK(p.heights(0.5f)[0] == doctest::Approx(0.5).epsilon(0.02));
}

TEST_CASE("a hand that goes back redraws: the curve keeps one height at every place, drawn leftwards as well") {
    Pad p;
    p.draw({{0.8f, 0.3f}, {0.2f, 0.3f}, {0.6f, 0.9f}});
    REQUIRE(p.pad.strokes().size() == 1);
    const Stroke& stroke = p.pad.strokes()[0];
    for (size_t i = 1; i < stroke.size(); ++i) CHECK(stroke[i].x > stroke[i - 1].x);
    REQUIRE(p.heights(0.4f).size() == 1);
    CHECK(p.heights(0.4f)[0] == doctest::Approx(0.6).epsilon(0.03));   // halfway from 0.3 to 0.9
    CHECK(p.heights(0.7f).size() == 1);
    CHECK(stroke.back().x == doctest::Approx(0.8).epsilon(0.01));
    CHECK(stroke.back().y == doctest::Approx(0.3).epsilon(0.02));
}

TEST_CASE("the hand may leave the pad: the curve stays within") {
    Pad p;
    p.draw({{0.5f, 0.5f}, {0.7f, -2.0f}, {1.4f, 3.0f}});
    REQUIRE(p.pad.strokes().size() == 1);
    for (const Point& point : p.pad.strokes()[0]) {
        CHECK(point.x >= 0);
        CHECK(point.x <= 1);
        CHECK(point.y >= 0);
        CHECK(point.y <= 1);
    }
    CHECK(p.pad.strokes()[0].back().x == 1);
}

TEST_CASE("the eraser clears the columns it passes over, and says nothing where there was no ink") {
    Pad p;
    p.draw({{0.1f, 0.5f}, {0.9f, 0.5f}});
    p.style.erase = true;
    p.draw({{0.4f, 0.9f}, {0.6f, 0.9f}});
    REQUIRE(p.pad.strokes().size() == 2);
    CHECK(p.heights(0.5f).empty());
    CHECK(p.heights(0.3f).size() == 1);
    CHECK(p.heights(0.7f).size() == 1);
    const int changes = p.changes;
    p.draw({{0.45f, 0.9f}, {0.55f, 0.9f}});
    CHECK(p.changes == changes);
}

TEST_CASE("columns are cut from strokes that go to and fro, as a link may hold") {
    const Stroke loop = {{0.1f, 0.1f}, {0.9f, 0.1f}, {0.1f, 0.9f}};
    const std::vector<Stroke> left = without_columns({loop}, 0.4f, 0.6f);
    REQUIRE(left.size() == 3);
    CHECK(left[0].back().x == doctest::Approx(0.4));
    CHECK(left[1].front().x == doctest::Approx(0.6));
    CHECK(left[1].back().x == doctest::Approx(0.6));
    CHECK(left[1].back().y == doctest::Approx(0.1 + 0.8 * 0.3 / 0.8));
    CHECK(left[2].front().x == doctest::Approx(0.4));
    CHECK(without_columns({Stroke{{0.5f, 0.5f}}}, 0.4f, 0.6f).empty());
    CHECK(without_columns({Stroke{{0.5f, 0.5f}}}, 0.6f, 0.7f).size() == 1);
}

TEST_CASE("what the network sees is drawn below the ink") {
    Pad p;
    const auto vertices = [&] {
        p.screen.draw_again();
        int count = 0;
        for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) count += list->VtxBuffer.Size;
        return count;
    };
    const int without = vertices();
    std::vector<float> seen(128);
    for (size_t i = 0; i < seen.size(); ++i) seen[i] = std::sin(static_cast<float>(i) / 9);
    p.style.seen = seen;
    CHECK(vertices() >= without + 128);
    p.style.seen = {};
    CHECK(vertices() == without);
}

// The axis of time: whole pixels, all steps or as many as there is room for, scrolled and zoomed.
#include "demos/widgets/time_axis.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "tests/demos/widget_screen.h"

using namespace trilens;

namespace {

struct Axis {
    int64_t steps, current = -1;
    float width = 300, used = 0;
    TimeAxis axis;
    WidgetScreen screen;

    explicit Axis(int64_t count, float device_pixels = 1)
        : steps(count),
          screen(
              [this](Stage& stage, Rect area) {
                  axis.fit(stage, steps, current, area.x, width);
                  axis.take_wheel({area.x, area.y, width, 100});
                  used = axis.draw_scroll_bar(stage, "bar", {area.x, area.y + 60, width, 0});
                  stage.place("steps", {axis.left(), area.y, axis.width(), 50});
                  return 200.0f;
              },
              nullptr, 1280, 720, device_pixels) {
        screen.draw_again();
    }
    void wheel(float sideways, float upwards, bool ctrl, bool shift) {
        ImGuiIO& io = ImGui::GetIO();
        io.AddKeyEvent(ImGuiMod_Ctrl, ctrl);
        io.AddKeyEvent(ImGuiMod_Shift, shift);
        io.AddMouseWheelEvent(sideways, upwards);
        screen.draw_again();
        io.AddKeyEvent(ImGuiMod_Ctrl, false);
        io.AddKeyEvent(ImGuiMod_Shift, false);
        screen.draw_again();
    }
};

bool whole(float pixels) { return std::fabs(pixels - std::round(pixels)) < 1e-3f; }

}  // namespace

TEST_CASE("columns are whole device pixels, fit the width, and every step stands where it is found again") {
    for (const float device_pixels : {1.0f, 1.5f, 2.0f, 3.0f})
        for (const int64_t steps : {1, 2, 10, 31, 99, 100, 101, 300, 10000}) {
            CAPTURE(device_pixels);
            CAPTURE(steps);
            Axis a(steps, device_pixels);
            const TimeAxis& axis = a.axis;
            CHECK(whole(axis.column() * device_pixels));
            CHECK(whole(axis.left() * device_pixels));
            CHECK(axis.column() >= 2.99f - 1 / device_pixels);
            CHECK(axis.column() <= 84);
            CHECK(axis.width() <= 300.01f);
            CHECK(axis.scrolls() == (static_cast<float>(steps) * axis.column() > 300.01f));
            CHECK((axis.scrolls() ? steps > 100 : steps < 120));   // a column is 3 units, or a part of a pixel less
            for (int64_t step = axis.first(); step < axis.last(); ++step) CHECK(axis.step_at(axis.middle(step)) == step);
            CHECK(axis.step_at(axis.left() - 1) == -1);
            CHECK(axis.step_at(axis.left() + axis.width() + 1) == -1);
            CHECK((a.used > 0) == (axis.column() < 24));
        }
}

TEST_CASE("no steps at all are no trouble") {
    Axis a(0);
    CHECK(a.axis.count() == 0);
    CHECK(a.axis.step_at(a.axis.left() + 5) == -1);
    a.steps = 5;
    a.screen.draw_again();
    CHECK(a.axis.count() == 5);
}

TEST_CASE("the current step stays in sight when it moves, and the learner may look elsewhere while it rests") {
    Axis a(1000);
    for (const int64_t step : {0, 150, 151, 999, 3}) {
        a.current = step;
        a.screen.draw_again();
        CHECK(a.axis.first() <= step);
        CHECK(a.axis.last() > step);
    }
    a.axis.scroll_to(700);
    a.screen.draw_again();
    CHECK(a.axis.first() == 700);
    a.axis.show(650);
    CHECK(a.axis.first() == 650);
    a.axis.show(900);
    CHECK(a.axis.last() == 901);
    a.axis.scroll_to(5000);
    CHECK(a.axis.last() == 1000);
    a.steps = 20;   // another sentence
    a.screen.draw_again();
    CHECK(a.axis.first() == 0);
    CHECK(a.axis.count() == 20);
}

TEST_CASE("a sideways wheel, or Shift and wheel, scrolls; a plain wheel is the page's") {
    Axis a(1000);
    a.screen.move(a.screen.middle("steps"));
    a.wheel(0, -1, false, false);
    CHECK(a.axis.first() == 0);
    a.wheel(-1, 0, false, false);
    const int64_t first = a.axis.first();
    CHECK(first > 0);
    a.wheel(0, -1, false, true);
    CHECK(a.axis.first() > first);
    a.wheel(0, 50, false, true);
    CHECK(a.axis.first() == 0);
    a.screen.move({a.screen.middle("steps").x, 700});
    a.wheel(-1, 0, false, false);
    CHECK(a.axis.first() == 0);
}

TEST_CASE("Ctrl and wheel zooms about the pointer, down to one device pixel a step and up to 84 units") {
    for (const float device_pixels : {1.0f, 2.0f}) {
        Axis a(1000, device_pixels);
        a.axis.scroll_to(400);
        const float place = a.axis.left() + 100;
        a.screen.move({place, a.screen.middle("steps").y});
        for (int i = 0; i < 12 && a.axis.can_widen(); ++i) {
            const auto at = static_cast<float>(a.axis.step_at(place));
            a.wheel(0, 1, true, false);
            CHECK(std::fabs(static_cast<float>(a.axis.step_at(place)) - at) <= 1);
        }
        CHECK(a.axis.column() == 84);
        CHECK_FALSE(a.axis.can_widen());
        for (int i = 0; i < 40; ++i) a.wheel(0, -1, true, false);
        CHECK(a.axis.column() == 1 / device_pixels);   // 1000 steps do not fit, even so
        CHECK(a.axis.scrolls() == (device_pixels == 1 || 1000 > 300 * device_pixels));
        CHECK_FALSE(a.axis.can_thin());
    }
}

TEST_CASE("where all steps fit columns become no thinner than that") {
    Axis few(20);
    few.screen.move(few.screen.middle("steps"));
    const float column = few.axis.column();
    few.wheel(0, -1, true, false);
    CHECK(few.axis.column() == column);
    few.wheel(0, 1, true, false);
    CHECK(few.axis.column() > column);
    CHECK(few.axis.scrolls());
    for (int i = 0; i < 5; ++i) few.wheel(0, -1, true, false);
    CHECK(few.axis.column() == column);
}

TEST_CASE("buttons zoom, the bar is dragged to its ends and takes keys") {
    Axis a(500);
    const Rect bar = a.screen.rect("bar");
    a.screen.press_at({bar.x + 4, bar.y + bar.h / 2});
    a.screen.drag_to({bar.right() + 300, bar.y});
    CHECK(a.axis.last() == 500);
    a.screen.release();
    a.screen.press(ImGuiKey_Home);
    CHECK(a.axis.first() == 0);
    a.screen.press(ImGuiKey_RightArrow);
    CHECK(a.axis.first() == 1);
    a.screen.press(ImGuiKey_PageDown);
    CHECK(a.axis.first() == 101);
    a.screen.press(ImGuiKey_End);
    CHECK(a.axis.last() == 500);
    a.screen.press(ImGuiKey_Equal);
    CHECK(a.axis.column() > 3);
    const float wide = a.axis.column();
    a.screen.press(ImGuiKey_Minus);
    CHECK(a.axis.column() < wide);
    const float column = a.axis.column();
    a.screen.click(a.screen.middle("bar.widen"));
    CHECK(a.axis.column() > column);
    for (int i = 0; i < 6; ++i) a.screen.click(a.screen.middle("bar.thin"));
    CHECK(a.axis.column() == 1);
    CHECK(a.axis.count() == 300);
}

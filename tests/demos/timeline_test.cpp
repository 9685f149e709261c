// The timeline under pointer, finger and keys: it goes to allowed positions only, the nearest ones.
#include "demos/widgets/timeline.h"

#include <doctest/doctest.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "engine/errors.h"
#include "tests/demos/widget_screen.h"

using namespace trilens;

namespace {

struct Slider {
    std::vector<int64_t> positions;
    int64_t now = 0;
    std::vector<int64_t> chosen;
    bool claimed = false;
    WidgetScreen screen{[this](Stage& stage, Rect area) {
        if (const auto to = draw_timeline(stage, "time", positions, now, 400, {area.x, area.y, 420, 0})) chosen.push_back(now = *to);
        claimed |= stage.pointer_claimed();
        return 100.0f;
    }};

    explicit Slider(std::vector<int64_t> allowed) : positions(std::move(allowed)), now(positions.empty() ? 0 : positions.front()) {
        screen.draw_again();
    }
    // Where a position lies: the knob's middle goes from 11 units inside the left end to 11 inside the right one.
    ImVec2 at(double position) const {
        const Rect track = screen.rect("time");
        const double share =
            (position - static_cast<double>(positions.front())) / static_cast<double>(positions.back() - positions.front());
        return {track.x + 11 + static_cast<float>(share) * (track.w - 22), track.y + track.h / 2};
    }
};

}  // namespace

TEST_CASE("a drag goes to the allowed position nearest to the pointer, each one told once, while the button is down") {
    Slider slider({0, 50, 100, 110, 400});
    CHECK(slider.chosen.empty());
    slider.screen.press_at(slider.at(60));
    CHECK(slider.chosen == std::vector<int64_t>{50});
    CHECK(slider.claimed);
    slider.screen.drag_to(slider.at(74));
    CHECK(slider.chosen == std::vector<int64_t>{50});
    slider.screen.drag_to(slider.at(77));
    CHECK(slider.now == 100);
    slider.screen.drag_to(slider.at(107));
    CHECK(slider.now == 110);
    slider.screen.drag_to({slider.screen.rect("time").right() + 300, 5});   // far outside, still held
    CHECK(slider.now == 400);
    slider.screen.drag_to({-50, 5});
    CHECK(slider.now == 0);
    slider.screen.release();
    slider.screen.move(slider.at(100));
    CHECK(slider.now == 0);
    CHECK(slider.chosen == std::vector<int64_t>{50, 100, 110, 400, 0});
}

TEST_CASE("arrow keys go to the next allowed position, Home and End to the ends, once the track has the focus") {
    Slider slider({0, 50, 100, 110, 400});
    slider.screen.press(ImGuiKey_RightArrow);
    CHECK(slider.now == 0);
    slider.screen.click(slider.at(100));
    CHECK(slider.now == 100);
    slider.screen.press(ImGuiKey_RightArrow);
    CHECK(slider.now == 110);
    slider.screen.press(ImGuiKey_RightArrow);
    slider.screen.press(ImGuiKey_RightArrow);
    CHECK(slider.now == 400);
    slider.screen.press(ImGuiKey_LeftArrow);
    CHECK(slider.now == 110);
    slider.screen.press(ImGuiKey_Home);
    CHECK(slider.now == 0);
    slider.screen.press(ImGuiKey_LeftArrow);
    CHECK(slider.now == 0);
    slider.screen.press(ImGuiKey_End);
    CHECK(slider.now == 400);
    // A position that is none of the allowed ones, as while training goes on.
    slider.now = 105;
    slider.screen.press(ImGuiKey_LeftArrow);
    CHECK(slider.now == 100);
}

TEST_CASE("the track is reached with the Tab key") {
    Slider slider({0, 50, 100});
    const auto focused = [&] {
        const ImGuiContext& context = *ImGui::GetCurrentContext();
        if (!context.NavWindow || context.NavId == 0) return false;
        const ImRect place = ImGui::WindowRectRelToAbs(context.NavWindow, context.NavWindow->NavRectRel[0]);
        return slider.screen.rect("time").contains(place.GetCenter());
    };
    int tabs = 0;
    for (; tabs < 20 && !focused(); ++tabs) slider.screen.press(ImGuiKey_Tab);
    REQUIRE(tabs < 20);
    slider.screen.press(ImGuiKey_RightArrow);
    CHECK(slider.now == 50);
}

TEST_CASE("a finger drags it too, on a target of 44 units") {
    Slider slider({0, 100, 200, 300, 400});
    ImGui::GetIO().AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
    slider.screen.move({1, 1});
    slider.screen.draw_again();
    CHECK(slider.screen.rect("time").h >= 44);
    slider.screen.press_at(slider.at(190));
    slider.screen.drag_to(slider.at(290));
    slider.screen.release();
    CHECK(slider.now == 300);
}

TEST_CASE("thousands of positions, one, and none") {
    std::vector<int64_t> many;
    for (int64_t i = 0; i < 5000; ++i) many.push_back(i * 3);
    Slider slider(many);
    slider.screen.click(slider.at(9000));
    CHECK(slider.now % 3 == 0);
    CHECK(std::abs(slider.now - 9000) <= 15000 / 398 + 3);   // a unit of the track
    slider.positions = {7};
    slider.now = 7;
    slider.screen.click(slider.screen.middle("time"));
    CHECK(slider.now == 7);
    slider.positions.clear();
    slider.screen.draw_again();
    for (const NamedRect& each : slider.screen.app->rects()) CHECK(each.name != "time");
}

TEST_CASE("the nearest position is found, of two equally near the earlier") {
    const std::vector<int64_t> positions = {-5, 0, 10, 11};
    for (double place = -8; place < 14; place += 0.25) {
        int64_t best = positions[0];
        for (const int64_t each : positions)
            if (std::abs(static_cast<double>(each) - place) < std::abs(static_cast<double>(best) - place)) best = each;
        CAPTURE(place);
        CHECK(nearest_position(positions, place) == best);
    }
}

TEST_CASE("positions that do not ascend are refused") {
    const std::vector<int64_t> wrong = {0, 20, 10};
    std::string said;
    WidgetScreen screen([&](Stage& stage, Rect area) {
        try {
            draw_timeline(stage, "time", wrong, 0, 20, {area.x, area.y, 300, 0});
        } catch (const ValueError& error) {
            said = error.what();
        }
        return 100.0f;
    });
    CHECK(said.find("10 follows 20") != std::string::npos);
}

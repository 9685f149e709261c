// Bars under hand and keys: what a drag passes is set, nothing else.
#include "demos/widgets/value_bars.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "demos/history.h"
#include "demos/widgets/theme.h"
#include "engine/errors.h"
#include "tests/demos/widget_screen.h"

using namespace trilens;

namespace {

struct Numbers {
    std::vector<float> values = std::vector<float>(10, 0.5f);
    ValueBarsStyle style;
    float width = 500;
    ValueBars bars;
    History history;   // as a room keeps it
    bool claimed = false;
    WidgetScreen screen{[this](Stage& stage, Rect area) {
        const std::vector<float> before = values;
        const ValueBarsEvent event = bars.draw(stage, "bars", values, {area.x, area.y, width, 120}, style);
        CHECK(event.changed == (values != before));
        if (event.changed)
            history.record({"bars", [this, before] { values = before; }, [this, after = values] { values = after; }}, event.joins);
        if (!ImGui::IsAnyItemActive()) history.close();
        claimed |= stage.pointer_claimed();
        return 200.0f;
    }};

    ImVec2 at(int bar, float share) const {
        const Rect place = screen.rect("bars:" + std::to_string(bar));
        return {place.x + place.w / 2, place.bottom() - share * place.h};
    }
};

int vertices_of(ImU32 color, Rect within) {
    int count = 0;
    for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists)
        for (const ImDrawVert& vertex : list->VtxBuffer) count += vertex.col == color && within.contains(vertex.pos);
    return count;
}

}  // namespace

TEST_CASE("a press sets the bar under it to the height of the pointer, in hundredths, and leaves the others") {
    Numbers n;
    n.screen.press_at(n.at(3, 0.8f));
    CHECK(n.claimed);
    CHECK(n.values[3] == doctest::Approx(0.8).epsilon(0.02));
    CHECK(std::round(n.values[3] * 100) / 100 == n.values[3]);
    for (size_t i = 0; i < 10; ++i)
        if (i != 3) CHECK(n.values[i] == 0.5f);
    n.screen.drag_to({n.at(3, 0).x, -500});   // far above, still held
    CHECK(n.values[3] == 1);
    n.screen.drag_to({n.at(3, 0).x, 5000});
    CHECK(n.values[3] == 0);
    n.screen.release();
    n.screen.move(n.at(5, 0.1f));
    CHECK(n.values[5] == 0.5f);
}

TEST_CASE("one drag across several bars sets those between two positions of the hand on the line between them") {
    Numbers n;
    n.screen.press_at(n.at(1, 0.2f));
    n.screen.drag_to(n.at(9, 1.0f));   // eight bars in one frame
    for (int i = 1; i <= 9; ++i) CHECK(n.values[static_cast<size_t>(i)] == doctest::Approx(0.2 + 0.1 * (i - 1)).epsilon(0.03));
    CHECK(n.values[0] == 0.5f);
    n.screen.drag_to(n.at(7, 0.0f));   // and back
    CHECK(n.values[7] == 0);
    CHECK(n.values[8] == doctest::Approx(0.5).epsilon(0.03));
    CHECK(n.values[6] == doctest::Approx(0.7).epsilon(0.03));
    n.screen.release();
}

TEST_CASE("a drag that begins where nothing changes sets what it passes all the same") {
    Numbers n;
    n.values[2] = 1;
    n.screen.press_at({n.at(2, 0).x, n.screen.rect("bars").y + 0.2f});   // is at 1 already
    CHECK_FALSE(n.history.can_undo());
    n.screen.drag_to(n.at(4, 0));
    CHECK(n.values[4] == 0);
    CHECK(n.values[3] == doctest::Approx(0.5).epsilon(0.03));
    n.screen.release();
}

TEST_CASE("a drag is one step of undo, the next drag another") {
    Numbers n;
    n.screen.press_at(n.at(0, 0.9f));
    for (int i = 1; i < 6; ++i) n.screen.drag_to(n.at(i, 0.9f));
    n.screen.release();
    const std::vector<float> first = n.values;
    n.screen.press_at(n.at(8, 0.1f));
    n.screen.drag_to(n.at(9, 0.1f));
    n.screen.release();
    n.history.undo();
    CHECK(n.values == first);
    n.history.undo();
    CHECK(n.values == std::vector<float>(10, 0.5f));
    CHECK_FALSE(n.history.can_undo());
}

TEST_CASE("keys: left and right choose a bar, up and down change it by a hundredth, Page by a tenth, within the range") {
    Numbers n;
    n.screen.press(ImGuiKey_UpArrow);
    CHECK(n.values == std::vector<float>(10, 0.5f));   // has not the keyboard yet
    n.screen.click(n.at(4, 0.5f));
    n.values[4] = 0.5f;
    n.screen.press(ImGuiKey_UpArrow);
    CHECK(n.values[4] == 0.51f);
    n.screen.press(ImGuiKey_RightArrow);
    n.screen.press(ImGuiKey_DownArrow);
    CHECK(n.values[5] == 0.49f);
    CHECK(n.values[4] == 0.51f);
    n.screen.press(ImGuiKey_Home);
    for (int i = 0; i < 7; ++i) n.screen.press(ImGuiKey_PageUp);
    CHECK(n.values[0] == 1);
    n.screen.press(ImGuiKey_LeftArrow);
    n.screen.press(ImGuiKey_PageDown);
    CHECK(n.values[0] == 0.9f);
    n.screen.press(ImGuiKey_End);
    n.screen.press(ImGuiKey_RightArrow);
    n.screen.press(ImGuiKey_PageDown);
    CHECK(n.values[9] == 0.4f);
}

TEST_CASE("a range below 0, fewer numbers than before, and numbers outside of the range are drawn within the bars") {
    Numbers n;
    n.style = {.low = -1, .high = 1};
    n.screen.draw_again();
    n.screen.click(n.at(9, 0.25f));
    CHECK(n.values[9] == doctest::Approx(-0.5).epsilon(0.05));
    n.values = {INFINITY, 7, -7};
    n.screen.draw_again();
    const Rect all = n.screen.rect("bars");
    const ImU32 ink = theme().color.input;
    CHECK(vertices_of(ink, {all.x, all.y - 50, all.w, 49.5f}) == 0);
    CHECK(vertices_of(ink, {all.x, all.bottom() + 0.5f, all.w, 50}) == 0);
    n.screen.press(ImGuiKey_UpArrow);   // the cursor was on the tenth
    CHECK(n.values[2] == -1);
}

TEST_CASE("a range of nothing is refused") {
    ValueBars bars;
    std::vector<float> values(3);
    std::string said;
    WidgetScreen wrong([&](Stage& stage, Rect area) {
        try {
            bars.draw(stage, "bars", values, area, {.low = 1, .high = 1});
        } catch (const ValueError& error) {
            said = error.what();
        }
        return 10.0f;
    });
    CHECK(said.find("expected low < high") != std::string::npos);
}

TEST_CASE("bars that time has not reached are faint, the current one is framed; values are written where they fit") {
    Numbers n;
    n.style.reached = 4;
    n.screen.draw_again();
    const auto solid = [&](int bar) { return vertices_of(theme().color.input, n.screen.rect("bars:" + std::to_string(bar))); };
    const auto framed = [&](int bar) {
        const Rect place = n.screen.rect("bars:" + std::to_string(bar)).inset(0.3f);
        return vertices_of(theme().color.accent, place) > 0;
    };
    n.screen.move({5, 5});
    for (int i = 0; i < 10; ++i) {
        CAPTURE(i);
        CHECK((solid(i) > 0) == (i < 4));
        CHECK(framed(i) == (i == 3));
    }
    const float high = n.screen.rect("bars:0").h;
    CHECK(high < 120);   // room for the numbers
    n.width = 150;
    n.screen.draw_again();
    CHECK(n.screen.rect("bars:0").h == 120);   // no room to write 15 units wide
    CHECK(n.screen.rect("bars:9").right() <= n.screen.rect("bars").right());
}

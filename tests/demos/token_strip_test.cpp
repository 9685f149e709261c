// Tokens as chips: where they stand, what hand and keys do with them, what of them is in sight.
#include "demos/widgets/token_strip.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "demos/widgets/color_map.h"
#include "demos/widgets/theme.h"
#include "engine/errors.h"
#include "tests/demos/widget_screen.h"

using namespace trilens;

namespace {

using Tokens = std::pair<int64_t, int64_t>;

struct Sentence {
    std::vector<std::string> tokens;
    TokenStripStyle style;
    float width = 320;
    TokenStrip strip;
    TokenStripEvent event;   // of the last frame
    std::vector<int64_t> clicked;
    std::vector<Tokens> brushed;
    bool claimed = false;
    WidgetScreen screen{[this](Stage& stage, Rect area) {
        claimed = false;
        event = strip.draw(stage, "tokens", tokens, {area.x, area.y, width, 0}, style);
        if (event.clicked >= 0) clicked.push_back(event.clicked);
        if (event.brushed) brushed.push_back(*event.brushed);
        claimed = stage.pointer_claimed();
        return 1200.0f;   // the page scrolls too
    }};

    explicit Sentence(std::vector<std::string> words) : tokens(std::move(words)) { screen.draw_again(); }
    std::string name(int64_t i) const { return "tokens:" + std::to_string(i); }
    bool drawn(int64_t i) const {
        for (const NamedRect& each : screen.app->rects())
            if (each.name == name(i)) return true;
        return false;
    }
    bool in_sight(int64_t i) const {
        if (!drawn(i)) return false;
        const Rect place = screen.rect(name(i)), window = screen.rect("tokens");
        return place.y >= window.y - 0.5f && place.bottom() <= window.bottom() + 0.5f && place.x >= window.x - 0.5f &&
               place.right() <= window.right() + 0.5f;
    }
    int vertices(ImU32 color, int64_t i) const {
        const Rect place = screen.rect(name(i)).inset(-1);
        int count = 0;
        for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists)
            for (const ImDrawVert& vertex : list->VtxBuffer) count += vertex.col == color && place.contains(vertex.pos);
        return count;
    }
    void finger() {
        ImGui::GetIO().AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
        screen.move({1, 1});
        screen.draw_again();
    }
};

std::vector<std::string> words(int count) {
    std::vector<std::string> out;
    for (int i = 0; i < count; ++i) out.push_back("word" + std::to_string(i));
    return out;
}

}  // namespace

TEST_CASE("chips stand in reading order, wrapped to the width, and keep apart") {
    Sentence s(words(30));
    const Rect all = s.screen.rect("tokens");
    CHECK(all.h == s.event.height);
    for (int i = 1; i < 30; ++i) {
        if (!s.drawn(i)) continue;
        const Rect before = s.screen.rect(s.name(i - 1)), place = s.screen.rect(s.name(i));
        CHECK((place.y == before.y ? place.x > before.right() : place.y > before.bottom() && place.x == all.x));
        CHECK(place.right() <= all.right());
    }
    CHECK(s.screen.rect(s.name(10)).y > s.screen.rect(s.name(0)).y);
    s.width = 4000;
    s.screen.draw_again();
    CHECK(s.screen.rect(s.name(29)).y == s.screen.rect(s.name(0)).y);
    s.tokens.clear();
    s.screen.draw_again();
    CHECK(s.event.height == 0);
}

TEST_CASE("Chinese, emoji, numbers, spaces and control characters each have a chip that can be hit") {
    Sentence s({"\xe5\xa5\xbd", "\xf0\x9f\x98\x80", "0.73", " ", "\n", "\t", "\r", "\x7f", "", std::string(400, 'x')});
    for (int i = 0; i < 10; ++i) {
        CAPTURE(i);
        CHECK(s.screen.rect(s.name(i)).w >= 14);
        CHECK(s.screen.rect(s.name(i)).w <= s.width);
        s.screen.click(s.screen.middle(s.name(i)));
        CHECK(s.clicked.size() == static_cast<size_t>(i) + 1);
        CHECK(s.clicked.back() == i);
        CHECK(s.event.hovered == i);
    }
    s.screen.move({5, 700});
    CHECK(s.event.hovered == -1);
}

TEST_CASE("a drag over several tokens brushes them in reading order, forth and back, and is no click") {
    Sentence s(words(12));
    s.screen.press_at(s.screen.middle(s.name(6)));
    CHECK(s.brushed.empty());
    s.screen.drag_to(s.screen.middle(s.name(9)));
    REQUIRE(!s.brushed.empty());
    CHECK(s.brushed.back() == Tokens(6, 9));
    CHECK(s.claimed);
    s.screen.drag_to(s.screen.middle(s.name(2)));
    CHECK(s.brushed.back() == Tokens(2, 6));
    s.screen.drag_to(s.screen.middle(s.name(6)));
    CHECK(s.brushed.back() == Tokens(6, 6));
    // Beyond the end of a row and far outside: the nearest token.
    s.screen.drag_to({s.screen.rect("tokens").right() + 200, s.screen.middle(s.name(0)).y});
    const int64_t end_of_row = s.brushed.back().first;
    CHECK(s.brushed.back().second == 6);
    CHECK(s.screen.rect(s.name(end_of_row)).y == s.screen.rect(s.name(0)).y);
    CHECK(s.screen.rect(s.name(end_of_row + 1)).y > s.screen.rect(s.name(0)).y);
    s.screen.release();
    CHECK(s.clicked.empty());
    const size_t count = s.brushed.size();
    s.screen.move(s.screen.middle(s.name(1)));
    CHECK(s.brushed.size() == count);
}

TEST_CASE("keys move a cursor that counts as hovering, Shift brushes, Enter clicks") {
    Sentence s(words(12));
    s.screen.press(ImGuiKey_RightArrow);
    CHECK(s.event.hovered == -1);   // has not the keyboard yet
    s.screen.click(s.screen.middle(s.name(2)));
    s.screen.move({5, 700});
    CHECK(s.event.hovered == -1);
    s.clicked.clear();
    s.screen.press(ImGuiKey_RightArrow);
    CHECK(s.event.hovered == 3);
    CHECK(s.brushed.empty());
    s.screen.press(ImGuiKey_RightArrow, false, true);
    s.screen.press(ImGuiKey_RightArrow, false, true);
    REQUIRE(!s.brushed.empty());
    CHECK(s.brushed.back() == Tokens(3, 5));
    for (int i = 0; i < 4; ++i) s.screen.press(ImGuiKey_LeftArrow, false, true);
    CHECK(s.brushed.back() == Tokens(1, 3));
    s.screen.press(ImGuiKey_Enter);
    CHECK(s.clicked == std::vector<int64_t>{1});
    const Rect before = s.screen.rect(s.name(1));
    s.screen.press(ImGuiKey_DownArrow);
    const Rect below = s.screen.rect(s.name(s.event.hovered));
    CHECK(below.y > before.y);
    CHECK(below.x <= before.x + before.w / 2);
    CHECK(below.right() >= before.x);
    s.screen.press(ImGuiKey_End);
    CHECK(s.event.hovered == 11);
    s.screen.press(ImGuiKey_RightArrow);
    CHECK(s.event.hovered == 11);
    s.screen.press(ImGuiKey_Home);
    CHECK(s.event.hovered == 0);
    s.tokens.resize(3);   // the sentence was edited
    s.screen.press(ImGuiKey_End);
    CHECK(s.event.hovered == 2);
}

TEST_CASE("hundreds of tokens scroll within the height, keep the current step in sight, and leave the page alone") {
    Sentence s(words(600));
    CHECK(s.event.height == doctest::Approx(120));
    CHECK(s.in_sight(0));
    CHECK_FALSE(s.drawn(599));
    CHECK(s.screen.rect(s.name(0)).h >= 18);   // legible
    for (const int64_t step : {300, 600, 1, 451}) {
        s.style.reached = step;
        s.screen.draw_again();
        CAPTURE(step);
        s.screen.draw_again();
        CHECK(s.in_sight(step - 1));
    }
    const float page = s.screen.rect("tokens").y, first = s.screen.rect(s.name(450)).y;
    s.screen.move(s.screen.middle("tokens"));
    ImGui::GetIO().AddMouseWheelEvent(0, -1);
    s.screen.draw_again();
    CHECK(s.screen.rect(s.name(451)).y < first);
    CHECK(s.screen.rect("tokens").y == page);
    for (int i = 0; i < 200; ++i) {
        ImGui::GetIO().AddMouseWheelEvent(0, -5);
        s.screen.draw_again();
    }
    CHECK(s.in_sight(599));
    // Keys follow as well.
    s.screen.click(s.screen.middle(s.name(599)));
    s.screen.press(ImGuiKey_Home);
    CHECK(s.in_sight(0));
    CHECK(s.screen.rect("tokens").y == page);
}

TEST_CASE("one row scrolls sideways instead of wrapping") {
    Sentence s(words(60));
    s.style.one_row = true;
    s.screen.draw_again();
    CHECK(s.event.height < 40);
    CHECK_FALSE(s.drawn(59));
    s.style.reached = 60;
    s.screen.draw_again();
    s.screen.draw_again();
    CHECK(s.in_sight(59));
    CHECK(s.screen.rect(s.name(59)).y == s.screen.rect("tokens").y);
}

TEST_CASE("a finger brushes sideways, and scrolls up and down") {
    Sentence s(words(600));
    s.finger();
    const Rect window = s.screen.rect("tokens");
    const ImVec2 start{window.x + 60, window.y + 90};
    s.screen.press_at(start);
    s.screen.drag_to({start.x, start.y - 30});
    s.screen.drag_to({start.x, start.y - 60});
    CHECK(s.claimed);
    s.screen.release();
    CHECK(s.brushed.empty());
    CHECK(s.clicked.empty());
    CHECK_FALSE(s.in_sight(0));
    CHECK(s.screen.rect("tokens").y == window.y);
    s.screen.press_at(start);
    s.screen.drag_to({start.x + 120, start.y + 2});
    CHECK(s.claimed);
    s.screen.release();
    REQUIRE(!s.brushed.empty());
    CHECK(s.brushed.back().second > s.brushed.back().first);
}

TEST_CASE("a finger scrolls the page over a strip that does not scroll itself") {
    Sentence few(words(10));
    few.finger();
    few.screen.press_at(few.screen.middle(few.name(2)));
    few.screen.drag_to({few.screen.middle(few.name(2)).x, few.screen.middle(few.name(2)).y + 50});
    CHECK_FALSE(few.claimed);
    few.screen.release();
    CHECK(few.brushed.empty());
}

TEST_CASE("values colour the chips on one scale, the current token is framed, unknown ones are dotted, captions stand below") {
    Sentence s({"not", "very", "good", "xyzzy"});
    const float plain = s.event.height;
    const std::vector<float> values = {-0.5f, 0, 1, 0.25f};
    s.style.values = values;
    s.style.known = [](int64_t i) { return i != 3; };
    s.style.reached = 3;
    s.screen.draw_again();
    const auto color = [](float value) { return map_color(ColorMap::diverging, 0.5f + 0.5f * value); };
    for (int i = 0; i < 3; ++i) CHECK(s.vertices(color(values[static_cast<size_t>(i)]), i) > 0);
    CHECK(s.vertices(color(0.25f), 3) == 0);   // not reached: faint
    CHECK(s.vertices((color(0.25f) & 0x00ffffffu) | 0x70000000u, 3) > 0);
    for (int i = 0; i < 4; ++i) {
        CHECK((s.vertices(theme().color.accent, i) > 0) == (i == 2));
        CHECK((s.vertices(theme().color.warning, i) > 0) == (i == 3));
    }
    const std::vector<std::string> captions = {"-0.50", "0.00", "+1.00", "a much longer caption"};
    s.style.captions = captions;
    s.screen.draw_again();
    CHECK(s.event.height > plain + 10);
    CHECK(s.screen.rect(s.name(3)).w > 100);
}

TEST_CASE("values and captions of another number than the tokens are refused") {
    const std::vector<float> values(3);
    std::string said;
    TokenStrip strip;
    const std::vector<std::string> tokens = {"a", "b"};
    WidgetScreen screen([&](Stage& stage, Rect area) {
        TokenStripStyle style;
        style.values = values;
        try {
            strip.draw(stage, "tokens", tokens, area, style);
        } catch (const ValueError& error) {
            said = error.what();
        }
        return 10.0f;
    });
    CHECK(said.find("3 values for 2 tokens") != std::string::npos);
}

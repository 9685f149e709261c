// Heat strips over time: what is drawn is what the tensor holds, and a cell is hovered, pinned, dragged and let go.
#include "demos/widgets/time_strip.h"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "demos/widgets/image_texture.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/theme.h"
#include "engine/autograd/activation.h"
#include "engine/autograd/reduction.h"
#include "tests/demos/widget_screen.h"

using namespace trilens;

namespace {

using Cell = std::pair<int64_t, int64_t>;

// s.input of that shape, values all different, and s.out = tanh of it.
std::shared_ptr<Graph> tanh_of(const Shape& shape, bool gradient = false) {
    auto graph = std::make_shared<Graph>("s.");
    Tensor input(shape);
    for (int64_t i = 0; i < input.elements(); ++i)
        input.data()[i] = static_cast<float>((i * 37) % input.elements()) / static_cast<float>(input.elements()) - 0.5f;
    const Value x = graph->input(input, "input", gradient);
    const Value out = graph->tap(tanh(x), "out");
    if (gradient) graph->backward(sum(out));
    return graph;
}

struct Strips {
    float width = 300;
    TimeStripStyle style;
    TimeAxis axis;
    TimeStrip input, out;
    TimeStripEvent of_input, event;   // of the last frame
    std::vector<TimeStripEvent> events;   // of s.out: those that say something
    bool claimed = false;
    std::function<void(Stage&)> afterwards = [](Stage&) {};
    WidgetScreen screen;

    explicit Strips(std::shared_ptr<const Graph> graph, float device_pixels = 1, float wide = 300)
        : width(wide),
          screen(
              [this](Stage& stage, Rect area) {
                  const Tensor& tensor = stage.graph->find("s.out").tensor();
                  axis.fit(stage, tensor.extent(0), -1, area.x, width);
                  of_input = input.draw(stage, "s.input", axis, {area.x, area.y, width, 0}, {.title = "input"});
                  event = out.draw(stage, "s.out", axis, {area.x, area.y + of_input.height + 10, width, 0}, style);
                  if (event.wanted || event.released) events.push_back(event);
                  claimed = stage.pointer_claimed();
                  afterwards(stage);
                  return of_input.height + event.height + 20;
              },
              graph, 1280, 720, device_pixels) {
        screen.draw_again();
    }
    ImVec2 at(const char* name, int64_t step, int64_t unit, int64_t units) const {
        const Rect cells = screen.rect(name);
        return {axis.middle(step), cells.y + (static_cast<float>(unit) + 0.5f) * cells.h / static_cast<float>(units)};
    }
    const Element* subject() const { return screen.app->inspector().subject(); }
    // The box around the vertices of a colour near the strip of s.out.
    Rect box(ImU32 color) const {
        Rect found{1e6f, 1e6f, 0, 0};
        float right = -1e6f, bottom = -1e6f;
        const Rect near = screen.rect("s.out").inset(-8);
        for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists)
            for (const ImDrawVert& vertex : list->VtxBuffer)
                if (vertex.col == color && near.contains(vertex.pos)) {
                    found.x = std::min(found.x, vertex.pos.x), found.y = std::min(found.y, vertex.pos.y);
                    right = std::max(right, vertex.pos.x), bottom = std::max(bottom, vertex.pos.y);
                }
        found.w = right - found.x, found.h = bottom - found.y;
        return found;
    }
};

}  // namespace

TEST_CASE("rows and columns are whole device pixels and strips stand under each other over one axis") {
    for (const float device_pixels : {1.0f, 2.0f, 1.5f})
        for (const auto& [steps, units] : {std::pair<int64_t, int64_t>{10, 32}, {300, 96}, {1, 1}, {40, 2}}) {
            CAPTURE(steps);
            CAPTURE(units);
            Strips s(tanh_of({steps, units}), device_pixels);
            const Rect input = s.screen.rect("s.input"), out = s.screen.rect("s.out");
            CHECK(input.x == out.x);
            CHECK(input.w == out.w);
            CHECK(out.w <= s.width + 0.01f);
            CHECK(input.bottom() < out.y);
            const float row = out.h * device_pixels / static_cast<float>(units);
            CHECK(std::fabs(row - std::round(row)) < 1e-3f);
            CHECK(row >= 1);
            CHECK(row <= 12 * device_pixels);
            CHECK(s.screen.textures == 2);
        }
}

TEST_CASE("the texture holds the colour of every visible value over its whole cell, and is made anew only if something changed") {
    Strips s(tanh_of({150, 5}));
    s.axis.scroll_to(30);
    s.screen.draw_again();
    const int uploads = s.screen.uploads;
    s.screen.draw_again();
    CHECK(s.screen.uploads == uploads);
    REQUIRE(s.axis.first() == 30);
    const Rect out = s.screen.rect("s.out");
    std::vector<uint32_t> pixels;
    Tensor values;
    s.afterwards = [&](Stage& stage) {
        const auto all = stage.textures.get("s.out", static_cast<int>(out.w), static_cast<int>(out.h)).texture.pixels();
        pixels.assign(all.begin(), all.end());
        values = stage.graph->find("s.out").tensor();
    };
    s.screen.draw_again();
    const ColorScale scale = ColorScale::of(ColorMap::diverging, values.data(), values.elements());
    const int64_t column = std::lround(s.axis.column()), row = std::lround(out.h) / 5, width = std::lround(out.w);
    REQUIRE(pixels.size() == static_cast<size_t>(out.w * out.h));
    for (int64_t step = 30; step < s.axis.last(); ++step)
        for (int64_t unit = 0; unit < 5; ++unit)
            for (const int64_t inside : {int64_t{0}, column - 1})
                for (const int64_t below : {int64_t{0}, row - 1})
                    CHECK(pixels[static_cast<size_t>((unit * row + below) * width + (step - 30) * column + inside)] ==
                          scale.color(values.data()[step * 5 + unit]));
    s.axis.scroll_to(0);
    s.screen.draw_again();
    CHECK(s.screen.uploads == uploads + 2);   // both strips
}

TEST_CASE("hovering a cell tells the inspector, which marks where it came from; a click pins it, whatever the tensor's shape") {
    for (const Shape& shape : {Shape{12, 6}, Shape{12, 1, 6}, Shape{1, 6}, Shape{1, 1, 6}, Shape{12, 1}, Shape{12, 1, 1}, Shape{12}}) {
        CAPTURE(shape.text());
        const int64_t steps = shape[0], units = shape.elements() / steps, step = std::min<int64_t>(7, steps - 1),
                      unit = std::min<int64_t>(4, units - 1);
        Strips s(tanh_of(shape));
        s.screen.move(s.at("s.input", step, unit, units));
        CHECK(s.of_input.hovered == std::optional(Cell{step, unit}));
        s.screen.move(s.at("s.out", step, unit, units));
        CHECK(s.event.hovered == std::optional(Cell{step, unit}));
        REQUIRE(s.subject());
        CHECK(*s.subject() == Element{"s.out", step * units + unit, false});
        // The outline of the subject stands around its cell, and that of its only operand in the strip above.
        s.screen.draw_again();
        const Rect outline = s.box(theme().color.accent), cells = s.screen.rect("s.out");
        const float row = cells.h / static_cast<float>(units);
        CHECK(std::fabs(outline.x + outline.w / 2 - s.axis.middle(step)) < 1.5f);
        CHECK(std::fabs(outline.y + outline.h / 2 - (cells.y + (static_cast<float>(unit) + 0.5f) * row)) < 1.5f);
        CHECK(outline.w < s.axis.column() + 8);
        CHECK(outline.h < row + 8);
        CHECK_FALSE(s.screen.app->inspector().pinned());
        s.screen.click(s.at("s.out", step, unit, units));
        REQUIRE(s.screen.app->inspector().pinned_element());
        CHECK(s.screen.app->inspector().pinned_element()->index == step * units + unit);
        s.screen.move({3, 3});
        CHECK_FALSE(s.event.hovered);
        CHECK(s.subject());
    }
}

TEST_CASE("the gradient instead of the value: nothing where there is none") {
    {
        Strips without(tanh_of({10, 4}));
        without.style.gradient = true;
        without.screen.draw_again();
        CHECK(without.event.height == 0);
    }
    Strips s(tanh_of({10, 4}, true));
    s.style.gradient = true;
    s.screen.draw_again();
    CHECK(s.event.height > 0);
    s.screen.move(s.at("s.out", 3, 2, 4));
    REQUIRE(s.subject());
    CHECK(*s.subject() == Element{"s.out", 3 * 4 + 2, true});
}

TEST_CASE("a node that is not there, or of another number of steps, is not drawn") {
    TimeStrip strip;
    TimeAxis axis;
    float height = -1;
    WidgetScreen screen(
        [&](Stage& stage, Rect area) {
            axis.fit(stage, 9, -1, area.x, 300);
            height = strip.draw(stage, "s.out", axis, area, {.title = "title"}).height + strip.draw(stage, "s.gone", axis, area, {}).height;
            return 50.0f;
        },
        tanh_of({10, 4}));
    CHECK(height == 0);
}

TEST_CASE("a vertical drag says which cell is to be held at which value; the scale of its start holds, however the values change") {
    Strips s(tanh_of({10, 4}));
    s.style.editable = true;
    const Tensor& out = s.screen.app->room().graph()->find("s.out").tensor();
    const float before = out.data()[6 * 4 + 1];
    const ColorScale scale = ColorScale::of(ColorMap::diverging, out.data(), out.elements());
    const ImVec2 start = s.at("s.out", 6, 1, 4);
    s.screen.press_at(start);
    s.screen.drag_to({start.x, start.y - 4});
    CHECK(s.events.empty());   // may yet be a click
    s.screen.drag_to({start.x + 40, start.y - 70});   // half the scale, over other cells
    REQUIRE(!s.events.empty());
    CHECK(s.events.front().began);
    CHECK(s.events.back().dragged == Cell{6, 1});
    CHECK(*s.events.back().wanted == doctest::Approx(before + 0.5f * (scale.high - scale.low)));
    // As a room would hold it: the scale is now another.
    const_cast<Tensor&>(out).data()[6 * 4 + 1] = 25;
    s.screen.draw_again();
    s.screen.draw_again();
    CHECK_FALSE(s.events.back().began);
    CHECK(*s.events.back().wanted == doctest::Approx(before + 0.5f * (scale.high - scale.low)));
    s.screen.drag_to({start.x, start.y + 70});
    CHECK(*s.events.back().wanted == doctest::Approx(before - 0.5f * (scale.high - scale.low)));
    CHECK(s.claimed);
    const size_t count = s.events.size();
    s.screen.release();
    CHECK(s.events.size() == count);
    CHECK_FALSE(s.screen.app->inspector().pinned());
    s.screen.move(start);
    CHECK(s.events.size() == count);
    // Within a range that is given.
    s.style.range = std::pair(0.0f, 1.0f);
    s.screen.press_at(start);
    s.screen.drag_to({start.x, start.y - 500});
    CHECK(*s.events.back().wanted == 1);
    s.screen.release();
}

TEST_CASE("a double-click lets go, a strip that is not editable takes no drag") {
    Strips s(tanh_of({10, 4}));
    const ImVec2 at = s.at("s.out", 2, 3, 4);
    s.screen.press_at(at);
    s.screen.drag_to({at.x, at.y - 60});
    s.screen.release();
    s.screen.click(at);
    s.screen.click(at);
    CHECK(s.events.empty());
    s.style.editable = true;
    ImGui::GetIO().MouseDoubleClickTime = 5;
    s.screen.click({at.x + 60, at.y});
    s.screen.click(at);
    s.screen.click(at);
    REQUIRE(s.events.size() == 1);
    CHECK(s.events[0].released == std::optional(Cell{2, 3}));
}

TEST_CASE("keys choose a cell, Enter pins it, + and - change it, Delete lets it go") {
    Strips s(tanh_of({200, 4}));
    s.style.editable = true;
    s.screen.click(s.at("s.out", 5, 2, 4));
    s.screen.click(s.at("s.out", 5, 2, 4));   // pinned and let go: only the keyboard is here now
    s.events.clear();
    s.screen.move({3, 3});
    s.screen.press(ImGuiKey_RightArrow);
    CHECK(s.event.hovered == std::optional(Cell{6, 2}));
    REQUIRE(s.subject());
    CHECK(s.subject()->index == 6 * 4 + 2);
    s.screen.press(ImGuiKey_UpArrow);
    s.screen.press(ImGuiKey_Enter);
    REQUIRE(s.screen.app->inspector().pinned_element());
    CHECK(s.screen.app->inspector().pinned_element()->index == 6 * 4 + 1);
    const Tensor& out = s.screen.app->room().graph()->find("s.out").tensor();
    const ColorScale scale = ColorScale::of(ColorMap::diverging, out.data(), out.elements());
    s.screen.press(ImGuiKey_Equal);
    REQUIRE(s.events.size() == 1);
    CHECK(s.events[0].began);
    CHECK(s.events[0].dragged == Cell{6, 1});
    CHECK(*s.events[0].wanted == doctest::Approx(out.data()[6 * 4 + 1] + (scale.high - scale.low) / 20));
    s.screen.press(ImGuiKey_Minus);
    CHECK(*s.events[1].wanted == doctest::Approx(out.data()[6 * 4 + 1] - (scale.high - scale.low) / 20));
    s.screen.press(ImGuiKey_Delete);
    REQUIRE(s.events.size() == 3);
    CHECK(s.events[2].released == std::optional(Cell{6, 1}));
    // The axis follows.
    for (int i = 0; i < 120; ++i) s.screen.press(ImGuiKey_RightArrow);
    CHECK(s.event.hovered == std::optional(Cell{126, 1}));
    CHECK(s.axis.first() <= 126);
    CHECK(s.axis.last() > 126);
}

TEST_CASE("a finger scrolls the page over a strip, and drags the cell that is pinned") {
    Strips s(tanh_of({10, 4}));
    s.style.editable = true;
    ImGui::GetIO().AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
    s.screen.move({3, 3});
    const ImVec2 at = s.at("s.out", 4, 1, 4);
    s.screen.press_at(at);
    s.screen.drag_to({at.x, at.y - 60});
    CHECK_FALSE(s.claimed);
    s.screen.release();
    CHECK(s.events.empty());
    s.screen.click(s.at("s.out", 4, 1, 4));
    REQUIRE(s.screen.app->inspector().pinned());
    const ImVec2 elsewhere = s.at("s.out", 8, 3, 4);
    s.screen.press_at(elsewhere);
    s.screen.drag_to({elsewhere.x, elsewhere.y - 60});
    CHECK(s.claimed);
    REQUIRE(!s.events.empty());
    CHECK(s.events.back().dragged == Cell{4, 1});
    s.screen.release();
}

TEST_CASE("later steps are faint, the current one is framed, held cells have a pin") {
    Strips s(tanh_of({10, 4}));
    s.style.reached = 6;
    const std::vector<Cell> held = {{2, 1}, {9, 3}, {90, 90}};
    s.style.held = held;
    s.screen.draw_again();
    const Rect frame = s.box(theme().color.accent), out = s.screen.rect("s.out");
    CHECK(std::fabs(frame.x + frame.w / 2 - s.axis.middle(5)) < 1);
    CHECK(frame.h >= out.h);
    const Rect faint = s.box((theme().color.card & 0x00ffffffu) | 0xc0000000u);
    CHECK(faint.x == s.axis.x(6));
    CHECK(faint.x + faint.w == out.right());
    const Rect pins = s.box(theme().color.warning);   // around both of them
    CHECK(std::fabs(pins.x + 2.8f - s.axis.middle(2)) < 1.5f);
    CHECK(std::fabs(pins.x + pins.w - 2.8f - s.axis.middle(9)) < 1.5f);
    s.style.held = {};
    s.style.reached = 10;
    s.screen.draw_again();
    CHECK(s.box(theme().color.warning).w < 0);
    CHECK(s.box(theme().color.accent).w < 0);
    CHECK(s.box((theme().color.card & 0x00ffffffu) | 0xc0000000u).w < 0);
}

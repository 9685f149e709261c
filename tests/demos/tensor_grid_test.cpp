// 1-D maps: drawn as strips, hovered, marked and inspected like pictures, while vectors stay blocks.
#include "demos/widgets/tensor_grid.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "demos/widgets/grid_layout.h"
#include "demos/widgets/image_texture.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/theme.h"
#include "engine/autograd/conv.h"
#include "tests/demos/widget_screen.h"

using namespace trilens;

namespace {

constexpr int64_t length = 128, channels = 4, kernel = 5;

// A curve [1, 1, 1, 128] and a convolution of four 1 x 5 kernels over it -> [1, 4, 1, 128].
struct Curve {
    Parameter weight{"conv1.weight", Tensor({channels, 1, 1, kernel}), Tensor()};
    Parameter bias{"conv1.bias", Tensor(Shape{channels}), Tensor()};
    std::shared_ptr<Graph> graph = std::make_shared<Graph>("curve.");

    Curve() {
        Tensor input({1, 1, 1, length});
        for (int64_t i = 0; i < length; ++i) input.data()[i] = static_cast<float>((i * 37) % 101 - 50) / 50;
        for (int64_t i = 0; i < weight.value.elements(); ++i) weight.value.data()[i] = static_cast<float>((i * 7) % 11 - 5) / 8;
        const Value x = graph->input(input, "input");
        graph->tap(conv2d(x, graph->parameter(weight), graph->parameter(bias), {.padding_width = 2}), "conv1");
    }
};

// The input above its maps, as a room may draw them.
float draw_curve(Stage& stage, Rect area) {
    draw_tensor(stage, "curve.input", {area.x, area.y, area.w, 60}, {.map = ColorMap::grey});
    draw_tensor(stage, "curve.conv1", {area.x, area.y + 80, area.w, 200}, {.map = ColorMap::diverging});
    return 300;
}

}  // namespace

TEST_CASE("maps of one row are no vectors; a row of features and single cells are") {
    for (const Shape& shape : {Shape{7}, Shape{1, 7}, Shape{1, 7, 1, 1}, Shape{1, 1, 1, 1}, Shape{1}}) CHECK(is_vector(shape));
    for (const Shape& shape :
         {Shape{1, 1, 1, 128}, Shape{1, 8, 1, 128}, Shape{1, 8, 1, 2}, Shape{4, 1, 1, 5}, Shape{1, 1, 28, 28}, Shape{3, 7}})
        CHECK_FALSE(is_vector(shape));
}

TEST_CASE("1-D maps stand as strips one below the other, taller than their cells are wide, as wide as there is room") {
    const GridLayout layout = arrange(fold({1, 8, 1, 128}, 0), {300, 240, false, 1}, 24, 0);
    CHECK(layout.columns == 1);
    CHECK(layout.rows == 8);
    CHECK(layout.width() == doctest::Approx(300));
    CHECK(layout.cell_height == 26);                 // (240 - 7 gaps of 4) / 8, rounded down
    CHECK(layout.height() <= 240);
    CHECK(layout.cell_height >= 4 * layout.cell_width);
    CHECK(layout.top(3) == 3 * (26 + 4));
    CHECK(layout.left(3) == 0);
    // A pooled map of half the length is as wide, so that what belongs together stands below each other.
    CHECK(arrange(fold({1, 8, 1, 64}, 0), {300, 240, false, 1}, 24, 0).width() == doctest::Approx(300));
    // Never taller than 26 units, whatever the room.
    CHECK(arrange(fold({1, 1, 1, 128}, 0), {300, 240, false, 2}, 24, 0).cell_height == 52);
}

TEST_CASE("strips that would be thinner than 10 units go into several columns, if a cell keeps a pixel") {
    const GridLayout many = arrange(fold({16, 8, 1, 5}, 0), {300, 250, false, 1}, 24, 0);
    CHECK(many.columns > 1);
    CHECK(many.columns * many.rows >= 128);
    CHECK(many.cell_height >= 10);
    CHECK(many.width() <= 300);
    CHECK(many.height() <= 250);
    const GridLayout tight = arrange(fold({1, 32, 1, 128}, 0), {200, 200, false, 1}, 24, 0);
    CHECK(tight.columns == 1);
    CHECK(tight.height() <= 200);
}

TEST_CASE("a filled matrix has cells of the room's proportions, each of them under the pointer where it is drawn") {
    const GridLayout thin = arrange_filled(fold({32, 2}, 0), {150, 96, false, 1});
    CHECK(thin.width() == 150);
    CHECK(thin.height() == 96);
    CHECK(thin.cell_width == 75);
    CHECK(thin.cell_height == 3);

    auto graph = std::make_shared<Graph>("m.");
    graph->input(Tensor({32, 2}), "weights");
    const auto draw = [](Stage& stage, Rect area) {
        draw_tensor(stage, "m.weights", {area.x, area.y, 150, 96}, {.scale_bar = false, .filled = true});
        return 100.0f;
    };
    WidgetScreen screen(draw, graph);
    const Rect maps = screen.rect("m.weights");
    CHECK(maps.w == 150);
    CHECK(maps.h == 96);
    screen.move({maps.x + 76, maps.y + 3 * 17 + 1.5f});
    REQUIRE(screen.app->inspector().subject());
    CHECK(screen.app->inspector().subject()->index == 17 * 2 + 1);
}

TEST_CASE("hovering a strip tells channel and position, and marks the patch and the receptive field below it") {
    Curve curve;
    WidgetScreen screen(draw_curve, curve.graph);
    const Rect input = screen.rect("curve.input"), maps = screen.rect("curve.conv1");
    CHECK(input.w == maps.w);
    CHECK(input.h == 26);
    CHECK(maps.h == 4 * 26 + 3 * 4);
    const float cell = maps.w / length;
    screen.move({maps.x + 40.5f * cell, maps.y + 2 * 30 + 13});
    const Element* subject = screen.app->inspector().subject();
    REQUIRE(subject);
    CHECK(subject->node == "curve.conv1");
    CHECK(subject->index == 2 * length + 40);
    for (const Mark& mark : screen.app->inspector().marks("curve.input")) {
        CHECK(mark.x == 38);
        CHECK(mark.width == kernel);
        CHECK(mark.y == 0);
        CHECK(mark.height == 1);
    }
    CHECK(screen.app->inspector().marks("curve.input").size() == 2);   // patch and field
    const std::vector<Mark> weights = screen.app->inspector().marks("curve.conv1.weight");
    REQUIRE(weights.size() == 1);
    CHECK(weights[0].map == 2);
    CHECK(weights[0].width == kernel);
    // The outline of the cell is drawn around it: half a border outside at most.
    Rect outline{1e6f, 1e6f, 0, 0};
    for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists)
        for (const ImDrawVert& vertex : list->VtxBuffer)
            if (vertex.col == theme().color.accent && Rect{maps.x - 9, maps.y - 9, maps.w + 18, maps.h + 18}.contains(vertex.pos)) {
                outline = {std::min(outline.x, vertex.pos.x), std::min(outline.y, vertex.pos.y), 0, 0};
            }
    CHECK(std::abs(outline.x - (maps.x + 40 * cell)) < 4);
    CHECK(std::abs(outline.y - (maps.y + 2 * 30)) < 4);
    // Between two strips there is nothing.
    screen.move({maps.x + 40.5f * cell, maps.y + 2 * 30 - 2});
    CHECK(screen.app->inspector().subject() == nullptr);
}

TEST_CASE("the card of a 1-D convolution shows its window as one row of cells, three rows below each other") {
    Curve curve;
    WidgetScreen screen(draw_curve, curve.graph);
    const Rect maps = screen.rect("curve.conv1");
    screen.click({maps.x + 40.5f * maps.w / length, maps.y + 13});
    std::vector<Rect> windows;
    for (const NamedRect& each : screen.app->rects())
        if (each.name == "inspector.window") windows.push_back(each.rect);
    REQUIRE(windows.size() == 3);
    const Rect card = screen.rect("inspector");
    for (size_t i = 0; i < 3; ++i) {
        CHECK(windows[i].w == doctest::Approx(kernel * windows[i].h));
        CHECK(windows[i].h >= 30);   // legible
        CHECK(windows[i].right() <= card.right());
        CHECK(windows[i].bottom() <= card.bottom());
        if (i > 0) CHECK(windows[i].y > windows[i - 1].bottom());
    }
    // A cell of the patch is a link to the input.
    screen.click({windows[0].x + windows[0].h * 1.5f, windows[0].y + windows[0].h / 2});
    REQUIRE(screen.app->inspector().subject());
    CHECK(screen.app->inspector().subject()->node == "curve.input");
    CHECK(screen.app->inspector().subject()->index == 39);
}

TEST_CASE("the texture of strips holds each value's colour over its whole cell") {
    Tensor tensor({1, 2, 1, 3});
    for (int64_t i = 0; i < 6; ++i) tensor.data()[i] = static_cast<float>(i);
    std::vector<uint32_t> pixels;
    Rect drawn;
    WidgetScreen screen([&](Stage& stage, Rect area) {
        draw_tensor(stage, "strips", tensor, {area.x, area.y, 100, 80}, {.map = ColorMap::grey, .scale_bar = false});
        drawn = stage.rects().back().rect;
        ImageTexture& texture = stage.textures.get("strips", static_cast<int>(drawn.w), static_cast<int>(drawn.h)).texture;
        pixels.assign(texture.pixels().begin(), texture.pixels().end());
        return 100.0f;
    });
    REQUIRE(drawn.w == 100);
    REQUIRE(drawn.h == 2 * 26 + 4);
    const ColorScale scale{ColorMap::grey, 0, 5};
    for (int64_t map = 0; map < 2; ++map)
        for (int64_t x = 0; x < 100; ++x) {
            const int64_t at = x < 33 ? 0 : x < 66 ? 1 : 2;
            for (const int64_t y : {0, 12, 25})
                CHECK(pixels[static_cast<size_t>((map * 30 + y) * 100 + x)] == scale.color(static_cast<float>(map * 3 + at)));
        }
    CHECK((pixels[27 * 100 + 50] >> 24) == 0);   // the gap
}

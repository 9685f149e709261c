// Histograms on screen: bars as high as counts, the bin under the pointer, the warning.
#include "demos/widgets/histogram_plot.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "demos/widgets/theme.h"
#include "tests/demos/widget_screen.h"

using namespace trilens;

namespace {

struct Plot {
    Histogram histogram;
    int hovered = -1;
    WidgetScreen screen{[this](Stage& stage, Rect area) {
        hovered = draw_histogram(stage, "plot", histogram, {area.x, area.y, 400, 160}, {.title = "weights", .color = color});
        return 200.0f;
    }};
    static constexpr ImU32 color = IM_COL32(1, 200, 3, 255);

    explicit Plot(std::span<const float> values, int bins) : histogram(trilens::histogram(values, bins)) { screen.draw_again(); }

    // The bars as drawn: the boxes of that colour, left to right.
    std::vector<Rect> bars() const {
        std::vector<Rect> found;
        for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists)
            for (int i = 0; i + 3 < list->VtxBuffer.Size; ++i) {
                const ImDrawVert *a = &list->VtxBuffer[i], *c = &list->VtxBuffer[i + 2];
                if (a->col != color || c->col != color) continue;
                found.push_back({a->pos.x, a->pos.y, c->pos.x - a->pos.x, c->pos.y - a->pos.y});
                i += 3;
            }
        return found;
    }
};

}  // namespace

TEST_CASE("bars are as high as their share of the fullest bin, and empty bins have none") {
    // Bins of width 1 from -2 to 2: 1, 4, 0, 2 values.
    const float values[] = {-2, -0.9f, -0.5f, -0.3f, -0.1f, 1.5f, 2};
    Plot plot(values, 4);
    const Rect area = plot.screen.rect("plot");
    const std::vector<Rect> bars = plot.bars();
    REQUIRE(bars.size() == 3);
    CHECK(bars[1].h == doctest::Approx(area.h));
    CHECK(bars[0].h == doctest::Approx(area.h / 4));
    CHECK(bars[2].h == doctest::Approx(area.h / 2));
    CHECK(bars[0].x == doctest::Approx(area.x));
    CHECK(bars[1].x == doctest::Approx(area.x + area.w / 4));
    CHECK(bars[2].x == doctest::Approx(area.x + area.w * 3 / 4));
    for (const Rect& bar : bars) CHECK(bar.bottom() == doctest::Approx(area.bottom()));
}

TEST_CASE("the bin under the pointer is told, and none elsewhere") {
    const float values[] = {0, 1, 2, 3};
    Plot plot(values, 4);
    const Rect area = plot.screen.rect("plot");
    for (int bin = 0; bin < 4; ++bin) {
        plot.screen.move({area.x + area.w * (static_cast<float>(bin) + 0.5f) / 4, area.y + area.h / 2});
        CHECK(plot.hovered == bin);
    }
    plot.screen.move({area.right() + 40, area.y});
    CHECK(plot.hovered == -1);
}

TEST_CASE("values that are not finite are warned of, only if there are any") {
    const float values[] = {0, 1, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()};
    Plot plot(values, 4);
    CHECK(plot.histogram.not_finite == 2);
    CHECK(plot.screen.rect("plot.not_finite").bottom() <= plot.screen.rect("plot").y);
    plot.histogram.not_finite = 0;
    plot.screen.draw_again();
    for (const NamedRect& each : plot.screen.app->rects()) CHECK(each.name != "plot.not_finite");
}

TEST_CASE("no values and equal values are drawn without a scale that makes no sense") {
    Plot none({}, 8);
    CHECK(none.bars().empty());
    const float same[] = {3, 3, 3};
    none.histogram = histogram(same, 8);
    none.screen.draw_again();
    REQUIRE(none.bars().size() == 1);
    const Rect bar = none.bars()[0];
    CHECK(std::isfinite(bar.x));
    CHECK(bar.h == doctest::Approx(none.screen.rect("plot").h));
}

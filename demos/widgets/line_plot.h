// A line plot: several series over one pair of axes, linear or logarithmic, with a readout under the pointer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "demos/stage.h"

namespace trilens {

struct Series {
    std::string label;                // empty: neither in the legend nor in the readout
    ImU32 color = 0;                  // 0: the next of the theme's
    std::span<const float> x, y;      // x ascending; NaN in y leaves a gap
    bool dots = false;                // one at each point
};

struct PlotStyle {
    const char* x_label = nullptr;
    const char* y_label = nullptr;
    bool log_x = false, log_y = false;
    bool whole_x = false;             // x counts something: no ticks between
    bool from_zero = false;           // the y axis includes 0
    std::optional<std::pair<double, double>> y_range = std::nullopt;   // of a linear y axis, instead of what the values cover
};

// Where a plot was drawn, for marks upon it and hands that drag along it. The axes are linear here.
struct PlotArea {
    Rect inside;                      // of the axes
    double x_low = 0, x_high = 1, y_low = 0, y_high = 1;
    bool held = false;                // the pointer went down in it and is not up yet

    float x(double value) const { return inside.x + static_cast<float>((value - x_low) / (x_high - x_low)) * inside.w; }
    float y(double value) const { return inside.bottom() - static_cast<float>((value - y_low) / (y_high - y_low)) * inside.h; }
    double value_at(float x) const { return x_low + static_cast<double>((x - inside.x) / inside.w) * (x_high - x_low); }
};

PlotArea draw_plot(Stage& stage, std::string_view name, std::span<const Series> series, Rect area, const PlotStyle& style = {});

// Round numbers that cover [low, high], about `wanted` of them and at least two; on a logarithmic axis powers of ten, and where these are
// few 2 and 5 times them.
std::vector<double> axis_ticks(double low, double high, int wanted, bool logarithmic);

}  // namespace trilens

// A line plot: several series over one pair of axes, linear or logarithmic, with a readout under the pointer.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "demos/stage.h"

namespace trilens {

struct Series {
    std::string label;
    ImU32 color = 0;                  // 0: the next of the theme's
    std::span<const float> x, y;      // x ascending; NaN in y leaves a gap
};

struct PlotStyle {
    const char* x_label = nullptr;
    const char* y_label = nullptr;
    bool log_x = false, log_y = false;
    bool from_zero = false;           // the y axis includes 0
};

void draw_plot(Stage& stage, std::string_view name, std::span<const Series> series, Rect area, const PlotStyle& style = {});

// Round numbers that cover [low, high], about `wanted` of them; powers of ten on a logarithmic axis.
std::vector<double> axis_ticks(double low, double high, int wanted, bool logarithmic);

}  // namespace trilens

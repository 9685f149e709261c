// A histogram as bars: how values are spread, where 0 is, and how many of them are no numbers at all.
#pragma once

#include <string_view>

#include "demos/stage.h"
#include "engine/train/evaluation.h"

namespace trilens {

struct HistogramStyle {
    const char* title = nullptr;
    ImU32 color = 0;       // of the bars; 0: that of weights
};

// Registers the rectangle of the bars under `name`. Returns the bin under the pointer, whose count and ends a tooltip tells, or -1.
int draw_histogram(Stage& stage, std::string_view name, const Histogram& histogram, Rect area, const HistogramStyle& style = {});

}  // namespace trilens

// Pictures of attention maps: a map, or a part of it, painted at a size in device pixels, and the labels of its two axes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "demos/stage.h"
#include "demos/widgets/color_map.h"

namespace trilens {

// Some rows and columns of a map [.., all_columns]. Where a pixel covers several cells it shows the one that stands out most from 0, so
// that no strong weight is lost.
struct MapPart {
    std::span<const float> values;
    int64_t all_columns = 1;
    int64_t row = 0, column = 0, rows = 1, columns = 1;
};

// Paints `width` x `height` pixels of a picture whose lines are `pitch` pixels long.
void paint_map(uint32_t* pixels, int64_t pitch, int64_t width, int64_t height, const MapPart& part, const ColorScale& scale);

// Text read from bottom to top; `at` is the lower left corner of where it stands: it is t.px(size) wide and `length` high at most (0: as
// long as it is).
void draw_turned_text(ImVec2 at, const char* text, float size, ImU32 color, float length = 0);

// Labels along an axis, from label `first` on, each `pitch` units from the one before. Where that is too little to read, only every second,
// third, .. is drawn.
struct AxisLabels {
    const std::vector<std::string>& labels;
    int64_t first = 0, count = 0;
    float pitch = 1;
    int64_t current = -1;  // drawn whatever its neighbours, on a ground of its own; -1: none
};
void draw_row_labels(const AxisLabels& axis, Rect area);  // right-aligned, beside rows
// Above columns, or (below) under them; turned where they are wider than a column.
void draw_column_labels(const AxisLabels& axis, Rect area, bool below = false);
float column_labels_height(const AxisLabels& axis, float most);  // that they need, `most` at most

// The colours of heads 0 to 7, the same wherever a head is drawn.
ImU32 head_color(int64_t head);
ImU32 with_alpha(ImU32 color, float alpha);  // 0 to 1

}  // namespace trilens

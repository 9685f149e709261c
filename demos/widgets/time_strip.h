// A tensor [T, F] as a heat strip with time along x and units along y; several of them stand under each other over one TimeAxis. Hovering a cell tells the
// inspector, clicking pins it; a cell may be dragged up or down to hold it at a value.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "demos/stage.h"
#include "demos/widgets/color_map.h"
#include "demos/widgets/time_axis.h"

namespace trilens {

struct TimeStripStyle {
    const char* title = nullptr;
    ColorMap map = ColorMap::diverging;
    std::optional<std::pair<float, float>> range{};  // instead of what the values cover
    bool gradient = false;  // the node's gradient instead of its value
    int64_t reached = -1;  // steps that time has reached; later ones are faint. -1: all
    float highest = 96;  // units; the rows are never more than 12 units each
    bool editable = false;
    std::span<const std::pair<int64_t, int64_t>> held{};  // {step, unit}: marked by a pin
};

struct TimeStripEvent {
    std::optional<std::pair<int64_t, int64_t>> hovered;  // {step, unit}
    // While a cell is dragged: the value that it is dragged to. `began`: in the first frame of the drag.
    std::optional<float> wanted;
    std::pair<int64_t, int64_t> dragged{};
    bool began = false;
    std::optional<std::pair<int64_t, int64_t>> released;  // double-clicked
    float height = 0;  // used
};

class TimeStrip {
public:
    // Draws node `name` of stage.graph below the top of `area`, its columns where the axis has them; registers the rectangle of the cells under `name`.
    // Draws nothing for a node that is not there.
    TimeStripEvent draw(Stage& stage, std::string_view name, const TimeAxis& axis, Rect area, const TimeStripStyle& style);

private:
    int64_t step_ = -1, unit_ = -1;  // of the cell under the hand
    float start_value_ = 0;
    float start_y_ = 0;
    bool dragging_ = false;
};

}  // namespace trilens

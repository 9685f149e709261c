// A tensor [T, F] or [T, 1, F] as a heat strip with time along x and units along y; several of them stand under each other over one
// TimeAxis. Hovering a cell tells the inspector, clicking pins it; a cell may be dragged up or down to hold it at a value.
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
    std::optional<std::pair<float, float>> range{};  // instead of what the values cover; no cell is dragged beyond it
    bool gradient = false;  // the node's gradient instead of its value
    int64_t reached = -1;  // steps that time has reached; later ones are faint. -1: all
    float highest = 96;  // units; the rows are never more than 12 units each, never less than a device pixel
    bool editable = false;
    std::span<const std::pair<int64_t, int64_t>> held{};  // {step, unit}: marked by a pin
};

struct TimeStripEvent {
    std::optional<std::pair<int64_t, int64_t>> hovered;  // {step, unit}
    // While a cell is dragged: the value that it is dragged to. `began`: in the first frame of the drag.
    std::optional<float> wanted;
    std::pair<int64_t, int64_t> dragged{};
    bool began = false;
    std::optional<std::pair<int64_t, int64_t>> released;  // double-clicked, or Delete
    float height = 0;  // used
};

class TimeStrip {
public:
    // Draws node `name` of stage.graph below the top of `area`, its columns where the axis has them; registers the rectangle of the cells
    // under `name`.
    // Draws nothing for a node that is not there, has no gradient yet, or another number of steps.
    // A finger drags the cell that is pinned, so that it can scroll the page of the room on others. While the strip has the keyboard arrows
    // choose a cell, Enter pins it, + and - change it by a twentieth of the scale, Delete lets it go.
    TimeStripEvent draw(Stage& stage, std::string_view name, TimeAxis& axis, Rect area, const TimeStripStyle& style);

private:
    struct Strip;
    using Cell = std::pair<int64_t, int64_t>;
    void take_pointer(Stage& stage, const Strip& strip, const TimeStripStyle& style, bool clicked, TimeStripEvent& event);
    void take_drag(Stage& stage, const Strip& strip, const TimeStripStyle& style, TimeStripEvent& event);
    void take_keys(Stage& stage, const Strip& strip, const TimeStripStyle& style, TimeStripEvent& event);

    static ImTextureRef texture_of(Stage& stage, const Strip& strip);
    static void draw_title(const Strip& strip, const char* title, Rect area);
    static void draw_over(const Stage& stage, const Strip& strip, const TimeStripStyle& style);

    std::optional<Cell> grabbed_;  // under the hand, when it went down
    Cell cursor_{0, 0};  // of the keyboard
    float start_value_ = 0, start_y_ = 0, range_ = 1;  // when the drag began
    bool dragging_ = false, by_keys_ = false;
};

}  // namespace trilens

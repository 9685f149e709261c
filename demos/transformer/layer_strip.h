// StageStrips: one vector as a strip of cells, folded to several lines where it is long. Where cells are wide enough their numbers stand in
// them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "demos/stage.h"
#include "demos/widgets/color_map.h"
#include "demos/widgets/inspector.h"

namespace trilens {

struct StripContent {
    std::span<const float> values;
    std::function<Element(int64_t)> element;  // what a cell is an element of; Element::node empty: of none
    ColorScale scale;
    int64_t parts = 0;  // so many cells belong together: a thin line after each so many (a head's); 0: none
    int64_t reached = -1;  // cells from here on are not filled yet; -1: all are
    int64_t current = -1;  // framed
    float least_cell = 5;  // units: narrower cells begin another line
    float line = 22;  // units, height of a line
};

struct StripEvent {
    int64_t hovered = -1, clicked = -1;
    float height = 0;  // used
};

class StageStrips {
public:
    // Draws below the top of `area` and registers the cells under `name`; out of sight it only takes its height. Hovering a cell tells the
    // inspector, clicking pins its element; where it is none's, only the event says so. With the keyboard: arrows, Home and End, Enter.
    StripEvent draw(Stage& stage, std::string_view name, const StripContent& content, Rect area);

private:
    struct Layout {
        Rect cells;
        int64_t columns, lines, count;
        float cell, line;
        Rect at(int64_t index) const {
            return {cells.x + static_cast<float>(index % columns) * cell, cells.y + static_cast<float>(index / columns) * line, cell, line};
        }
    };
    static Layout lay_out(const Stage& stage, const StripContent& content, Rect area);
    static void draw_cells(const StripContent& content, const Layout& layout);
    static void draw_marks(Stage& stage, const StripContent& content, const Layout& layout);
    void take_keys(const Layout& layout, std::string_view name, StripEvent& event);

    std::map<std::string, int64_t, std::less<>> cursors_;  // of the keyboard, where it was used
};

}  // namespace trilens

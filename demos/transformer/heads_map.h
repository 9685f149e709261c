// HeadsMap: one head's map, enlarged: queries down, keys across, their labels, a colour bar; long sequences are zoomed, with the whole as
// an overview beside it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "demos/stage.h"
#include "demos/transformer/heads_picture.h"
#include "demos/widgets/color_map.h"

namespace trilens {

struct HeadsCell {
    int64_t query = 0, key = 0;
    bool operator==(const HeadsCell&) const = default;
};

struct HeadsMapContent {
    std::span<const float> values;  // [queries, keys]; empty: all of them 1
    const std::vector<std::string>&queries, &keys;  // labels
    std::string node;  // whose cells they are, registered there; empty: no node's
    int64_t map = 0;  // which map of the node
    ColorScale scale;
    std::string look;  // another one for other values: the picture is painted anew then
    HeadsCell current;  // framed; its labels stand out
    std::span<const float> colored{};  // what cells are coloured by in place of their values; empty: by these
    const char* greatest = nullptr;  // what the scale's last colour stands for, where that is no number
};

struct HeadsMapEvent {
    std::optional<HeadsCell> hovered, clicked;
    bool by_keys = false;  // hovered: by the arrow keys
    float height = 0;  // used
};

class HeadsMap {
public:
    // Registers NAME (the cells in sight), and where cells are small NAME.zoom_in, .zoom_out, .zoom_fit and, zoomed, NAME.overview. With
    // the keyboard: arrows, Home and End move the current cell, Enter or Space clicks it, + and - zoom. The map is at most `highest` units
    // high, without its labels.
    HeadsMapEvent draw(Stage& stage, std::string_view name, const HeadsMapContent& content, Rect area, float highest);

    // What was in sight in the last frame.
    Rect cells() const { return cells_; }
    HeadsCell first() const { return first_; }
    int64_t rows() const { return rows_; }
    int64_t columns() const { return columns_; }
    float cell() const { return cell_; }  // side, in units
    void show(HeadsCell cell);  // scrolls as far as it takes

private:
    void lay_out(const Stage& stage, const HeadsMapContent& content, float width, float height);
    void zoom(float factor, std::optional<ImVec2> at);
    void scroll_to(HeadsCell first);
    Rect place(HeadsCell at, int64_t rows = 1, int64_t columns = 1) const;
    void paint(Stage& stage, std::string_view name, const HeadsMapContent& content, Rect area, bool whole) const;
    void draw_labels(const HeadsMapContent& content, float left, float top) const;
    void draw_over(const Stage& stage, const HeadsMapContent& content) const;
    void take_pointer(Stage& stage, bool clicked, HeadsMapEvent& event);
    void take_wheel();
    void take_keys(HeadsCell at, HeadsMapEvent& event);
    float draw_bottom(Stage& stage, std::string_view name, const HeadsMapContent& content, Rect area);
    void draw_overview(Stage& stage, std::string_view name, const HeadsMapContent& content, Rect area);

    Rect cells_;
    HeadsCell first_, grabbed_;  // in sight at the top left; there when a drag began
    int64_t all_rows_ = 0, all_columns_ = 0, rows_ = 0, columns_ = 0;
    float cell_ = 1, fit_ = 1, pixel_ = 1;
    float wanted_ = 0;  // side of a cell in units at scale 1; 0: as fits
};

}  // namespace trilens

// A few numbers as coloured cells with their values written in them: a patch, a kernel, their products.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "demos/stage.h"
#include "demos/widgets/color_map.h"

namespace trilens {

struct NumberGrid {
    std::span<const float> values;    // row by row
    int64_t columns = 1;
    float cell = 36;                  // side, in pixels
    ColorMap map = ColorMap::viridis;
    int64_t winner = -1;              // framed
    std::span<const bool> outside{};  // of the picture (padding): drawn empty, its zero in grey; none: none are

    float height() const { return cell * static_cast<float>((static_cast<int64_t>(values.size()) + columns - 1) / columns); }
    float width() const { return cell * static_cast<float>(columns); }
};

struct GridTouch {
    int64_t hovered = -1, clicked = -1;   // a cell; -1: none
};

// Draws it from the top left of `at` and registers `name`.
GridTouch draw_number_grid(Stage& stage, std::string_view name, const NumberGrid& grid, ImVec2 at);

// Two decimals, fewer for large numbers, no "-0.00".
std::string short_number(float value);
// As a factor stands behind a sign: "(-0.25)".
std::string as_factor(const std::string& number);
// Black or white, whichever is easier to read on the colour.
ImU32 ink_on(ImU32 color);

}  // namespace trilens

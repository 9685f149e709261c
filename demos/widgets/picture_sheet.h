// A sheet of small pictures with captions, wrapped to a width: worst mistakes, the samples behind a cell, what excites a unit.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "demos/stage.h"
#include "demos/widgets/color_map.h"
#include "engine/tensor.h"

namespace trilens {

struct SheetPicture {
    Tensor values;              // [1, 1, H, W]: a picture; [1, 1, 1, W], W > 1: drawn as a curve
    std::string caption;
    ImU32 color = 0;            // of the caption; 0: that of soft text
};

struct SheetStyle {
    ColorMap map = ColorMap::grey;
    std::optional<ColorScale> scale = std::nullopt;   // of all pictures; none: from the least to the greatest value of all
    float side = 56;            // units: pictures are at most as high and wide, curves twice as wide
    int rows = 0;               // at most; what does not fit is counted in a line below. 0: no limit
    int selected = -1;          // outlined
};

// Registers NAME for the sheet and NAME.0, NAME.1, ... for the pictures; textures are called after `name`, one for all pictures of the
// same size. Returns the picture clicked now, or -1. Throws ShapeError for another shape.
int draw_picture_sheet(Stage& stage, std::string_view name, std::span<const SheetPicture> pictures, Rect area,
                       const SheetStyle& style = {});

// The height that it takes in this width.
float picture_sheet_height(const Stage& stage, std::span<const SheetPicture> pictures, float width, const SheetStyle& style = {});

}  // namespace trilens

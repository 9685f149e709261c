// Where the cells of a tensor stand: pictures [.., H, W] in a grid, 1-D maps [.., 1, W] as strips, a vector folded into a block.
// Everything is in device pixels, so that cells are whole pixels.
#pragma once

#include <cstdint>

#include "engine/tensor.h"

namespace trilens {

// How a shape is folded: `maps` pictures of height x width cells; a vector is one picture, perhaps with empty cells at its end.
struct GridFolding {
    int64_t maps = 0, height = 0, width = 0;
    int64_t cells = 0;  // of one map that have a value
    bool vector = false;

    bool strips() const { return !vector && height == 1 && width > 1; }  // 1-D maps
};

// `vector_width`: cells in a row of a vector; 0: near a square.
GridFolding fold(const Shape& shape, int vector_width);

// Where everything stands, in device pixels. Cells of pictures are squares of a whole number of pixels, or less than 1 for a tensor larger
// than its place (arrange_filled() makes them no squares); those of strips are as wide as it takes to fill the width, so that strips of
// several lengths stand under each other.
struct GridLayout {
    GridFolding fold;
    int64_t columns = 1, rows = 1;
    float cell_width = 1, cell_height = 1, gap = 0;

    float map_width() const { return static_cast<float>(fold.width) * cell_width; }
    float map_height() const { return static_cast<float>(fold.height) * cell_height; }
    float width() const { return static_cast<float>(columns) * map_width() + static_cast<float>(columns - 1) * gap; }
    float height() const { return static_cast<float>(rows) * map_height() + static_cast<float>(rows - 1) * gap; }
    float left(int64_t map) const { return static_cast<float>(map % columns) * (map_width() + gap); }
    float top(int64_t map) const { return static_cast<float>(map / columns) * (map_height() + gap); }
};

// The room that there is, in device pixels; `unit` is how many of them make a unit.
struct GridSpace {
    float width, height;
    bool open;  // as high as it takes
    float unit;
};

// One picture of whatever cells fill the room.
GridLayout arrange_filled(const GridFolding& fold, const GridSpace& space);

// `max_cell` in units; `columns`: maps in a row, 0: as many as make the cells largest. Strips choose their columns themselves.
GridLayout arrange(const GridFolding& fold, const GridSpace& space, float max_cell, int columns);

}  // namespace trilens

// A tensor as pictures: [.., H, W] as a grid of maps, 1-D maps [.., 1, W] as strips one below the other, a vector as one block of cells.
// All maps are one texture with one colour scale, whose least and greatest values are written on the scale bar. Hovering a cell tells the
// inspector, clicking pins it; what the inspector marks (a patch, a receptive field) is drawn over the cells.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "demos/stage.h"
#include "demos/widgets/color_map.h"

namespace trilens {

struct GridStyle {
    ColorMap map = ColorMap::viridis;
    std::optional<ColorScale> scale = std::nullopt;  // instead of least .. greatest of the values
    int columns = 0;  // maps in a row; 0: as many as make the cells largest (1-D maps: always by themselves)
    int vector_width = 0;  // cells in a row for a tensor [F] or [1, F]; 0: near a square
    bool scale_bar = true;
    const char* title = nullptr;  // above the maps; null: none
    float max_cell = 24;  // units; cells are never larger (those of 1-D maps: up to twice as wide, 10 to 26 tall)
    bool filled = false;  // a matrix fills the area, its cells no squares: each row and column is seen even where one is much longer
    bool gradient = false;  // the node's gradient instead of its value; nothing where nothing was sent back to it
};

// Whether a shape is drawn as one block of cells: [F], [1, F], [1, C, 1, 1]. Not so [1, C, 1, W], W > 1: C maps of one row.
bool is_vector(const Shape& shape);

struct GridCell {
    int64_t map = 0, y = 0, x = 0;
    int64_t flat = 0;  // row-major index in the tensor
};

// Draws node `name` of stage.graph ('cnn.relu1') into `area` and registers the rectangle of its maps under `name`. Draws nothing but
// the title if there is no such node. Returns the cell under the pointer.
std::optional<GridCell> draw_tensor(Stage& stage, std::string_view name, Rect area, const GridStyle& style = {});

// The same for a tensor that is no node (a training example): hover reports the cell, the inspector is not told.
std::optional<GridCell> draw_tensor(Stage& stage, std::string_view name, const Tensor& tensor, Rect area, const GridStyle& style = {});

// The height that draw_tensor() would use at most for this width (so that a stacked layout can place what follows).
float tensor_height(const Stage& stage, const Shape& shape, float width, const GridStyle& style = {});

}  // namespace trilens

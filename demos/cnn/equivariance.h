// Equivariance: whether a layer's maps move as the picture does, f(T x) = T' f(x) (Cohen, Welling 2016, "Group Equivariant Convolutional
// Networks", section 2). T' is the same motion on the layer's coarser grid of cells, which follows from the receptive fields of its cells.
#pragma once

#include "engine/autograd/graph.h"
#include "engine/motion.h"

namespace trilens {

// Where the cells of a layer stand in the picture: cell (i, j) looks at rows [top + i step, top + i step + height), and so on.
struct LayerGrid {
    int64_t top = 0, left = 0, height = 1, width = 1;   // of the first cell's receptive field; in the padding where negative
    int64_t step_y = 1, step_x = 1;                     // pixels from a cell to the next
    Shape picture;                                      // [.., H, W]

    // The motion of the picture in cells of the layer, and the cell (between cells) about which it turns: the middle of the picture.
    Motion in_cells(const Motion& motion) const;
    Place center() const;
    // Whether a shift moves the maps by whole cells.
    bool whole_step(const Motion& motion) const;
    // Whether a cell, or a place between cells, looks at the picture alone and at no padding.
    bool sees_inside(Place cell) const;
};

// Of node `layer` [1, C, H, W], which reaches the picture `input` through windows.
LayerGrid layer_grid(const Graph& graph, int layer, int input);

struct Comparison {
    int64_t inside = 0;              // cells compared away from the border: neither they nor what they came from see any padding
    float largest_inside = 0;        // |difference| there
    float largest_at_border = 0;     // and at all others
    float largest_value = 0;         // |value| of the moved picture's maps
};

// Of the maps of the moved picture with the unmoved picture's maps, moved; all [1, C, H, W]. A NaN counts as infinite.
Comparison compare(const Tensor& moved, const Tensor& expected, const LayerGrid& grid, const Motion& motion);

}  // namespace trilens

// Layer scene: what the pictures of one layer from close up have in common: whose output they show, which map and cell of it, and how
// one map of a node is drawn.
#pragma once

#include <optional>
#include <string>

#include "demos/cnn/layer_path.h"
#include "demos/stage.h"
#include "demos/widgets/tensor_grid.h"

namespace trilens {

struct LayerScene {
    Stage& stage;
    const Workbench& bench;
    const LayerPath& path;
    size_t at = 1;                        // the layer
    int64_t map = 0, cell = 0;            // of its output; of a vector: map 0, and cell is the unit

    const LayerPlace& layer() const { return path[at]; }
    const Graph& graph() const { return path.graph(); }
    const Node& node() const { return graph().node(layer().node); }
    MapShape shape() const { return map_shape(node().value.shape()); }
    int64_t element() const { return map * shape().cells() + cell; }
    bool gradients() const { return bench.look.gradients(); }
    // The layer that the output goes into, if that changes every cell by itself (an activation, a norm).
    const LayerPlace* follower() const;

    // The name of a node as draw_tensor wants it, and the style of all its maps: one scale, so that they can be compared.
    std::string name(int node) const { return node_name(graph(), node); }
    const Tensor& shown(int node) const { return gradients() ? graph().node(node).gradient : graph().node(node).value; }
    GridStyle style(int node, bool is_signed) const;
    // The same on a scale of its own for the maps [first, first + count), of both signs.
    GridStyle own_style(int node, int64_t first, int64_t count) const;

    // One map of a node by itself, named "cnn.conv2:5"; hover, click and marks as in draw_tensor. Returns the place of the cells.
    Rect draw_map(int node, int64_t map, Rect area, const GridStyle& style) const;
    // The same for what a layer gives: one map, or all of a vector.
    Rect draw_output(const LayerPlace& place, int64_t map, Rect area, bool scale_bar = true) const;
};

// How high one map is drawn in this width.
float map_height(const Stage& stage, const MapShape& shape, float width, const GridStyle& style);

// An arrow from one place to the next, at half their height.
void draw_arrow(ImVec2 from, ImVec2 to, ImU32 color);

// --- the pictures, one a kind of layer; each returns the height used ---------------------------------------------------------

// A convolution: input maps, kernels, partial sums, bias, output map, and what the next layer makes of it. `page` is the first input map
// shown and may change; `rows` gets how many there is room for, whose partial sums the graph should have.
float draw_convolution(const LayerScene& scene, Rect area, int64_t& page, int64_t& rows);
// A dense layer: the input, the weights of the unit, their products; for the class scores the probabilities too.
float draw_dense(const LayerScene& scene, Rect area);
// Pooling, activation, norm: one map before and after, and what was done to the cell.
float draw_pointwise(const LayerScene& scene, Rect area);
float draw_input_picture(const LayerScene& scene, Rect area);

// How the cell came about as numbers: the window of a convolution with its products and sums.
float draw_cell_sum(const LayerScene& scene, Rect area);
// Where its gradient comes from, whatever the layer is.
float draw_cell_gradient(const LayerScene& scene, Rect area);

}  // namespace trilens

// Layer path: the layers of the network in the order of computation, from the input to the scores, as places that a learner walks along.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "demos/cnn/workbench.h"
#include "demos/widgets/inspector.h"
#include "engine/nn/layer.h"

namespace trilens {

// One layer as the graph of the last forward pass has it.
struct LayerPlace {
    std::string name, title, kind;     // "conv2", "Convolution 2", "conv2d"; the input: "input", kind "input"
    int node = -1;                     // its output
    int input = -1;                    // what it computed that from; -1 for the input
    int weight = -1, bias = -1;        // its parameters; a norm's gamma and beta; -1: none
    Layer* layer = nullptr;            // null for the input

    bool is_signed() const { return kind != "input" && kind != "relu" && kind != "sigmoid" && kind.find("pool") == std::string::npos; }
};

// Where an element of the layer's output stands: a map, and a row-major cell of it. A vector is one map of as many cells; its units are
// told apart by the cell.
struct MapCell {
    int64_t map = 0, cell = 0;
};

class LayerPath {
public:
    // The layers of the workbench's network; those that do nothing to what is looked at (dropout) are left out.
    explicit LayerPath(const Workbench& bench);

    size_t size() const { return places_.size(); }
    const LayerPlace& operator[](size_t at) const { return places_[at]; }
    // The layer of that name; the first one above the input if there is none.
    size_t find(std::string_view name) const;
    // The layer whose output, weights or partial sums hold the element.
    std::optional<size_t> holding(const Element& element) const;
    // The element's place in that layer: itself, or the map that a weight or a partial sum contributes to.
    std::optional<MapCell> place_of(size_t at, const Element& element) const;

    const Graph& graph() const { return *graph_; }

private:
    std::shared_ptr<const Graph> graph_;
    std::vector<LayerPlace> places_;
};

// [H, W] of one map, [F] of a vector; how many maps (1 of a vector).
struct MapShape {
    int64_t maps = 1, height = 1, width = 1;
    bool vector = false;
    int64_t cells() const { return height * width; }
};
MapShape map_shape(const Shape& shape);

}  // namespace trilens

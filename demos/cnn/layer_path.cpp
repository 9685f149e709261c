// The path is read from the network (names, kinds) and from the graph (nodes): a layer's parameters are the inputs of the node it recorded.
#include "demos/cnn/layer_path.h"

#include <algorithm>
#include <charconv>

#include "demos/cnn/overview.h"
#include "demos/cnn/partial_sums.h"
#include "demos/text/text.h"
#include "demos/widgets/tensor_grid.h"

namespace trilens {

MapShape map_shape(const Shape& shape) {
    if (is_vector(shape)) return {1, 1, std::max<int64_t>(shape.elements(), 1), true};
    return {shape.elements() / std::max<int64_t>(shape[-1] * shape[-2], 1), shape[-2], shape[-1], false};
}

LayerPath::LayerPath(const Workbench& bench) : graph_(bench.graph()) {
    places_.push_back({"input", say(Text::zoom_input), "input", graph_->find("cnn.input").node});
    const Shape input = bench.input_shape();
    const auto rows = bench.network().summary(Shape{1, input[0], input[1], input[2]});
    for (size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].kind == "dropout") continue;
        LayerPlace place{rows[i].name, layer_title(rows[i]), rows[i].kind, graph_->find("cnn." + rows[i].name).node, places_.back().node};
        place.layer = bench.network().layers()[i].get();
        const std::vector<int>& inputs = graph_->node(place.node).inputs;
        if (inputs.size() > 1) place.weight = inputs[1];
        if (inputs.size() > 2) place.bias = inputs[2];
        places_.push_back(std::move(place));
    }
}

size_t LayerPath::find(std::string_view name) const {
    for (size_t i = 0; i < places_.size(); ++i)
        if (places_[i].name == name) return i;
    return std::min<size_t>(1, places_.size() - 1);
}

std::optional<size_t> LayerPath::holding(const Element& element) const {
    const std::string prefix = std::string("cnn.") + partial_prefix;
    if (element.node == "cnn.probabilities") return places_.size() - 1;
    if (element.node.starts_with(prefix)) return std::nullopt;  // they are drawn by whatever layer is on screen
    if (!graph_->contains(element.node)) return std::nullopt;
    const int node = graph_->find(element.node).node;
    for (size_t i = 0; i < places_.size(); ++i)
        if (places_[i].node == node || places_[i].weight == node || places_[i].bias == node) return i;
    return std::nullopt;
}

std::optional<MapCell> LayerPath::place_of(size_t at, const Element& element) const {
    const LayerPlace& place = places_[at];
    const MapShape shape = map_shape(graph_->node(place.node).value.shape());
    if (element.node == "cnn.probabilities") return MapCell{0, std::min(element.index, shape.cells() - 1)};
    if (!graph_->contains(element.node)) return std::nullopt;
    const int node = graph_->find(element.node).node;
    if (node == place.node) return MapCell{element.index / shape.cells(), element.index % shape.cells()};
    if (node != place.weight && node != place.bias) return std::nullopt;
    // A weight or bias belongs to one map (or unit), wherever the window is.
    const Shape& weights = graph_->node(node).value.shape();
    const int64_t out = weights.rank() > 0 ? element.index / std::max<int64_t>(weights.elements() / weights[0], 1) : 0;
    return shape.vector ? MapCell{0, out} : MapCell{out, -1};
}

}  // namespace trilens

// State and walking; what is drawn around the layer's picture is in layer_frame.cpp.
#include "demos/cnn/layer_view.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "demos/cnn/cell_keys.h"
#include "demos/cnn/partial_sums.h"
#include "demos/text/text.h"
#include "demos/widgets/theme.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr int most_maps = 4095;

// Names that some network has: which ones this one has can only be said when all fields are set.
void check_layer_name(const FieldValue& value) {
    constexpr std::array kinds{"conv", "relu", "leaky", "tanh", "sigmoid", "gelu", "pool", "norm", "dense", "dropout"};
    const std::string& name = std::get<std::string>(value);
    if (name == "logits" || name == "input") return;
    const size_t digits = std::min(name.find_first_of("0123456789"), name.size());
    const bool numbered = digits < name.size() && name.size() < 20 && name.find_first_not_of("0123456789", digits) == std::string::npos;
    if (!numbered || std::ranges::find(kinds, name.substr(0, digits)) == kinds.end())
        throw ValueError("cnn.layer: there is no layer " + name + "; layers are called conv1, relu1, pool1, norm1, dense1, logits, input");
}

}  // namespace

void LayerView::list_fields(Fields& fields) {
    fields.effect(Field::Effect::looks);  // update() has computed what is looked at
    Field& layer = fields.text("cnn.layer", Text::field_zoom_layer, Text::help_zoom_layer, layer_, 40);
    layer.listed = false;
    layer.check = check_layer_name;
    fields.integer("cnn.map", Text::field_zoom_map, Text::help_zoom_map, map_, {0, most_maps, 1}).listed = false;
}

void LayerView::field_changed(const Field& field) {
    if (field.name != "cnn.layer" && field.name != "cnn.map") return;
    const LayerPath path(bench());
    const MapShape shape = map_shape(path.graph().node(path[at(path)].node).value.shape());
    player_.resize(shape.cells());
    if (shape.vector) player_.jump(map_);
}

void LayerView::record(Graph& graph) {
    recorded_ = {};
    const std::string name = "cnn." + layer_;
    if (!graph.contains(name)) return;   // of another network: update() orders what is on screen then
    const int node = graph.find(name).node;
    if (graph.node(node).operation != "conv2d") return;
    const int64_t map = std::min<int64_t>(map_, graph.node(node).value.shape()[1] - 1);
    record_partial_sums(graph, node, map, page_, rows_);
    recorded_ = {layer_, map, page_, rows_};
}

bool LayerView::advance(int64_t steps) {
    const LayerPath path(bench());
    player_.resize(map_shape(path.graph().node(path[at(path)].node).value.shape()).cells());
    player_.step(steps);
    stepped_ = true;
    host().changed();
    return true;
}

// The fields follow what the learner looks at; of a vector the map is the unit.
void LayerView::show(const LayerPath& path, size_t to, MapCell place) {
    const MapShape shape = map_shape(path.graph().node(path[to].node).value.shape());
    const std::string& name = path[to].name;
    const int map = static_cast<int>(std::min<int64_t>(shape.vector ? std::max<int64_t>(place.cell, 0) : place.map, most_maps));
    player_.resize(shape.cells());
    if (place.cell >= 0) player_.jump(place.cell);
    if (name == layer_ && map == map_) return;
    if (name != layer_) page_ = 0;
    layer_ = name;
    map_ = map;
    host().changed();
}

// Whatever is pinned, on a map or in the card, is where the learner is.
void LayerView::follow(const Element* pinned, const LayerPath& path) {
    if (!pinned) {
        seen_.reset();
        return;
    }
    if (seen_ == *pinned) return;
    seen_ = *pinned;
    const auto to = path.holding(*pinned);
    if (!to) return;
    if (const auto place = path.place_of(*to, *pinned)) show(path, *to, *place);
}

MapCell LayerView::counterpart(const LayerScene& scene, size_t to) {
    const Graph& graph = scene.graph();
    const MapShape from = scene.shape(), there = map_shape(graph.node(scene.path[to].node).value.shape());
    if (to < scene.at) {
        std::optional<MapCell> strongest;
        float most = -1;
        for (const Term& term : graph.explain(scene.layer().node, scene.element()).terms) {
            const auto [node, index] = named_source(graph, term.node, term.index);
            const float share = std::fabs(term.value * term.factor);
            if (node != scene.path[to].node || share <= most) continue;
            most = share;
            strongest = MapCell{index / there.cells(), index % there.cells()};
        }
        if (strongest) return *strongest;
    }
    if (there.vector && scene.path[to].kind == "dense" && to > scene.at) {
        const Tensor& weights = graph.node(scene.path[to].weight).value;
        const int64_t inputs = weights.shape()[1];
        MapCell best;
        for (int64_t unit = 0; unit < weights.shape()[0]; ++unit)
            if (std::fabs(weights.data()[unit * inputs + scene.element()]) >
                std::fabs(weights.data()[best.cell * inputs + scene.element()]))
                best.cell = unit;
        return best;
    }
    const int64_t y = scene.cell / from.width * there.height / from.height, x = scene.cell % from.width * there.width / from.width;
    return {std::min(scene.map, there.maps - 1), std::clamp<int64_t>(y * there.width + x, 0, there.cells() - 1)};
}

// By a button: undoable, and what is pinned comes along.
void LayerView::go(Stage& stage, const LayerPath& path, size_t to) {
    const LayerScene from = scene(stage, path);
    const MapCell place = counterpart(from, to);
    const MapShape shape = map_shape(path.graph().node(path[to].node).value.shape());
    const Element there{from.name(path[to].node), (shape.vector ? 0 : place.map * shape.cells()) + place.cell, from.gradients()};
    later([this, &inspector = stage.inspector, to, place, there] {
        const std::string layer_before = layer_;
        const int map_before = map_;
        show(LayerPath(bench()), to, place);
        record_move(layer_before, map_before);
        if (!inspector.pinned()) return;
        seen_ = there;
        inspector.follow(there);
    });
}

void LayerView::record_move(const std::string& layer_before, int map_before) {
    const auto put = [this](const std::string& layer, int map) {
        layer_ = layer;
        map_ = map;
        host().changed();
    };
    host().record({"cnn.layer", [=] { put(layer_before, map_before); }, [put, layer = layer_, map = map_] { put(layer, map); }});
}

void LayerView::update() {
    const LayerPath path(bench());
    follow(host().pinned(), path);
    const LayerPlace& place = path[at(path)];
    layer_ = place.name;
    if (place.kind != "conv2d") return;
    const int64_t maps = map_shape(path.graph().node(place.node).value.shape()).maps;
    if (recorded_ != Recorded{layer_, std::min<int64_t>(map_, maps - 1), page_, rows_}) recompute();
}

LayerScene LayerView::scene(Stage& stage, const LayerPath& path) {
    LayerScene scene{stage, bench(), path, at(path)};
    const MapShape shape = scene.shape();
    player_.resize(shape.cells());
    scene.map = shape.vector ? 0 : std::min<int64_t>(map_, shape.maps - 1);
    scene.cell = player_.cell();
    return scene;
}

// A hand on any cell holds the player; on a cell of the map that plays it is where the hand is.
void LayerView::take_hand(Stage& stage, const LayerScene& scene) {
    const Element* subject = stage.inspector.subject();
    const bool held = subject && !stage.inspector.suggested();
    moving_ = player_.playing() && !held;
    if (!held) return;
    const MapShape shape = scene.shape();
    int64_t cell = -1;
    if (subject->node.starts_with(std::string("cnn.") + partial_prefix)) cell = subject->index;
    for (const LayerPlace* place : {&scene.layer(), scene.follower()})
        if (place && scene.graph().contains(subject->node) && scene.graph().find(subject->node).node == place->node &&
            subject->index / shape.cells() == scene.map)
            cell = subject->index % shape.cells();
    player_.take(cell, stage.now);
}

void LayerView::take_keys(Stage& stage, const LayerScene& scene) {
    const CellKeys keys = take_cell_keys(focused_);
    if (keys.space) player_.play(!player_.playing());
    if (!keys.step) return;
    const Graph& graph = scene.graph();
    if (const Element* pinned = stage.inspector.pinned_element()) {
        stage.inspector.walk(walked(graph, *pinned, *keys.step));
    } else if (const Element* subject = stage.inspector.subject(); subject && !stage.inspector.suggested()) {
        stage.inspector.pin(walked(graph, *subject, *keys.step));
    } else {
        const Element next = walked(graph, {scene.name(scene.layer().node), scene.element()}, *keys.step);
        player_.take(next.index % scene.shape().cells(), stage.now);
    }
    stage.again();
}

float LayerView::draw(Stage& stage, Rect area) {
    const Theme& t = theme();
    if (std::exchange(stepped_, false)) stage.inspector.release();
    if (std::exchange(still_, stage.reduced_motion) != stage.reduced_motion) player_.play(!stage.reduced_motion);
    const LayerPath path(bench());
    {
        const LayerScene before = scene(stage, path);
        take_hand(stage, before);
        take_keys(stage, before);
    }
    if (moving_) {
        player_.advance(stage.now);
        stage.again_at(player_.due());
    }
    const LayerScene now = scene(stage, path);
    stage.inspector.suggest({now.name(now.layer().node), now.element(), now.gradients()});

    const float height = std::max(area.h, height_);
    Rect inner = draw_card(stage, {area.x, area.y, area.w, height}, nullptr);
    const float top = inner.y;
    inner.cut_top(draw_path(stage, now, inner) + t.px(8));
    inner.cut_top(draw_choice(stage, now, inner));
    inner.h = std::max(area.bottom() - t.px(t.pad) - inner.y, 0.0f);   // on screen, however high the card is
    inner.cut_top(draw_layer(now, inner));
    const float used = inner.y - top + 2 * t.px(t.pad);
    if (std::fabs(used - height_) > 0.5f) stage.again();
    height_ = used;
    return std::max(area.h, used);
}

float LayerView::draw_layer(const LayerScene& scene, Rect area) {
    const std::string& kind = scene.layer().kind;
    if (kind == "input") return draw_input_picture(scene, area);
    if (kind == "dense") return draw_dense(scene, area);
    if (kind != "conv2d") return draw_pointwise(scene, area);
    const auto before = std::pair(page_, rows_);
    const float used = draw_convolution(scene, area, page_, rows_);
    if (before != std::pair(page_, rows_)) scene.stage.again();
    return used;
}

}  // namespace trilens

// The second and third zoom: one layer from close up, from its input maps through kernels and sums to its output, and one cell of it with
// all its numbers, whose position plays over the map. The learner walks from layer to layer, and goes along with the inspector's card.
#pragma once

#include <optional>
#include <string>

#include "demos/cnn/kernel_player.h"
#include "demos/cnn/layer_path.h"
#include "demos/cnn/layer_scene.h"
#include "demos/cnn/view.h"

namespace trilens {

class LayerView : public View {
public:
    using View::View;

    void list_fields(Fields& fields) override;
    void field_changed(const Field& field) override;
    // "cnn.partial.C": what input map C alone adds to the map of a convolution on screen (partial_sums.h).
    void record(Graph& graph) override;
    void update() override;  // goes to what is pinned, and has its partial sums computed
    float draw(Stage& stage, Rect area) override;
    bool advance(int64_t steps) override;  // so many cells, and the player pauses

private:
    // The layer on screen, whatever the field was set to for another network.
    size_t at(const LayerPath& path) const { return path.find(layer_); }
    // What the graph has partial sums of.
    struct Recorded {
        std::string layer;
        int64_t map = 0, page = 0, rows = 0;
        bool operator==(const Recorded&) const = default;
    };

    void show(const LayerPath& path, size_t at, MapCell place);
    void follow(const Element* pinned, const LayerPath& path);
    void go(Stage& stage, const LayerPath& path, size_t to);
    void record_move(const std::string& layer_before, int map_before);
    void take_hand(Stage& stage, const LayerScene& scene);
    void take_keys(Stage& stage, const LayerScene& scene);
    LayerScene scene(Stage& stage, const LayerPath& path);
    // The element of layer `to` that goes with the scene's: back, the one that it owes most to; forward, the one in the same place.
    static MapCell counterpart(const LayerScene& scene, size_t to);

    float draw_path(Stage& stage, const LayerScene& scene, Rect area);
    float draw_choice(Stage& stage, const LayerScene& scene, Rect area);
    float draw_player(Stage& stage, const LayerScene& scene, Rect area);
    float draw_layer(const LayerScene& scene, Rect area);

    std::string layer_ = "conv1";
    int map_ = 0;
    KernelPlayer player_;
    std::optional<Element> seen_;  // pinned, and gone to
    Recorded recorded_;
    int64_t page_ = 0, rows_ = 8;  // of input maps
    float height_ = 0;  // of the card, as of the last frame
    bool moving_ = false, still_ = false, focused_ = false, stepped_ = false;
};

}  // namespace trilens

// What stands above each layer's maps.
#include "demos/cnn/overview.h"

#include <optional>

#include "demos/cnn/cell_keys.h"
#include "demos/text/text.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

std::optional<Element> pinned(const Stage& stage) {
    const Element* element = stage.inspector.pinned_element();
    return element ? std::optional(*element) : std::nullopt;
}

}  // namespace

std::string layer_title(const Sequential::Row& row) {
    const std::string number = row.name.substr(std::min(row.name.find_first_of("0123456789"), row.name.size()));
    if (row.kind == "conv2d") return say(Text::layer_conv, {number});
    if (row.kind == "dense") return row.name == "logits" ? say(Text::layer_scores) : say(Text::layer_dense, {number});
    if (row.kind == "relu") return say(Text::layer_relu);
    if (row.kind == "leaky_relu") return say(Text::layer_leaky);
    if (row.kind == "max_pool2d") return say(Text::layer_max_pool);
    if (row.kind == "average_pool2d") return say(Text::layer_average_pool);
    if (row.kind == "batch_norm") return say(Text::layer_norm);
    return row.kind;  // tanh, sigmoid, gelu, dropout: called so everywhere
}

std::vector<LayerPicture> layer_pictures(const Workbench& bench) {
    std::vector<LayerPicture> pictures;
    const Shape input = bench.input_shape();
    const auto rows = bench.network().summary(Shape{1, input[0], input[1], input[2]});
    for (const Sequential::Row& row : rows) {
        if (&row == &rows.back() || row.kind == "dropout") continue;  // dropout does nothing while it is looked at
        LayerPicture picture{"cnn." + row.name, layer_title(row), shape_text(row.output), "", false};
        picture.is_signed = row.kind != "relu" && row.kind != "sigmoid" && row.kind.find("pool") == std::string::npos;
        if (row.parameters > 0) picture.note = say(Text::layer_parameters, {std::to_string(row.parameters)});
        pictures.push_back(std::move(picture));
    }
    return pictures;
}

float Overview::draw(Stage& stage, Rect area) {
    const Look& look = bench().look;
    const NetworkStyle style{look.map, look.diverging, look.shared_scale, look.gradients()};
    const std::optional<Element> before = pinned(stage);
    if (const CellKeys keys = take_cell_keys(); keys.step && before) stage.inspector.walk(walked(*stage.graph, *before, *keys.step));
    const std::optional<Element> now = pinned(stage);
    // A phone shows the answer beside or below the drawing already.
    const float height =
        draw_network(stage, layer_pictures(bench()), stage.narrow ? "" : "cnn.probabilities", bench().classes(), style, area);
    // A click goes closer: the layer view goes to what is pinned.
    if (pinned(stage) && pinned(stage) != now) set("cnn.view", std::string("layer"));
    return height;
}

}  // namespace trilens

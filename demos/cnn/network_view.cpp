// Layout of the network: the maps get what room there is, the bars always stay legible.
#include "demos/cnn/network_view.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "demos/text/text.h"
#include "demos/widgets/bars.h"
#include "demos/widgets/tensor_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float heading_height = 56, stage_gap = 18, row_gap = 10;

class NetworkView {
public:
    NetworkView(Stage& stage, const std::vector<LayerPicture>& layers, const NetworkStyle& style) : stage_(stage), style_(style) {
        for (const LayerPicture& layer : layers) {
            if (!stage.graph || !stage.graph->contains(layer.node)) continue;
            const Node& node = stage.graph->node(stage.graph->find(layer.node).node);
            for (const float value : (style.gradients ? node.gradient : node.value).values())
                largest_ = std::max(largest_, std::fabs(value));
        }
    }

    bool vector(const LayerPicture& layer) const {
        return stage_.graph->contains(layer.node) && is_vector(stage_.graph->find(layer.node).shape());
    }

    GridStyle grid_style(const LayerPicture& layer) const {
        GridStyle grid;
        grid.vector_width = 16;
        grid.gradient = style_.gradients;
        const bool is_signed = layer.is_signed || style_.gradients;   // a gradient has both signs in every layer
        grid.map = is_signed && style_.diverging ? ColorMap::diverging : style_.map;
        if (style_.shared_scale) grid.scale = ColorScale{grid.map, is_signed ? -largest_ : 0, largest_};
        return grid;
    }

    void heading(const LayerPicture& layer, Rect area, bool arrow) const {
        const Theme& t = theme();
        float left = area.x;
        if (arrow) {
            const float middle = area.y + t.px(10), size = t.px(4);
            ImGui::GetWindowDrawList()->AddTriangleFilled({left, middle - size}, {left + size * 1.5f, middle}, {left, middle + size},
                                                          t.color.accent);
            left += t.px(11);
        }
        draw_text({left, area.y}, layer.title.c_str(), t.text, t.color.text, area.right() - left);
        draw_text({area.x, area.y + t.px(19)}, layer.shape.c_str(), t.small_text, t.color.text_soft, area.w);
        draw_text({area.x, area.y + t.px(35)}, layer.note.c_str(), t.small_text, t.color.text_soft, area.w);
    }

    void layer(const LayerPicture& layer, Rect area, bool arrow) const {
        heading(layer, area, arrow);
        area.cut_top(theme().px(heading_height));
        draw_tensor(stage_, layer.node, area, grid_style(layer));
    }

    // With so many maps in a row; 0: as the grid likes.
    float height(const LayerPicture& layer, float width, int columns = 0) const {
        GridStyle grid = grid_style(layer);
        grid.columns = columns;
        return stage_.graph->contains(layer.node) ? tensor_height(stage_, stage_.graph->find(layer.node).shape(), width, grid) : 0;
    }

    // One below the other; returns the height used.
    float stacked(const LayerPicture& each, Rect area, bool arrow) const {
        const Theme& t = theme();
        heading(each, area, arrow);
        draw_tensor(stage_, each.node, {area.x, area.y + t.px(heading_height), area.w, 0}, grid_style(each));
        return t.px(heading_height) + height(each, area.w) + t.px(stage_gap);
    }

private:
    Stage& stage_;
    const NetworkStyle& style_;
    float largest_ = 1e-6f;
};

float draw_probabilities(Stage& stage, std::string_view node, const std::vector<std::string>& classes, Rect area) {
    const Theme& t = theme();
    draw_text(area.min(), say(Text::cnn_probabilities), t.text, t.color.text, area.w);
    if (!stage.graph || !stage.graph->contains(node)) return t.px(26);
    const Rect bars{area.x, area.y + t.px(26), area.w, std::max(area.h - t.px(26), 0.0f)};
    return t.px(26) + draw_bars(stage, node, stage.graph->find(node).tensor().values(), classes, bars);
}

float draw_narrow(Stage& stage, const NetworkView& view, const std::vector<LayerPicture>& layers, std::string_view probabilities,
                  const std::vector<std::string>& classes, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    if (!probabilities.empty()) area.cut_top(draw_answer(stage, probabilities, classes, {area.x, area.y, area.w, 0}) + t.px(t.gap));

    float height = 2 * t.px(t.pad);
    for (const LayerPicture& layer : layers) height += t.px(heading_height + stage_gap) + view.height(layer, area.w - 2 * t.px(t.pad));
    Rect card = draw_card(stage, {area.x, area.y, area.w, height}, nullptr);
    for (const LayerPicture& layer : layers) card.cut_top(view.stacked(layer, card, true));
    return area.y + height - top;
}

}  // namespace

float draw_answer(Stage& stage, std::string_view probabilities, const std::vector<std::string>& classes, Rect area) {
    const Theme& t = theme();
    const float bars = static_cast<float>(classes.size()) * t.px(stage.touch ? 34 : 24);
    if (area.h <= 0) area.h = t.px(26) + bars + 2 * t.px(t.pad);
    draw_probabilities(stage, probabilities, classes, draw_card(stage, area, nullptr));
    return area.h;
}

std::string shape_text(const Shape& shape) {
    std::string out;
    for (int axis = shape.rank() > 1 ? 1 : 0; axis < shape.rank(); ++axis) out += (out.empty() ? "" : " x ") + std::to_string(shape[axis]);
    return out;
}

float draw_network(Stage& stage, const std::vector<LayerPicture>& layers, std::string_view probabilities,
                   const std::vector<std::string>& classes, const NetworkStyle& style, Rect area) {
    if (!stage.graph) return 0;
    const Theme& t = theme();
    const NetworkView view(stage, layers, style);
    if (stage.narrow) return draw_narrow(stage, view, layers, probabilities, classes, area);

    const float height = std::max(area.h, t.px(layers.size() > 11 ? 700 : 560));
    Rect inner = draw_card(stage, {area.x, area.y, area.w, height}, nullptr);
    std::vector<const LayerPicture*> maps, vectors;
    for (const LayerPicture& layer : layers) (view.vector(layer) ? vectors : maps).push_back(&layer);

    const float side = std::clamp(inner.w * 0.27f, t.px(180), t.px(420));
    Rect right{inner.right() - side, inner.y, side, inner.h};
    inner.w -= side + t.px(stage_gap);

    // Two rows of maps, three of many; the first ones hold the larger maps and get what these like, the last one the rest.
    const size_t rows = maps.size() > 8 ? 3 : 2, per_row = std::max<size_t>(1, (maps.size() + rows - 1) / rows);
    const float column = (inner.w - t.px(stage_gap) * static_cast<float>(per_row - 1)) / static_cast<float>(per_row);
    const float most = std::floor(rows == 2 ? inner.h * 0.6f : inner.h / static_cast<float>(rows) - t.px(row_gap));
    for (size_t from = 0; from < maps.size(); from += per_row) {
        const size_t to = std::min(from + per_row, maps.size());
        float height_of_row = 0;
        for (size_t i = from; i < to; ++i) height_of_row = std::max(height_of_row, t.px(heading_height) + view.height(*maps[i], column, 2));
        height_of_row = to == maps.size() ? inner.h : std::min(height_of_row, most);
        for (size_t i = from; i < to; ++i)
            view.layer(*maps[i], {inner.x + static_cast<float>(i - from) * (column + t.px(stage_gap)), inner.y, column, height_of_row},
                       i > 0);
        inner.cut_top(height_of_row + t.px(row_gap));
    }
    for (const LayerPicture* layer : vectors) right.cut_top(view.stacked(*layer, right, true));
    draw_probabilities(stage, probabilities, classes, right);
    return height;
}

}  // namespace trilens

// Layers that keep maps apart: pooling, activations, batch norm. One map before and after, and beside it what was done to the cell.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "demos/cnn/layer_scene.h"
#include "demos/cnn/network_view.h"
#include "demos/text/text.h"
#include "demos/widgets/formula.h"
#include "demos/widgets/line_plot.h"
#include "demos/widgets/number_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

float line(const std::string& text, Rect& area, ImU32 color) {
    const Theme& t = theme();
    const float height = draw_paragraph(area.min(), text.c_str(), t.text, color, area.w) + t.px(6);
    area.cut_top(height);
    return height;
}

// A dot on the winner of every window of this map.
void mark_winners(const LayerScene& scene, Rect cells) {
    const MapShape from = map_shape(scene.graph().node(scene.layer().input).value.shape()), to = scene.shape();
    const float width = cells.w / static_cast<float>(from.width), height = cells.h / static_cast<float>(from.height);
    const float radius = std::clamp(std::min(width, height) * 0.28f, theme().px(1), theme().px(4));
    ImDrawList* list = ImGui::GetWindowDrawList();
    for (int64_t cell = 0; cell < to.cells(); ++cell)
        for (const Term& term : scene.graph().explain(scene.layer().node, scene.map * to.cells() + cell).terms) {
            if (term.factor != 1) continue;
            const int64_t at = term.index % from.cells();
            const ImVec2 middle{cells.x + (static_cast<float>(at % from.width) + 0.5f) * width,
                                cells.y + (static_cast<float>(at / from.width) + 0.5f) * height};
            list->AddCircleFilled(middle, radius + theme().px(1), IM_COL32(0, 0, 0, 160));
            list->AddCircleFilled(middle, radius, theme().color.mark);
        }
}

float draw_pool_cell(const LayerScene& scene, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const Explanation found = scene.graph().explain(scene.layer().node, scene.element());
    const int64_t width = map_shape(scene.graph().node(scene.layer().input).value.shape()).width;
    std::vector<float> values;
    int64_t winner = -1, rows = 0, last = -1;
    for (const Term& term : found.terms) {
        rows += term.index / width != last;
        last = term.index / width;
        if (found.kind == Explanation::Kind::maximum && term.factor == 1) winner = static_cast<int64_t>(values.size());
        values.push_back(term.value);
    }
    if (values.empty()) return 0;
    NumberGrid grid{values, static_cast<int64_t>(values.size()) / rows, t.px(44), scene.bench.look.map, winner};
    grid.cell = std::min(grid.cell, area.w / static_cast<float>(grid.columns));
    draw_number_grid(scene.stage, "cnn.layer.patch", grid, area.min());
    area.cut_top(grid.height() + t.px(10));
    line(say(winner >= 0 ? Text::zoom_winner : Text::zoom_average, {number(found.value)}), area, t.color.text);
    if (winner >= 0) line(say(Text::zoom_winners), area, t.color.text_soft);
    return area.y - top;
}

// The layer itself, computed along the values that come in.
float draw_function(const LayerScene& scene, Rect area) {
    const Theme& t = theme();
    constexpr int64_t points = 97;
    const Tensor& in = scene.graph().node(scene.layer().input).value;
    float low = -1, high = 1;
    for (const float value : in.values()) low = std::min(low, value), high = std::max(high, value);
    Tensor x(Shape{1, points});
    for (int64_t i = 0; i < points; ++i) x.data()[i] = low + (high - low) * static_cast<float>(i) / static_cast<float>(points - 1);
    Graph graph;
    const Tensor y = scene.layer().layer->forward(graph.input(x, "x")).tensor();
    const Series curve{"", t.color.activation, x.values(), y.values()};
    const float before = in.data()[scene.element()], after = scene.node().value.data()[scene.element()];
    const float top = area.y;
    line(say(Text::zoom_curve), area, t.color.text_soft);
    PlotStyle style;
    style.x_label = say(Text::zoom_function_in);
    style.y_label = say(Text::zoom_function_out);
    const Rect place{area.x, area.y, area.w, std::min(t.px(220), area.w * 0.8f)};
    const PlotArea plot = draw_plot(scene.stage, "cnn.layer.curve", std::span(&curve, 1), place, style);
    const ImVec2 point{plot.x(static_cast<double>(before)), plot.y(static_cast<double>(after))};
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddLine({point.x, plot.inside.bottom()}, point, t.color.accent, t.px(1));
    list->AddLine(point, {plot.inside.x, point.y}, t.color.accent, t.px(1));
    list->AddCircleFilled(point, t.px(5), t.color.accent);
    list->AddCircle(point, t.px(5), t.color.card, 0, t.px(1.5f));
    area.cut_top(place.h + t.px(8));
    line(number(before) + "  ->  " + scene.layer().title + "  ->  " + number(after), area, t.color.text);
    return area.y - top;
}

// What is added to the variance, as the layer itself spells it.
std::string epsilon_of(const LayerScene& scene) {
    const std::string formula = scene.graph().explain(scene.layer().node, scene.element()).formula;
    const std::string before = "variance + ";
    const size_t at = formula.find(before);
    if (at == std::string::npos) return "0";
    return number(std::strtod(formula.c_str() + at + before.size(), nullptr));
}

float draw_norm_cell(const LayerScene& scene, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const std::vector<Buffer> buffers = scene.layer().layer->buffers();
    const bool vector = scene.shape().vector;
    const auto channel = static_cast<size_t>(vector ? scene.cell : scene.map);
    const float mean = buffers.at(0).value->values()[channel], variance = buffers.at(1).value->values()[channel];
    const float gamma = scene.graph().node(scene.layer().weight).value.values()[channel];
    const float beta = scene.graph().node(scene.layer().bias).value.values()[channel];
    const float before = scene.graph().node(scene.layer().input).value.data()[scene.element()];
    const float after = scene.node().value.data()[scene.element()];
    for (const std::string& each : {say(Text::zoom_mean, {number(mean)}), say(Text::zoom_variance, {number(variance)}),
                                    say(Text::zoom_gamma, {number(gamma)}), say(Text::zoom_beta, {number(beta)})})
        line(each, area, t.color.weight);
    area.cut_top(t.px(6));
    const std::vector<FormulaPart> parts{{"(", 0},
                                         {number(before), t.color.activation, -1, true},
                                         {" - ", 0, -1, true},
                                         {as_factor(number(mean)), t.color.weight, -1, true},
                                         {") / sqrt(", 0},
                                         {number(variance), t.color.weight, -1, true},
                                         {" + " + epsilon_of(scene) + ")", 0, -1, true},
                                         {" \xc3\x97 ", 0},
                                         {as_factor(number(gamma)), t.color.weight, -1, true},
                                         {" + ", 0},
                                         {as_factor(number(beta)), t.color.weight, -1, true},
                                         {" = ", 0},
                                         {number(after), t.color.activation, -1, true}};
    float height = 0;
    draw_formula(scene.stage, "cnn.layer.norm", parts, area, height);
    area.cut_top(height + t.px(6));
    line(say(Text::zoom_norm_note), area, t.color.text_soft);
    return area.y - top;
}

float draw_done(const LayerScene& scene, Rect area) {
    if (scene.gradients()) return draw_cell_gradient(scene, area);
    if (scene.layer().kind.find("pool") != std::string::npos) return draw_pool_cell(scene, area);
    return scene.layer().kind == "batch_norm" ? draw_norm_cell(scene, area) : draw_function(scene, area);
}

}  // namespace

float draw_pointwise(const LayerScene& scene, Rect area) {
    const Theme& t = theme();
    const bool beside = area.w > t.px(560);
    const LayerPlace& layer = scene.layer();
    const MapShape before = map_shape(scene.graph().node(layer.input).value.shape()), after = scene.shape();
    Rect maps = area;
    if (beside) maps.w = std::floor(area.w * 0.62f);
    const float gap = t.px(28), head = t.px(38);
    const bool stacked = before.height == 1 && before.width > 1 && !before.vector;   // strips need the width
    const float side = stacked ? maps.w : (maps.w - gap) / 2;
    const auto of = [&](const LayerPlace& place, const MapShape& shape, Rect where) {
        const std::string text = shape_text(scene.graph().node(place.node).value.shape());
        draw_text(where.min(), place.title.c_str(), t.text, t.color.text, where.w);
        draw_text({where.x, where.y + t.px(19)}, text.c_str(), t.small_text, t.color.text_soft, where.w);
        where.cut_top(head);
        where.h = map_height(scene.stage, shape, where.w, scene.style(place.node, place.is_signed()));
        return scene.draw_output(place, shape.vector ? 0 : scene.map, where);
    };
    const LayerPlace& from = scene.path[scene.at - 1];
    const Rect left = of(from, before, {maps.x, maps.y, side, maps.h});
    if (layer.kind == "max_pool2d" && !scene.gradients()) mark_winners(scene, left);
    Rect next{maps.x + side + gap, maps.y, side, maps.h};
    if (stacked) next = {maps.x, left.bottom() + t.px(36), side, maps.h};
    const Rect right = of(layer, after, next);
    if (!stacked) draw_arrow({left.right() + t.px(4), left.y + t.px(60)}, {right.x - t.px(4), left.y + t.px(60)}, t.color.text_soft);
    const float used = std::max(left.bottom(), right.bottom()) + t.px(34) - area.y;
    if (beside) return std::max(used, draw_done(scene, {maps.right() + t.px(24), area.y, area.right() - maps.right() - t.px(24), area.h}));
    return used + draw_done(scene, {area.x, area.y + used, area.w, 0});
}

}  // namespace trilens

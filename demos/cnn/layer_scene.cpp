// One map is drawn as a tensor of its own; hover and marks are carried over from the node that it belongs to.
#include "demos/cnn/layer_scene.h"

#include <algorithm>
#include <cmath>

#include "demos/text/text.h"
#include "demos/widgets/formula.h"
#include "demos/widgets/theme.h"

namespace trilens {

const LayerPlace* LayerScene::follower() const {
    if (at + 1 >= path.size()) return nullptr;
    const LayerPlace& next = path[at + 1];
    return graph().node(next.node).reach == Reach::element ? &next : nullptr;
}

GridStyle LayerScene::style(int node, bool is_signed) const {
    GridStyle style = bench.look.grid(is_signed);
    const Tensor& values = shown(node);
    style.scale = ColorScale::of(style.map, values.data(), values.elements());
    style.max_cell = 64;
    return style;
}

GridStyle LayerScene::own_style(int node, int64_t first, int64_t count) const {
    GridStyle own = style(node, true);
    const Tensor& values = shown(node);
    const int64_t cells = map_shape(graph().node(node).value.shape()).cells();
    if (!values.empty()) own.scale = ColorScale::of(own.map, values.data() + first * cells, count * cells);
    return own;
}

float map_height(const Stage& stage, const MapShape& shape, float width, const GridStyle& style) {
    return tensor_height(stage, shape.vector ? Shape{1, shape.width} : Shape{1, 1, shape.height, shape.width}, width, style);
}

Rect LayerScene::draw_map(int node, int64_t which, Rect area, const GridStyle& style) const {
    const Tensor& values = shown(node);
    const MapShape one = map_shape(graph().node(node).value.shape());
    const std::string owner = name(node), own = owner + ":" + std::to_string(which);
    if (values.empty() || which >= one.maps) return {area.x, area.y, area.w, 0};
    const Tensor map = values.reshaped(Shape{one.maps, one.cells()}).rows(which, 1).reshaped(Shape{1, 1, one.height, one.width});
    const std::optional<GridCell> under = draw_tensor(stage, own, map, area, style);
    if (under) {
        const Element element{owner, which * one.cells() + under->flat, gradients()};
        stage.inspector.hover(element);
        if (ImGui::IsItemDeactivated() && was_tap()) stage.inspector.pin(element);
    }
    const Rect cells = stage.rects().back().rect;
    const float width = cells.w / static_cast<float>(one.width), height = cells.h / static_cast<float>(one.height);
    for (const Mark& mark : stage.inspector.marks(owner)) {
        // A frame around a whole kernel says nothing: all of it is used at every place.
        if (mark.kind == Mark::Kind::patch && mark.height == one.height && mark.width == one.width) continue;
        if (mark.map < 0 || mark.map == which)
            draw_mark({cells.x + static_cast<float>(mark.x) * width, cells.y + static_cast<float>(mark.y) * height,
                       static_cast<float>(mark.width) * width, static_cast<float>(mark.height) * height},
                      mark.kind);
    }
    return cells;
}

Rect LayerScene::draw_output(const LayerPlace& place, int64_t which, Rect area, bool scale_bar) const {
    GridStyle look = style(place.node, place.is_signed());
    look.scale_bar = scale_bar;
    if (!map_shape(graph().node(place.node).value.shape()).vector) return draw_map(place.node, which, area, look);
    look.gradient = gradients();
    draw_tensor(stage, name(place.node), area, look);
    return stage.rects().empty() ? area : stage.rects().back().rect;
}

void draw_arrow(ImVec2 from, ImVec2 to, ImU32 color) {
    const float size = theme().px(4);
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddLine(from, {to.x - size, to.y}, color, theme().px(1.5f));
    list->AddTriangleFilled({to.x - size * 1.5f, to.y - size}, {to.x, to.y}, {to.x - size * 1.5f, to.y + size}, color);
}

float draw_input_picture(const LayerScene& scene, Rect area) {
    const Theme& t = theme();
    const float note = draw_paragraph(area.min(), say(Text::zoom_input_note), t.text, t.color.text, area.w) + t.px(12);
    const MapShape shape = scene.shape();
    const GridStyle style = scene.style(scene.layer().node, false);
    const float side = std::min(area.w, std::max(area.h - note - t.px(28), t.px(240))),
                height = map_height(scene.stage, shape, side, style);
    scene.draw_map(scene.layer().node, scene.map, {area.x, area.y + note, side, height}, style);
    return note + height;
}

// The strongest of its terms; all of them are in the inspector's card.
float draw_cell_gradient(const LayerScene& scene, Rect area) {
    const Theme& t = theme();
    constexpr size_t most = 8;
    const MapShape shape = scene.shape();
    const float top = area.y;
    const std::string y = std::to_string(scene.cell / shape.width), x = std::to_string(scene.cell % shape.width);
    const std::string title =
        shape.vector ? say(Text::zoom_gradient_unit, {x}) : say(Text::zoom_gradient_title, {y, x, std::to_string(scene.map)});
    area.cut_top(draw_paragraph(area.min(), title.c_str(), t.small_text, t.color.text, area.w) + t.px(6));
    const Explanation found = scene.graph().explain_gradient(scene.layer().node, scene.element());
    std::vector<const Term*> terms;
    for (const Term& term : found.terms) terms.push_back(&term);
    std::sort(terms.begin(), terms.end(), [](const Term* a, const Term* b) {
        const float first = std::fabs(a->value * a->factor), second = std::fabs(b->value * b->factor);
        return first != second ? first > second : a < b;
    });
    std::vector<FormulaPart> parts{{"dL/dx = " + number(found.value), t.color.gradient}};
    for (size_t i = 0; i < std::min(terms.size(), most); ++i) {
        parts.push_back({i ? " + " : " = ", t.color.text_soft});
        parts.push_back({number(terms[i]->value), t.color.gradient, -1, true});
        parts.push_back({" \xc3\x97 ", t.color.text_soft, -1, true});
        parts.push_back({number(terms[i]->factor), t.color.weight, -1, true});
    }
    if (terms.size() > most) parts.push_back({" + ...", t.color.text_soft});
    float height = 0;
    draw_formula(scene.stage, "cnn.layer.gradient", parts, area, height);
    return area.y + height - top;
}

}  // namespace trilens

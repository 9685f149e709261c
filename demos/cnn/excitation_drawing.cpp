// Two cards: what a unit likes, and why the answer is what it is.
#include <algorithm>
#include <cmath>

#include "demos/cnn/excitation.h"
#include "demos/cnn/network_view.h"
#include "demos/text/text.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/tensor_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr int64_t page = 32;              // units shown at once
constexpr float panel_gap = 20, widest_panel = 300;   // units

std::string whole(int64_t value) { return std::to_string(value); }

void frame(Rect box, ImU32 color, float width) {
    ImGui::GetWindowDrawList()->AddRect({box.x - width, box.y - width}, {box.right() + width, box.bottom() + width}, color, theme().px(3),
                                        0, width);
}

bool tapped() { return ImGui::IsItemHovered() && ImGui::IsMouseReleased(0) && was_tap(); }

// How high draw_picture() makes a tile of this width at most.
float tile_height(const Stage& stage, const Shape& shape, float width) {
    const Theme& t = theme();
    if (shape[-2] == 1) return t.px(shape[-1] == 1 ? 14 : 20);
    const float cell = width * stage.device_pixels / static_cast<float>(shape[-1]);
    return (cell >= 1 ? std::floor(cell) : cell) * static_cast<float>(shape[-2]) / stage.device_pixels;
}

// A picture [.., H, W] without a title and a scale bar; returns where its cells stand.
Rect draw_picture(Stage& stage, const std::string& name, const Tensor& picture, Rect area, const ColorScale& scale,
                  std::optional<GridCell>* cell = nullptr) {
    GridStyle style;
    style.map = scale.map;
    style.scale = scale;
    style.scale_bar = false;
    style.max_cell = 1000;
    const auto found = draw_tensor(stage, name, picture, area, style);
    if (cell) *cell = found;
    return stage.rects().back().rect;
}

}  // namespace

float draw_panels(const Stage& stage, Rect area, int count, const std::function<float(int, Rect)>& draw) {
    const Theme& t = theme();
    const float gap = t.px(panel_gap);
    float used = 0;
    for (int i = 0; i < count; ++i) {
        const auto n = static_cast<float>(count);
        const float width =
            stage.narrow ? std::min(area.w, t.px(widest_panel)) : std::min((area.w - gap * (n - 1)) / n, t.px(widest_panel));
        if (stage.narrow) used += draw(i, Rect{area.x, area.y + used, width, 0}) + gap;
        else used = std::max(used, draw(i, Rect{area.x + static_cast<float>(i) * (width + gap), area.y, width, 0}));
    }
    return used;
}

float Excitation::draw(Stage& stage, Rect area) {
    if (layers_.empty()) list_layers();
    const float top = area.y;
    const Graph& graph = *stage.graph;
    const auto at = static_cast<size_t>(class_index(graph));
    const float chance = graph.find("cnn.probabilities").tensor().values()[at];
    const std::string title = say(Text::why_answer_title, {bench().classes()[at], number(100.0 * static_cast<double>(chance))});
    area.y += cards_.draw(stage, "cnn.why.answer_card", title.c_str(), area, [&](Rect inner) { return draw_answer(stage, inner); });
    area.y += cards_.draw(stage, "cnn.why.unit_card", say(Text::why_unit_title), area, [&](Rect inner) { return draw_unit(stage, inner); });
    return area.y - top;
}

// "<  Layer 4 of 9: Convolution 2, 16 x 14 x 14  >" and the same for its units.
float Excitation::draw_layer_choice(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float side = t.px(stage.touch ? t.touch_target : t.control_height), gap = t.px(8);
    const auto chooser = [&](const char* name, const std::string& label, int64_t at, int64_t count, Rect place) {
        const std::string base(name);
        int64_t step = 0;
        if (draw_button(stage, (base + ".previous").c_str(), "<", {place.x, place.y, side, side}, false, at > 0)) step = -1;
        const float room = place.w - 2 * (side + gap), wide = std::min(text_width(label.c_str(), t.text), room);
        draw_text({place.x + side + gap, place.y + (side - t.px(t.text)) / 2}, label.c_str(), t.text, t.color.text, room);
        stage.place(base + ".label", {place.x + side + gap, place.y, wide, side});
        if (draw_button(stage, (base + ".next").c_str(), ">", {place.x + side + 2 * gap + wide, place.y, side, side}, false,
                        at + 1 < count))
            step = 1;
        return step;
    };
    const auto count = static_cast<int64_t>(layers_.size());
    const int64_t units = layer().shape[1];
    const std::string shape = shape_text(layer().shape);
    const std::string about = say(Text::why_layer, {whole(static_cast<int64_t>(at_) + 1), whole(count), layer().title, shape});
    const std::string which = say(layer().shape.rank() == 4 ? Text::why_filter : Text::why_neuron, {whole(unit() + 1), whole(units)});
    const bool two_rows = stage.narrow;
    const float first = two_rows ? area.w : area.w * 0.64f;
    const int64_t layer_step = chooser("cnn.why.layer", about, static_cast<int64_t>(at_), count, {area.x, area.y, first, side});
    const Rect second = two_rows ? Rect{area.x, area.y + side + t.px(6), area.w, side} : Rect{area.x + first, area.y, area.w - first, side};
    const int64_t unit_step = chooser("cnn.why.unit", which, unit(), units, second);
    if (unit_step != 0) set("cnn.why.unit", unit() + unit_step);
    if (layer_step != 0) select(at_ + static_cast<size_t>(layer_step));
    return (two_rows ? 2 * side + t.px(6) : side) + t.px(10);
}

// All maps of the layer on the learner's picture, and below each the picture that its unit would like best.
float Excitation::draw_maps(Stage& stage, Rect area) {
    const Theme& t = theme();
    const std::string node = "cnn." + layer().name;
    const Tensor& maps = stage.graph->find(node).tensor();
    const int64_t units = layer().shape[1], cells = maps.elements() / units, first = unit() / page * page,
                  last = std::min(first + page, units);
    const Look& look = bench().look;
    const auto [least, greatest] = std::ranges::minmax_element(maps.values());
    const bool is_signed = *least < 0;
    const ColorScale scale = ColorScale::of(is_signed && look.diverging ? ColorMap::diverging : look.map, maps.data(), maps.elements());
    std::string caption = say(Text::why_maps, {number(*least), number(*greatest)});
    if (last - first < units) caption += " " + say(Text::why_some, {whole(first + 1), whole(last), whole(units)});
    const float top = area.y;
    area.cut_top(draw_paragraph(area.min(), caption.c_str(), t.small_text, t.color.text_soft, area.w) + t.px(6));

    const bool flat = bench().curves();
    const int64_t columns = std::min<int64_t>((stage.narrow ? 8 : 16) / (flat ? 4 : 1), last - first);
    const float gap = t.px(8), slot = std::min((area.w + gap) / static_cast<float>(columns), t.px(flat ? 240 : 80)), side = slot - gap;
    const Shape& shape = layer().shape;
    const Shape input = bench().input_shape(), map_shape = shape.rank() == 4 ? Shape{1, 1, shape[2], shape[3]} : Shape{1, 1};
    const float map_height = tile_height(stage, map_shape, side),
                picture_height = tile_height(stage, Shape{1, 1, input[1], input[2]}, side);
    const float row = map_height + t.px(4) + picture_height + t.px(10);
    const LayerFinding* found = study();
    int64_t chosen = -1;
    for (int64_t unit_at = first; unit_at < last; ++unit_at) {
        const int64_t place = unit_at - first;
        const ImVec2 at{area.x + static_cast<float>(place % columns) * slot, area.y + static_cast<float>(place / columns) * row};
        const Tensor values(map_shape, maps.values().subspan(static_cast<size_t>(unit_at * cells), static_cast<size_t>(cells)));
        std::optional<GridCell> cell;
        const Rect map = draw_picture(stage, "cnn.why.map:" + whole(unit_at), values, {at.x, at.y, side, map_height}, scale, &cell);
        if (cell) stage.inspector.hover({node, unit_at * cells + cell->flat});
        if (tapped()) chosen = unit_at;
        Rect both = map;
        if (found && found->ascents[static_cast<size_t>(unit_at)].steps > 0) {
            const Rect below{at.x, at.y + map_height + t.px(4), side, picture_height};
            const Rect liked =
                draw_picture(stage, "cnn.why.likes:" + whole(unit_at), found->ascents[static_cast<size_t>(unit_at)].picture, below, ink());
            if (tapped()) chosen = unit_at;
            both = {at.x, at.y, std::max(map.w, liked.w), liked.bottom() - at.y};
        }
        if (unit_at == unit()) frame(both, t.color.accent, t.px(2.5f));
    }
    if (chosen >= 0) set("cnn.why.unit", chosen);
    const auto rows = static_cast<float>((last - first + columns - 1) / columns);
    return area.y + rows * row - top;
}

// The nine pieces of training pictures that excite the unit most.
float Excitation::draw_patches(Stage& stage, const LayerFinding& found, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    draw_text(area.min(), say(Text::why_patches), t.text, t.color.text, area.w);
    area.cut_top(t.px(24));
    const auto& best = found.top[static_cast<size_t>(unit())];
    std::string caption = no_data_;
    if (no_data_.empty()) caption = say(Text::why_searched, {whole(found.searched), whole(found.samples)});
    const float gap = t.px(8), slot = std::floor((area.w - 2 * gap) / 3), line = t.px(20);
    const bool flat = bench().input_shape()[1] == 1;
    const float height = flat ? t.px(24) : slot;
    for (size_t i = 0; i < best.size(); ++i) {
        const Rect box{area.x + static_cast<float>(i % 3) * (slot + gap), area.y + static_cast<float>(i / 3) * (height + line), slot,
                       height};
        const Tensor piece = cut_out(found.picture(best[i].sample), field_of(best[i]));
        const Rect cells = draw_picture(stage, "cnn.why.patch:" + whole(static_cast<int64_t>(i)), piece, box, ink());
        if (ImGui::IsItemHovered()) looked_at_ = i;
        if (i == looked_at_) frame(cells, t.color.accent, t.px(2));
        draw_text({box.x, cells.bottom() + t.px(3)}, number(static_cast<double>(best[i].activation)).c_str(), t.small_text,
                  t.color.text_soft, slot);
    }
    const auto rows = static_cast<float>((best.size() + 2) / 3);
    area.cut_top(rows * (height + line));
    return area.y - top + draw_paragraph(area.min(), caption.c_str(), t.small_text, t.color.text_soft, area.w);
}

// The picture that one of the pieces was cut out of.
float Excitation::draw_whole_picture(Stage& stage, const LayerFinding& found, Rect area) {
    const Theme& t = theme();
    const auto& best = found.top[static_cast<size_t>(unit())];
    if (best.empty()) return 0;
    looked_at_ = std::min(looked_at_, best.size() - 1);
    const TopPatch& patch = best[looked_at_];
    const float top = area.y;
    draw_text(area.min(), say(Text::why_whole), t.text, t.color.text, area.w);
    area.cut_top(t.px(24));
    const Tensor picture = found.picture(patch.sample);
    const Rect cells = draw_picture(stage, "cnn.why.whole", picture, area, ink());
    const Box field = clipped(field_of(patch), picture.shape());
    const float cell_w = cells.w / static_cast<float>(picture.extent(3)), cell_h = cells.h / static_cast<float>(picture.extent(2));
    const Rect seen{cells.x + static_cast<float>(field.left) * cell_w, cells.y + static_cast<float>(field.top) * cell_h,
                    static_cast<float>(field.width()) * cell_w, static_cast<float>(field.height()) * cell_h};
    frame(seen, t.color.mark, t.px(2));
    stage.place("cnn.why.field", seen);
    area.y = cells.bottom() + t.px(6);
    const auto label = static_cast<size_t>(found.labels.at(static_cast<size_t>(patch.sample)));
    const std::string name = label < bench().classes().size() ? bench().classes()[label] : whole(static_cast<int64_t>(label));
    const std::string value = number(static_cast<double>(patch.activation));
    const bool flat = bench().curves();
    const std::string text = layer().shape.rank() == 4 && flat ? say(Text::why_curve_at, {name, value, whole(patch.x)})
                             : layer().shape.rank() == 4       ? say(Text::why_whole_at, {name, value, whole(patch.y), whole(patch.x)})
                                                               : say(Text::why_whole_text, {name, value});
    return area.y - top + draw_paragraph(area.min(), text.c_str(), t.small_text, t.color.text_soft, area.w);
}

// The picture that the unit would like best, growing.
float Excitation::draw_ascent(Stage& stage, const LayerFinding& found, Rect area) {
    const Theme& t = theme();
    const LayerFinding::Ascent& ascent = found.ascents[static_cast<size_t>(unit())];
    const float top = area.y;
    draw_text(area.min(), say(Text::why_ascent), t.text, t.color.text, area.w);
    area.cut_top(t.px(24));
    if (stage.graph->contains("cnn.why.ascent")) {
        GridStyle style;
        style.map = ink().map;
        style.scale = ink();
        style.scale_bar = false;
        style.max_cell = 1000;
        draw_tensor(stage, "cnn.why.ascent", area, style);
        area.y = stage.rects().back().rect.bottom() + t.px(6);
    }
    const std::string text =
        say(Text::why_ascent_note, {whole(ascent.steps), whole(found.ascent_steps), number(static_cast<double>(ascent.activation)),
                                    number(static_cast<double>(ascent.first))});
    return area.y - top + draw_paragraph(area.min(), text.c_str(), t.small_text, t.color.text_soft, area.w);
}

ColorScale Excitation::ink() const { return bench().curves() ? ColorScale{ColorMap::diverging, -1, 1} : ColorScale{ColorMap::grey, 0, 1}; }

float Excitation::draw_unit(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_layer_choice(stage, area));
    area.cut_top(draw_maps(stage, area) + t.px(6));
    const LayerFinding* found = study();
    if (!found) {
        area.cut_top(draw_paragraph(area.min(), say(training().running() ? Text::why_waiting : Text::why_begins), t.small_text,
                                    t.color.text_soft, area.w));
        return area.y - top;
    }
    if (const std::string stale = staleness(layer_step_, studied_version_); !stale.empty())
        area.cut_top(draw_paragraph(area.min(), stale.c_str(), t.small_text, t.color.warning, area.w) + t.px(6));
    area.cut_top(draw_panels(stage, area, 3, [&](int i, Rect place) {
        return i == 0   ? draw_patches(stage, *found, place)
               : i == 1 ? draw_whole_picture(stage, *found, place)
                        : draw_ascent(stage, *found, place);
    }));
    return area.y - top;
}

std::string Excitation::staleness(int64_t step, uint64_t version) const {
    return version == bench().weights_version() ? "" : say(Text::why_stale, {whole(step), whole(training().step())});
}

}  // namespace trilens

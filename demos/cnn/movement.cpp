// Two cards: the moved picture beside the curve of answers, and the maps of one layer beside what they would be if they moved along.
#include "demos/cnn/movement.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "demos/cnn/equivariance_view.h"
#include "demos/cnn/movement_plot.h"
#include "demos/cnn/overview.h"
#include "demos/text/text.h"
#include "demos/widgets/line_plot.h"
#include "demos/widgets/theme.h"
#include "engine/autograd/elementwise.h"
#include "engine/autograd/warp.h"
#include "engine/models/digits.h"

namespace trilens {

namespace {

constexpr double curve_milliseconds = 4;   // of a frame

struct AlongChoice {
    const char* id;
    Text label;
    bool of_curves;   // whether a curve, [1, 1, 1, W], can be moved so
};
constexpr AlongChoice along_table[] = {
    {"shift_x", Text::move_shift_x, true},
    {"shift_y", Text::move_shift_y, false},
    {"angle", Text::move_angle, false},
    {"scale", Text::move_scale, true},
};

// Buttons beside each other, in as many rows as they need; returns the height used. `chosen` may change.
float draw_choices(Stage& stage, const char* prefix, std::span<const std::pair<std::string, std::string>> choices, std::string& chosen,
                   Rect area) {
    const Theme& t = theme();
    const float height = t.px(stage.touch ? t.touch_target : t.control_height - 4), gap = t.px(4);
    float x = area.x, y = area.y;
    for (const auto& [id, label] : choices) {
        const float width = std::min(text_width(label.c_str(), t.text) + t.px(20), area.w);
        if (x + width > area.right() && x > area.x) x = area.x, y += height + gap;
        if (draw_button(stage, (prefix + id).c_str(), label.c_str(), {x, y, width, height}, id == chosen)) chosen = id;
        x += width + gap;
    }
    return y + height - area.y;
}

}  // namespace

void Movement::list_fields(Fields& fields) {
    fields.section(Text::section_move);
    fields.effect(Field::Effect::computes);
    const double shift = static_cast<double>(most_shift), least = static_cast<double>(least_scale), most = static_cast<double>(most_scale);
    Field& right = fields.real("cnn.move.dx", Text::field_move_dx, Text::help_move_dx, motion_.right, {-shift, shift, 1});
    Field& down = fields.real("cnn.move.dy", Text::field_move_dy, Text::help_move_dy, motion_.down, {-shift, shift, 1});
    Field& angle = fields.real("cnn.move.angle", Text::field_move_angle, Text::help_move_angle, motion_.degrees, {-180, 180, 5});
    fields.real("cnn.move.scale", Text::field_move_scale, Text::help_move_scale, motion_.scale, {least, most, 0.05});
    std::vector<Choice> choices;
    for (const AlongChoice& each : along_table) choices.push_back({each.id, each.label});
    fields.effect(Field::Effect::looks);
    Field& along = fields.choice("cnn.move.along", Text::field_move_along, Text::help_move_along, along_, std::move(choices));
    along.listed = false;   // its buttons stand above the curve
    fields.effect(Field::Effect::computes);
    fields.text("cnn.move.layer", Text::move_maps_title, Text::move_maps_title, layer_, 40).listed = false;
    for (Field* each : {&down, &angle}) each->when = [this, shown = right.when] { return (!shown || shown()) && !bench().curves(); };
}

Motion Movement::motion() const {
    Motion motion = motion_;
    if (bench().curves()) motion.down = motion.degrees = 0;
    return motion;
}

Along Movement::along() const { return bench().curves() && !along_table[static_cast<size_t>(along_)].of_curves ? Along::shift_x : along_; }

// Activations are left out: they do to every cell the same, so they move as what is before them.
std::vector<Movement::MapLayer> Movement::map_layers() const {
    std::vector<MapLayer> layers;
    const Shape input = bench().input_shape();
    for (const Sequential::Row& row : bench().network().summary(Shape{1, input[0], input[1], input[2]})) {
        const bool pool = row.kind == "max_pool2d" || row.kind == "average_pool2d";
        if (row.output.rank() != 4 || (!pool && row.kind != "conv2d" && row.kind != "batch_norm")) continue;
        std::string title = layer_title(row);
        if (row.kind != "conv2d") title += " " + row.name.substr(std::min(row.name.find_first_of("0123456789"), row.name.size()));
        layers.push_back({row.name, std::move(title), !pool});
    }
    return layers;
}

std::optional<Movement::MapLayer> Movement::chosen() const {
    const std::vector<MapLayer> layers = map_layers();
    if (layers.empty()) return std::nullopt;
    const auto found = std::ranges::find(layers, layer_, &MapLayer::name);
    return found == layers.end() ? layers.front() : *found;
}

void Movement::record(Graph& graph) {
    const Value picture = graph.find("cnn.input");
    Scope scope(graph, "moved");
    classify(bench().network(), graph.tap(warp(picture, motion()), "input"));
    const auto layer = chosen();
    if (!layer) return;
    const Value plain = graph.find("cnn." + layer->name), moved = graph.find("cnn.moved." + layer->name);
    const LayerGrid grid = layer_grid(graph, plain.node, picture.node);
    const Value expected = graph.tap(warp(plain, grid.in_cells(motion()), grid.center()), "expected");
    graph.tap(subtract(moved, expected), "difference");
}

void Movement::put(const Motion& motion) {
    motion_ = motion;
    recompute();
}

void Movement::drag(const Motion& wanted) {
    held_ = true;
    if (!dragged_from_) dragged_from_ = motion_;
    if (!(wanted == motion_)) later([this, wanted] { put(wanted); });
}

// However many places a drag passed, it is undone at once.
void Movement::finish_drag() {
    if (!dragged_from_ || held_) return;
    later([this, before = *dragged_from_] {
        if (const Motion after = motion_; !(before == after))
            host().record({"cnn.move", [this, before] { put(before); }, [this, after] { put(after); }});
    });
    dragged_from_.reset();
}

void Movement::reset() {
    const Motion before = dragged_from_.value_or(motion_);
    dragged_from_.reset();
    if (before == Motion{}) return;
    later([this, before] {
        put({});
        host().record({"cnn.move.reset", [this, before] { put(before); }, [this] { put({}); }});
    });
}

void Movement::update() {
    const auto start = std::chrono::steady_clock::now();
    curve_.ask(bench(), motion(), along());
    curve_grows_ = curve_.step(bench(), [start] {
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count() < curve_milliseconds;
    });
}

void Movement::draw_picture(Stage& stage, Rect area) {
    if (bench().curves()) return draw_curve_input(stage, area);
    stage.place("cnn.move.canvas", area);
    const MovementHandles::Event event = handles_.draw(stage, "cnn.moved.input", area, motion());
    if (event.reset) reset();
    else if (event.held) drag(event.wanted);
}

// A curve: as it is, soft, and as it was moved.
void Movement::draw_curve_input(Stage& stage, Rect area) {
    const Theme& t = theme();
    const Tensor plain = stage.graph->find("cnn.input").tensor(), moved = stage.graph->find("cnn.moved.input").tensor();
    std::vector<float> x(moved.values().size());
    for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i);
    const ImU32 soft = (t.color.text_soft & 0x00ffffff) | 0x60000000;
    const Series series[] = {{"", soft, x, plain.values()}, {"", t.color.input, x, moved.values()}};
    const PlotArea plot = draw_plot(stage, "cnn.moved.input", series, area);
    if (!plot.held) return;
    stage.claim_pointer();
    Motion wanted = motion_;
    const float way = ImGui::GetIO().MousePos.x - ImGui::GetIO().MouseClickedPos[0].x;
    wanted.right = dragged_from_.value_or(motion_).right + std::round(way / plot.inside.w * static_cast<float>(x.size() - 1));
    wanted.right = std::clamp(wanted.right, -most_shift, most_shift);
    drag(wanted);
}

float Movement::draw_along(Stage& stage, Rect area) {
    std::vector<std::pair<std::string, std::string>> choices;
    for (const AlongChoice& each : along_table)
        if (each.of_curves || !bench().curves()) choices.emplace_back(each.id, say(each.label));
    const std::string before = along_table[static_cast<size_t>(along())].id;
    std::string chosen = before;
    const float height = draw_choices(stage, "cnn.move.along:", choices, chosen, area);
    if (chosen != before) set("cnn.move.along", chosen);
    return height;
}

void Movement::draw_curve(Stage& stage, Rect area) {
    const MovementCurve::Curve* curve = curve_.latest();
    if (!curve || curve->probabilities.size() != bench().classes().size()) return;

    const Tensor now = stage.graph->find("cnn.moved.probabilities").tensor();
    const PlotArea plot = draw_movement_curve(stage, *curve, {bench().classes(), bench().winner()}, motion(), now.values(), area);
    if (!plot.held) return;
    stage.claim_pointer();
    Motion wanted = motion_;
    quantity(wanted, curve->along) = range_of(curve->along).nearest(plot.value_at(ImGui::GetIO().MousePos.x));
    drag(wanted);
}

// The answers of both pictures, and beside them the way back.
float Movement::draw_answers(Stage& stage, Rect area) {
    const Theme& t = theme();
    const char* label = say(Text::move_reset);
    const float width = text_width(label, t.text) + t.px(22), height = t.px(stage.touch ? t.touch_target : t.control_height - 4);
    const std::string sentence =
        answer_sentence({bench().classes(), bench().winner()}, stage.graph->find("cnn.probabilities").tensor().values(),
                        stage.graph->find("cnn.moved.probabilities").tensor().values());
    const float used = draw_paragraph({area.x, area.y + t.px(5)}, sentence.c_str(), t.text, t.color.text, area.w - width - t.px(8));
    if (draw_button(stage, "cnn.move.reset", label, {area.right() - width, area.y, width, height}, false, !(motion_ == Motion{}))) reset();
    const float two_lines = t.px(t.text * (1 + t.line_height));  // kept free: the picture below must not move under the hand
    return std::max(height, std::max(used, two_lines) + t.px(5)) + t.px(4);
}

// `side`: of the picture.
float Movement::draw_answer_card(Stage& stage, Rect area, float side) {
    const Theme& t = theme();
    const float top = area.y, gap = t.px(t.gap);
    const bool curves = bench().curves(), stacked = stage.narrow;
    area.cut_top(draw_answers(stage, area));
    std::string hint = say(curves ? Text::move_hint_curve : stage.touch ? Text::move_hint_touch : Text::move_hint);
    if (!curves) hint += (language() == Language::english ? " " : "") + std::string(say(Text::move_not_centred));
    const float left = stacked ? std::min(area.w, t.px(curves ? 900 : 420)) : curves ? area.w * 0.46f : side;
    const float picture = !stacked ? side : curves ? t.px(180) : left;
    draw_picture(stage, {area.x, area.y, left, picture});
    Rect right{area.x + left + t.px(18), area.y, area.w - left - t.px(18), 0};
    if (stacked) {
        right = {area.x, area.y + picture + gap, area.w, 0};
        right.cut_top(draw_paragraph(right.min(), hint.c_str(), t.small_text, t.color.text_soft, right.w) + t.px(t.pad));
    }
    right.cut_top(draw_along(stage, right) + t.px(6));
    const std::string range = range_sentence(curve_.latest(), {bench().classes(), bench().winner()});
    draw_curve(stage, right.cut_top(stacked ? t.px(240) : area.y + side - right.y - t.px(t.small_text + 6)));
    right.cut_top(t.px(4));
    right.cut_top(draw_paragraph(right.min(), range.c_str(), t.small_text, t.color.text, right.w));
    float bottom = std::max(right.y, area.y + picture);
    if (!stacked) bottom += gap + draw_paragraph({area.x, bottom + gap}, hint.c_str(), t.small_text, t.color.text_soft, area.w);
    return bottom - top;
}

float Movement::draw_layers(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const std::optional<MapLayer> layer = chosen();
    if (!layer) return draw_paragraph(area.min(), say(Text::move_no_maps), t.text, t.color.text_soft, area.w);
    std::vector<std::pair<std::string, std::string>> choices;
    for (const MapLayer& each : map_layers()) choices.emplace_back(each.name, each.title);
    std::string wanted = layer->name;
    area.cut_top(draw_choices(stage, "cnn.move.layer:", choices, wanted, area) + t.px(6));
    if (const Graph& graph = *stage.graph; graph.contains("cnn.moved.difference")) {
        const LayerGrid grid = layer_grid(graph, graph.find("cnn." + layer->name).node, graph.find("cnn.input").node);
        const Comparison found =
            compare(graph.find("cnn.moved." + layer->name).tensor(), graph.find("cnn.moved.expected").tensor(), grid, motion());
        area.cut_top(draw_paragraph(area.min(), comparison_sentence(found, grid, motion()).c_str(), t.text, t.color.text, area.w) +
                     t.px(6));
    }
    area.cut_top(draw_comparison(stage, layer->name, layer->is_signed, bench().look, area));
    if (wanted != layer->name) set("cnn.move.layer", wanted);
    return area.y - top;
}

float Movement::draw(Stage& stage, Rect area) {
    if (!stage.graph || !stage.graph->contains("cnn.moved.probabilities")) return 0;
    const Theme& t = theme();
    held_ = false;
    const float top = area.y;
    // Both cards are seen at once where that is possible: who drags the picture sees the maps move.
    const float side = std::clamp(area.h - t.px(380), t.px(216), std::max(area.w * 0.45f, t.px(216)));
    area.cut_top(cards_.draw(stage, "cnn.move.answer", nullptr, area, [&](Rect inner) { return draw_answer_card(stage, inner, side); }));
    const float left = stage.narrow ? 0 : std::max(area.h - 2 * t.px(t.pad), 1.0f);
    area.cut_top(cards_.draw(stage, "cnn.move.maps", stage.narrow ? say(Text::move_maps_title) : nullptr, area,
                             [&](Rect inner) { return draw_layers(stage, {inner.x, inner.y, inner.w, left}); }));
    finish_drag();
    return area.y - top;
}

}  // namespace trilens

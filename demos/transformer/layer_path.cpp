// The way from top to bottom: a row for each value, a frame around each sub-layer, the residual connection drawn around it to the sum.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "demos/text/text.h"
#include "demos/transformer/layer_map.h"
#include "demos/transformer/layer_view.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

using Kind = StageRow::Kind;

constexpr float gutter = 30, label_width = 190, title_height = 22;  // units

struct RowWords {
    Text label, help;
};
RowWords words_of(Kind kind) {
    switch (kind) {
    case Kind::vectors: return {Text::through_vectors, Text::through_vectors_help};
    case Kind::embedding: return {Text::through_embedding, Text::through_embedding_help};
    case Kind::positions: return {Text::through_positions, Text::through_positions_help};
    case Kind::input: return {Text::through_input, Text::through_input_help};
    case Kind::earlier: return {Text::through_earlier, Text::through_earlier_help};
    case Kind::norm: return {Text::through_norm, Text::through_norm_help};
    case Kind::q: return {Text::through_q, Text::through_q_help};
    case Kind::k: return {Text::through_k, Text::through_k_help};
    case Kind::v: return {Text::through_v, Text::through_v_help};
    case Kind::q_rotated: return {Text::through_q_rotated, Text::through_rotated_help};
    case Kind::k_rotated: return {Text::through_k_rotated, Text::through_rotated_help};
    case Kind::weights: return {Text::through_weights, Text::through_weights_help};
    case Kind::heads: return {Text::through_heads, Text::through_heads_help};
    case Kind::out: return {Text::through_out, Text::through_out_help};
    case Kind::add: return {Text::through_add, Text::through_add_help};
    case Kind::ff_sum: return {Text::through_ff_sum, Text::through_ff_sum_help};
    case Kind::ff_hidden: return {Text::through_ff_hidden, Text::through_ff_hidden_help};
    case Kind::ff_out: return {Text::through_ff_out, Text::through_ff_out_help};
    }
    return {Text::through_input, Text::through_input_help};
}

std::string percent(int64_t part, int64_t whole) {
    char text[16];
    std::snprintf(text, sizeof text, "%.0f %%", 100 * static_cast<double>(part) / static_cast<double>(std::max<int64_t>(whole, 1)));
    return text;
}

// The choice of "transformer.product" that makes this row; null: it is made by none.
const char* product_of(Kind kind, StageBlock::Kind block) {
    const bool cross = block == StageBlock::Kind::cross;
    switch (kind) {
    case Kind::q: return cross ? "cross_q" : "q";
    case Kind::k: return "k";
    case Kind::v: return "v";
    case Kind::out: return cross ? "cross_out" : "out";
    case Kind::ff_sum: return "hidden";
    case Kind::ff_out: return "ff_out";
    default: return nullptr;
    }
}

// Down beside a sub-layer from what it reads to the sum of both.
void draw_residual(ImVec2 from, ImVec2 to, float x) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 way[] = {from, {x, from.y}, {x, to.y}, {to.x - t.px(3), to.y}};
    list->AddPolyline(way, 4, t.color.activation, 0, t.px(2));
    list->AddTriangleFilled({to.x, to.y}, {to.x - t.px(7), to.y - t.px(4)}, {to.x - t.px(7), to.y + t.px(4)}, t.color.activation);
    list->AddCircleFilled({x, to.y}, t.px(8), t.color.card);
    list->AddCircle({x, to.y}, t.px(8), t.color.activation, 0, t.px(1.5f));
    list->AddLine({x - t.px(4), to.y}, {x + t.px(4), to.y}, t.color.activation, t.px(1.5f));
    list->AddLine({x, to.y - t.px(4)}, {x, to.y + t.px(4)}, t.color.activation, t.px(1.5f));
}

}  // namespace

// The greatest magnitude of all rows of one scale, of the followed token or of all.
float TransformerLayerView::greatest(const Scene& scene, StageScale scale) {
    const std::string of = std::to_string(bench().version()) + " " + scene.stages.prefix + " " + std::to_string(gradients()) + " " +
                           std::to_string(all_tokens() ? -1 : scene.token);
    if (scales_of_ != of) {
        scales_of_ = of;
        std::fill(std::begin(greatest_), std::end(greatest_), 0.0f);
        for (const StageBlock& block : scene.stages.blocks)
            for (const StageRow& row : block.rows)
                if (const StageScale each = scale_of(row.kind, scene.stages.pre); each != StageScale::weights) {
                    float& most = greatest_[static_cast<size_t>(each)];
                    most = std::max(most, vectors(scene, row).greatest(all_tokens() ? -1 : scene.token));
                }
    }
    const float most = greatest_[static_cast<size_t>(scale)];
    return most > 0 ? most : 1;
}

ColorScale TransformerLayerView::scale_for(const Scene& scene, Kind kind) {
    const StageScale scale = scale_of(kind, scene.stages.pre);
    if (scale == StageScale::weights) return {ColorMap::viridis, 0, 1};
    const float most = greatest(scene, scale);
    return {ColorMap::diverging, -most, most};
}

std::string TransformerLayerView::row_label(const StageRow& row) const {
    const Text label = words_of(row.kind).label;
    if (row.kind == Kind::earlier) return say(label, {std::to_string(bench().layer())});
    if (row.kind == Kind::weights) return say(label, {std::to_string(bench().head() + 1)});
    if (row.kind == Kind::ff_hidden)
        return say(label, {bench().plan().layer.activation == TransformerLayerSettings::Activation::relu ? "ReLU" : "GELU"});
    return say(label);
}

// A number that says something of the whole row: its length, the greatest weight, the share of silent units.
std::string TransformerLayerView::row_statistic(const Scene& scene, const StageBlock& block, const StageRow& row) const {
    const TokenVectors all = vectors(scene, row);
    if (!all.has(scene.token)) return {};
    const std::vector<float> values = all.row(scene.token);
    if (row.kind == Kind::weights) {
        const auto most = std::ranges::max_element(values);
        const TokenRow& keys = bench().keys(block.kind == StageBlock::Kind::cross ? Where::cross : where());
        const auto at = static_cast<size_t>(most - values.begin());
        return say(Text::through_most_weight,
                   {number(static_cast<double>(*most)), at < keys.labels.size() ? keys.labels[at] : std::to_string(at + 1)});
    }
    if (row.kind == Kind::ff_hidden && !gradients()) {
        const bool is_relu = bench().plan().layer.activation == TransformerLayerSettings::Activation::relu;
        const int64_t silent = std::ranges::count_if(values, [is_relu](float value) { return is_relu ? value == 0 : value <= 0; });
        return say(is_relu ? Text::through_zeros : Text::through_not_positive,
                   {std::to_string(silent), std::to_string(all.width), percent(silent, all.width)});
    }
    double squares = 0;
    for (const float value : values) squares += static_cast<double>(value) * static_cast<double>(value);
    return say(Text::through_length, {number(std::sqrt(squares))});
}

// What the row is, and what is to be said of it; a product's row plays it when it is clicked.
float TransformerLayerView::draw_label(Stage& stage, const Scene& scene, const StageBlock& block, const StageRow& row, Rect area) {
    const Theme& t = theme();
    const std::string label = row_label(row), statistic = row_statistic(scene, block, row);
    const char* product = product_of(row.kind, block.kind);
    const float line = t.px(t.small_text + 4), height = stage.narrow ? line : 2 * line;
    const bool open = product && row.node == product_node();
    float x = area.x;
    if (product) {
        const float middle = area.y + line / 2 - t.px(1);
        ImGui::GetWindowDrawList()->AddTriangleFilled({x + t.px(1), middle - t.px(5)}, {x + t.px(9), middle},
                                                      {x + t.px(1), middle + t.px(5)}, t.color.accent);
        x += t.px(13);
    }
    // On a phone both stand in one line, the number in full.
    const float size = stage.narrow ? t.small_text : t.small_text - 1, wide = std::min(text_width(statistic.c_str(), size), area.w);
    const Rect beside = stage.narrow ? Rect{area.right() - wide, area.y, wide, line} : Rect{area.x, area.y + line, wide, line};
    draw_text({x, area.y}, label.c_str(), t.small_text, open ? t.color.accent : t.color.text,
              (stage.narrow ? beside.x - t.px(6) : area.right()) - x);
    draw_text(beside.min(), statistic.c_str(), size, t.color.text_soft, area.w);
    if (!statistic.empty()) stage.place("transformer.layer.statistic:" + row.node, beside);
    const float words = std::min(text_width(label.c_str(), t.small_text), area.right() - x);
    stage.place("transformer.layer.words:" + row.node, {x, area.y, words, line});
    const std::string name = "transformer.layer.label:" + row.node;
    const Rect place{area.x, area.y, area.w, height};
    stage.place(name, place);
    ImGui::SetCursorScreenPos(place.min());
    ImGui::PushID(name.c_str());
    const bool clicked = ImGui::InvisibleButton("label", {place.w, place.h}, product ? ImGuiButtonFlags_EnableNav : ImGuiButtonFlags_None);
    ImGui::PopID();
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_DelayNormal)) {
        const std::string tip = row.node + " " + scene.graph->find(row.node).shape().text() + "\n" + say(words_of(row.kind).help) +
                                (product ? std::string("\n") + say(Text::through_click_plays) : "");
        draw_tooltip(tip.c_str());
    }
    if (clicked && product && was_tap()) {
        set("transformer.product", std::string(open ? "none" : product));
        player_.go_to(0, 0);
    }
    return height;
}

// `middle` gets the height of the row's values, where arrows begin and end.
float TransformerLayerView::draw_row(Stage& stage, const Scene& scene, const StageBlock& block, const StageRow& row, Rect area,
                                     float& middle) {
    const Theme& t = theme();
    const float top = area.y;
    float label = 0;
    if (stage.narrow) {
        area.cut_top(draw_label(stage, scene, block, row, area));
    } else {
        const Rect place = area.cut_left(t.px(label_width));
        label = draw_label(stage, scene, block, row, {place.x, place.y, place.w - t.px(10), 0});
    }
    float height = 0;
    const ColorScale scale = scale_for(scene, row.kind);
    if (const TokenVectors all = vectors(scene, row); all_tokens() && !all.tensor.empty()) {
        const bool gradient = gradients() && row.kind != Kind::weights;
        const StageMapContent content{all, row.node, gradient, scale, scene.token, std::to_string(bench().version())};
        const StageMapEvent event = draw_stage_map(stage, row.node, content, area);
        height = event.height;
        if (event.clicked && event.token != scene.token) set("transformer.token", event.token + 1);
    } else {
        height = draw_vector(stage, row.node, scene, row, scale, area, 26).height;
    }
    middle = area.y + height / 2;
    area.cut_top(std::max(height, label - (area.y - top)));
    return area.y - top + t.px(5);
}

float TransformerLayerView::draw_block(Stage& stage, const Scene& scene, const StageBlock& block, Rect area, float& handed_on) {
    const Theme& t = theme();
    const float top = area.y, side = t.px(gutter);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const bool sublayer = !block.residual.empty();
    Rect inner = area;
    inner.cut_left(side);
    inner.w -= t.px(6);
    constexpr Text titles[] = {Text::through_block_start, Text::through_block_self, Text::through_block_cross,
                               Text::through_block_feed_forward, Text::through_block_end};
    Text title = titles[static_cast<size_t>(block.kind)];
    if (block.kind == StageBlock::Kind::self && where() == Where::decoder) title = Text::through_block_masked;
    list->ChannelsSplit(2);
    list->ChannelsSetCurrent(1);
    draw_text({inner.x, inner.y + t.px(5)}, say(title), t.small_text, t.color.accent, inner.w);
    inner.cut_top(t.px(title_height));
    float from = handed_on, to = 0, frame_top = top, frame_bottom = 0;
    for (const StageRow& row : block.rows) {
        // With post-norm the sum and the norm stand below the sub-layer, with pre-norm the sum alone.
        if (row.kind == Kind::add) frame_bottom = inner.y, inner.cut_top(t.px(9));
        float middle = 0;
        inner.cut_top(draw_row(stage, scene, block, row, inner, middle));
        if (row.kind == Kind::add) to = middle;
        handed_on = middle;
    }
    if (sublayer) {
        list->ChannelsSetCurrent(0);
        const float x = area.x + side - t.px(7);
        list->AddRectFilled({x, frame_top}, {area.right(), frame_bottom}, (t.color.accent & 0x00ffffffu) | 0x12000000u, t.px(8));
        list->AddRect({x, frame_top}, {area.right(), frame_bottom}, t.color.card_border, t.px(8));
        const float edge = inner.x - t.px(3);
        draw_residual({edge, from}, {edge, to}, area.x + t.px(10));
        stage.place("transformer.layer.residual:" + block.residual, {area.x, from, side, to - from});
    }
    list->ChannelsMerge();
    return inner.y - top + t.px(5);
}

float TransformerLayerView::draw_path(Stage& stage, const Scene& scene, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const auto shown = [&](StageScale scale) { return number(static_cast<double>(greatest(scene, scale))); };
    std::string scales = say(Text::through_scales, {shown(StageScale::stream), shown(StageScale::attention), shown(StageScale::hidden)});
    if (scene.stages.pre) scales += say(Text::through_scales_pre, {shown(StageScale::norm), shown(StageScale::added)});
    area.cut_top(draw_paragraph(area.min(), scales.c_str(), t.small_text, t.color.text_soft, area.w) + t.px(4));
    if (gradients() && !scene.graph->contains("transformer.loss"))
        area.cut_top(draw_paragraph(area.min(), say(Text::through_no_loss), t.small_text, t.color.text, area.w) + t.px(4));
    float handed_on = 0;
    for (const StageBlock& block : scene.stages.blocks) area.cut_top(draw_block(stage, scene, block, area, handed_on));
    return area.y - top;
}

}  // namespace trilens

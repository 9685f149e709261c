// Beside the path: what layer norm did, which units of the feed-forward network answer to which token, and the residual stream of all
// layers.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "demos/text/text.h"
#include "demos/transformer/layer_map.h"
#include "demos/transformer/layer_view.h"
#include "demos/widgets/formula.h"
#include "demos/widgets/number_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

std::string text_of(double value) { return number(value); }
std::string text_of(float value) { return number(static_cast<double>(value)); }

// "encoder.0.norm1" of "transformer.encoder.0.norm1".
std::string short_name(const std::string& node) { return node.substr(node.find('.') + 1); }

}  // namespace

float TransformerLayerView::draw_norm(Stage& stage, const Scene& scene, const std::string& node, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const float epsilon = bench().plan().layer.norm_epsilon;
    const NormReading norm(*scene.graph, node, scene.token, epsilon);
    const TokenVectors from = token_vectors(scene.graph->find(node).tensor());
    draw_text(area.min(), short_name(node).c_str(), t.text, t.color.text, area.w);
    area.cut_top(t.px(t.text + 6));
    const std::string line = say(Text::through_norm_numbers, {text_of(norm.mean), text_of(norm.variance),
                                                              text_of(static_cast<double>(epsilon)), text_of(norm.inverse)});
    const float height = draw_paragraph(area.min(), line.c_str(), t.small_text, t.color.text, area.w);
    stage.place("transformer.layer.norm_numbers:" + node, {area.x, area.y, area.w, height});
    area.cut_top(height + t.px(4));

    int64_t& column = norm_columns_.try_emplace(node, 0).first->second;
    const auto width = static_cast<int64_t>(norm.x.size());
    const int64_t chosen = std::clamp<int64_t>(column, 0, width - 1);
    const struct {
        Text title;
        const std::vector<float>& values;
        const std::string& of;
        bool weight;
    } strips[] = {{Text::through_norm_x, norm.x, norm.input, false},
                  {Text::through_norm_gamma, norm.gammas, norm.gamma, true},
                  {Text::through_norm_beta, norm.betas, norm.beta, true},
                  {Text::through_norm_y, norm.y, norm.output, false}};
    for (const auto& each : strips) {
        float most = 0;
        for (const float value : each.values) most = std::max(most, std::fabs(value));
        if (!(most > 0)) most = 1;
        const ColorScale scale{ColorMap::diverging, -most, most};
        const std::string heading = say(each.title, {text_of(scale.high)});
        draw_text(area.min(), heading.c_str(), t.small_text, t.color.text_soft, area.w);
        area.cut_top(t.px(t.small_text + 4));
        StripContent content{each.values, [&](int64_t i) { return Element{each.of, each.weight ? i : from.flat(scene.token, i), false}; },
                             scale};
        content.current = chosen;
        content.line = 16;
        const StripEvent event = strips_.draw(stage, "transformer.layer.norm:" + node + ":" + each.of, content, area);
        if (event.hovered >= 0 && event.hovered != column) column = event.hovered, stage.again();
        area.cut_top(event.height + t.px(4));
    }
    const auto at = static_cast<size_t>(chosen);
    const std::vector<FormulaPart> parts = {
        {say(Text::through_norm_column, {std::to_string(chosen + 1)}) + std::string(" ")},
        {"(" + text_of(norm.x[at]) + " - " + as_factor(text_of(norm.mean)) + ")", t.color.activation},
        {" \xc3\x97 " + text_of(norm.inverse), t.color.text},
        {" \xc3\x97 " + as_factor(text_of(norm.gammas[at])), t.color.weight},
        {" + " + as_factor(text_of(norm.betas[at])), t.color.weight},
        {" = " + text_of(norm.y[at]), t.color.accent},
    };
    float formula = 0;
    draw_formula(stage, "transformer.layer.norm_formula:" + node, parts, area, formula);
    return area.y + formula + t.px(10) - top;
}

float TransformerLayerView::draw_norms(Stage& stage, const Scene& scene, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_paragraph(area.min(), say(Text::through_norms_hint), t.small_text, t.color.text_soft, area.w) + t.px(6));
    for (const StageBlock& block : scene.stages.blocks)
        for (const StageRow& row : block.rows)
            if (row.kind == StageRow::Kind::norm) area.cut_top(draw_norm(stage, scene, row.node, area));
    return area.y - top;
}

// The activations of every token: max(0, x W_1 + b_1), the same weights at each position.
float TransformerLayerView::draw_feed_forward(Stage& stage, const Scene& scene, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const StageRow row{StageRow::Kind::ff_hidden, scene.stages.prefix + "ff.hidden"};
    const TokenVectors all = vectors_of(*scene.graph, row, false, 0, scene.tokens);
    const bool is_relu = bench().plan().layer.activation == TransformerLayerSettings::Activation::relu;
    int64_t silent = 0, never = 0;
    for (int64_t column = 0; column < all.width; ++column) {
        int64_t active = 0;
        for (int64_t token = 0; token < all.steps; ++token) active += all.tensor.data()[all.flat(token, column)] > 0;
        silent += all.steps - active;
        never += active == 0;
    }
    char share[16];
    std::snprintf(share, sizeof share, "%.1f %%", 100 * static_cast<double>(silent) / static_cast<double>(all.steps * all.width));
    const std::string line = say(is_relu ? Text::through_ff_share : Text::through_ff_share_gelu,
                                 {std::to_string(all.steps), std::to_string(all.width), share, std::to_string(never)});
    const float height = draw_paragraph(area.min(), line.c_str(), t.small_text, t.color.text_soft, area.w);
    stage.place("transformer.layer.ff_share", {area.x, area.y, area.w, height});
    area.cut_top(height + t.px(6));
    const float most = std::max(all.greatest(-1), 1e-12f);
    StageMapContent content{all, row.node, false, {ColorMap::diverging, -most, most}, scene.token, std::to_string(bench().version()), 240};
    const StageMapEvent event = draw_stage_map(stage, "transformer.layer.ff_map", content, area);
    if (event.clicked && event.token != scene.token) set("transformer.token", event.token + 1);
    area.cut_top(event.height + t.px(4));
    std::string under = say(Text::through_ff_axes);
    if (event.token >= 0)
        under = say(Text::through_ff_cell, {label_of(event.token), std::to_string(event.column + 1),
                                            text_of(all.tensor.data()[all.flat(event.token, event.column)])});
    area.cut_top(draw_paragraph(area.min(), under.c_str(), t.small_text, t.color.text_soft, area.w));
    return area.y - top;
}

float TransformerLayerView::draw_stream(Stage& stage, const Scene& scene, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const std::vector<std::string> nodes = residual_stream(*scene.graph, where(), bench().plan().layers);
    float most = 0;
    const auto row_of = [](const std::string& node) { return StageRow{StageRow::Kind::add, node}; };
    for (const std::string& node : nodes) most = std::max(most, vectors(scene, row_of(node)).greatest(scene.token));
    if (most <= 0) most = 1;
    const std::string hint = say(Text::through_stream_hint, {text_of(most)});
    area.cut_top(draw_paragraph(area.min(), hint.c_str(), t.small_text, t.color.text_soft, area.w) + t.px(6));
    for (const std::string& node : nodes) {
        const StageRow row = row_of(node);
        std::string length;
        if (const TokenVectors all = vectors(scene, row); all.has(scene.token)) {
            double squares = 0;
            for (const float value : all.row(scene.token)) squares += static_cast<double>(value) * static_cast<double>(value);
            length = say(Text::through_length, {text_of(std::sqrt(squares))});
        }
        Rect strip = area;
        const float line = t.px(t.small_text + 4), beside = text_width(length.c_str(), t.small_text);
        const Rect label = stage.narrow ? strip.cut_top(line) : strip.cut_left(t.px(250));
        draw_text(label.min(), short_name(node).c_str(), t.small_text, t.color.text, label.w - beside - t.px(20));
        draw_text({label.right() - beside - t.px(stage.narrow ? 0 : 10), label.y}, length.c_str(), t.small_text, t.color.text_soft);
        const float height =
            draw_vector(stage, "transformer.layer.stream:" + node, scene, row, {ColorMap::diverging, -most, most}, strip, 16).height;
        area.cut_top(strip.y - area.y + std::max(height, stage.narrow ? 0 : line) + t.px(4));
    }
    return area.y - top;
}

}  // namespace trilens

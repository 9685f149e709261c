// One product, played: the row of the matrix, the vector, their products added up to one number of the output.
#include <algorithm>
#include <cmath>

#include "demos/text/text.h"
#include "demos/transformer/layer_map.h"
#include "demos/transformer/layer_view.h"
#include "demos/widgets/formula.h"
#include "demos/widgets/number_grid.h"
#include "demos/widgets/tabs.h"
#include "demos/widgets/theme.h"

namespace trilens {

const char* const TransformerLayerView::product_ids[] = {"none", "q", "k", "v", "out", "cross_q", "cross_out", "hidden", "ff_out"};
const char* const TransformerLayerView::product_taps[] = {"", "q", "k", "v", "out", "cross.q", "cross.out", "ff.sum", "ff.out"};

namespace {

constexpr float matrix_height = 170;  // units

// Centred on 0; where all are 0 the colours stand for -1 to 1.
ColorScale centred(std::span<const float> values) {
    float most = 0;
    for (const float value : values) most = std::max(most, std::fabs(value));
    if (!(most > 0)) most = 1;
    return {ColorMap::diverging, -most, most};
}

}  // namespace

std::string TransformerLayerView::product_node() const {
    const std::shared_ptr<const Graph> graph = bench().graph();
    if (product_ == 0 || !graph || bench().token() < 0) return {};
    const std::string node = TransformerWorkbench::prefix(where(), bench().layer()) + product_taps[static_cast<size_t>(product_)];
    return graph->contains(node) ? node : std::string();
}

bool TransformerLayerView::has_product(const Scene& scene, size_t product) const {
    return scene.graph->contains(scene.stages.prefix + product_taps[product]);
}

void TransformerLayerView::fit_player(const Graph& graph, const std::string& node) {
    const TokenVectors all = token_vectors(graph.find(node).tensor());
    const int64_t token = std::min(bench().token(), all.steps - 1);
    const ProductSum sum(graph, node, all.flat(token, std::min(player_.element(), all.width - 1)));
    player_.resize(all.width, sum.count());
}

std::optional<ProductSum> TransformerLayerView::product() const {
    const std::string node = product_node();
    if (node.empty()) return std::nullopt;
    const TokenVectors all = token_vectors(bench().graph()->find(node).tensor());
    if (!all.has(bench().token())) return std::nullopt;
    return ProductSum(*bench().graph(), node, all.flat(bench().token(), std::min(player_.element(), all.width - 1)));
}

float TransformerLayerView::draw_player(Stage& stage, Rect area, int64_t elements) {
    const Theme& t = theme();
    const float height = t.px(stage.touch || stage.narrow ? t.touch_target : t.control_height), gap = t.px(4), top = area.y;
    float x = area.x;
    const auto button = [&](const char* name, const char* label, bool enabled, Text help, bool lit = false) {
        const float width = std::max(height, text_width(label, t.text) + t.px(18));
        if (x + width > area.right() && x > area.x) x = area.x, area.cut_top(height + gap);
        const bool pressed = draw_button(stage, name, label, {x, area.y, width, height}, lit, enabled);
        if (ImGui::IsItemHovered(ImGuiHoveredFlags_DelayNormal | ImGuiHoveredFlags_NoNavOverride)) draw_tooltip(say(help));
        x += width + gap;
        if (pressed) stage.again();
        return pressed;
    };
    SumPlayer& p = player_;
    const bool at_start = p.element() == 0 && p.reached() == 0, at_end = p.element() + 1 >= elements && p.complete();
    if (button("transformer.product.first", "|<", p.reached() > 0, Text::through_play_first)) p.go_to(p.element(), 0);
    if (button("transformer.product.back", "<", !at_start, Text::through_play_back)) p.step(-1);
    if (button("transformer.product.play", say(p.playing() ? Text::rnn_stop : Text::rnn_play), true, Text::through_play_help, p.playing()))
        p.play(!p.playing(), stage.now);
    if (button("transformer.product.forward", ">", !at_end, Text::through_play_forward)) p.step(1);
    if (button("transformer.product.skip", ">|", !p.complete(), Text::through_play_skip))
        p.go_to(p.element(), std::numeric_limits<int64_t>::max());
    if (button("transformer.product.less", "-", p.element() > 0, Text::through_play_less)) p.go_to(p.element() - 1, 0);
    if (button("transformer.product.more", "+", p.element() + 1 < elements, Text::through_play_more)) p.go_to(p.element() + 1, 0);
    return area.y + height + t.px(8) - top;
}

// "sum of the first 5 of 17 terms: 0.53; next + w x = ..": every number can be followed in the inspector.
float TransformerLayerView::draw_sum(Stage& stage, const ProductSum& sum, const std::string& node, int64_t index, Rect area) {
    const Theme& t = theme();
    const auto shown = [](float value) { return number(static_cast<double>(value)); };
    std::vector<FormulaPart> parts;
    std::vector<Element> links;
    const auto link = [&](const std::string& text, ImU32 color, Element element) {
        parts.push_back({text, color, static_cast<int>(links.size()), true});
        links.push_back(std::move(element));
    };
    const int64_t reached = player_.reached(), count = sum.count();
    const auto element_of = [&](int of, int64_t at) { return Element{node_name(*stage.graph, of), at, false}; };
    parts.push_back({say(Text::through_sum_so_far, {std::to_string(reached), std::to_string(count)}) + std::string(" ")});
    if (reached > 0) {
        const Term& last = sum.terms[static_cast<size_t>(reached - 1)];
        parts.push_back({shown(sum.added(reached - 1)) + " + "});
        link(as_factor(shown(last.value)), last.factor_node >= 0 ? t.color.activation : t.color.weight, element_of(last.node, last.index));
        if (last.factor_node >= 0) {
            parts.push_back({" \xc3\x97 ", 0, -1, true});
            link(as_factor(shown(last.factor)), t.color.weight, element_of(last.factor_node, last.factor_index));
        }
        parts.push_back({" = " + shown(sum.added(reached))});
    } else {
        parts.push_back({"0"});
    }
    if (player_.complete()) {
        parts.push_back({"; ", 0, -1, true});
        link(say(Text::through_sum_value, {shown(sum.value), node}), t.color.accent, {node, index, false});
    }
    float height = 0;
    const int clicked = draw_formula(stage, "transformer.product.formula", parts, area, height);
    if (clicked >= 0) {
        stage.inspector.follow(links[static_cast<size_t>(clicked)]);
        stage.again();
    }
    return height + t.px(6);
}

// The matrix, the row of the element framed, and in it the weight that is at its turn. A click goes to its row.
float TransformerLayerView::draw_matrix(Stage& stage, const Scene& scene, const ProductSum& sum, Rect area) {
    const Theme& t = theme();
    const auto product = std::ranges::find_if(sum.terms, [](const Term& term) { return term.factor_node >= 0; });
    if (product == sum.terms.end()) return 0;
    const std::string name = node_name(*scene.graph, product->factor_node);
    const TokenVectors rows = token_vectors(scene.graph->node(product->factor_node).value);
    const float greatest = rows.greatest(-1), most = greatest > 0 ? greatest : 1;
    const std::string title = name + " " + rows.tensor.shape().text() + say(Text::through_full_colour, {number(static_cast<double>(most))});
    const float heading = draw_paragraph(area.min(), title.c_str(), t.small_text, t.color.text_soft, area.w) + t.px(4);
    const std::string look = std::to_string(bench().version()) + " " + std::to_string(theme().dark);
    const StageMapContent content{rows, name, false, {ColorMap::diverging, -most, most}, player_.element(), look, matrix_height};
    const size_t before = stage.rects().size();
    const StageMapEvent event = draw_stage_map(stage, name, content, {area.x + t.px(2), area.y + heading, area.w - t.px(4), 0});
    const Rect cells = stage.rects()[before].rect;
    const float row = cells.h / static_cast<float>(rows.steps), column = cells.w / static_cast<float>(rows.width);
    if (const int64_t at = player_.reached() - 1; at >= 0 && at < rows.width)
        draw_mark({cells.x + static_cast<float>(at) * column, cells.y + static_cast<float>(player_.element()) * row, column, row},
                  Mark::Kind::patch);
    if (event.clicked && event.token != player_.element()) player_.go_to(event.token, 0), stage.again();
    return heading + event.height + t.px(6);
}

// The vector, the matrix's row, and their products as far as they were made: term above term.
float TransformerLayerView::draw_terms(Stage& stage, const ProductSum& sum, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    std::vector<float> x, w, products;
    for (const Term& term : sum.terms) {
        if (term.factor_node >= 0) x.push_back(term.value), w.push_back(term.factor);
        products.push_back(term.value * term.factor);
    }
    const int64_t at = player_.reached() - 1;
    const auto strip = [&](const char* name, Text title, std::span<const float> values, std::function<Element(int64_t)> element,
                           int64_t reached) {
        const ColorScale scale = centred(values);
        const std::string heading = say(title, {number(static_cast<double>(scale.high))});
        draw_text(area.min(), heading.c_str(), t.small_text, t.color.text_soft, area.w);
        area.cut_top(t.px(t.small_text + 5));
        StripContent content{values, std::move(element), scale};
        content.current = at < static_cast<int64_t>(values.size()) ? at : -1;
        content.reached = reached;
        const StripEvent event = strips_.draw(stage, name, content, area);
        area.cut_top(event.height + t.px(6));
        if (event.clicked >= 0 && reached >= 0) player_.go_to(player_.element(), event.clicked + 1), stage.again();
    };
    const auto term = [&](int64_t i) -> const Term& { return sum.terms[static_cast<size_t>(i)]; };
    strip(
        "transformer.product.x", Text::through_term_x, x,
        [&](int64_t i) { return Element{node_name(*stage.graph, term(i).node), term(i).index, false}; }, -1);
    strip(
        "transformer.product.w", Text::through_term_w, w,
        [&](int64_t i) { return Element{node_name(*stage.graph, term(i).factor_node), term(i).factor_index, false}; }, -1);
    strip(
        "transformer.product.terms", sum.count() > sum.products ? Text::through_term_products_bias : Text::through_term_products, products,
        [](int64_t) { return Element{}; }, player_.reached());
    return area.y - top;
}

float TransformerLayerView::draw_open_product(Stage& stage, const Scene& scene, const std::string& node, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    fit_player(*scene.graph, node);
    player_.advance(stage.now, static_cast<double>(bench().settings.speed));
    const TokenVectors all = token_vectors(scene.graph->find(node).tensor());
    area.cut_top(draw_player(stage, area, all.width));
    const int64_t element = player_.element(), index = all.flat(scene.token, element);
    const ProductSum sum(*scene.graph, node, index);
    const std::string which =
        say(Text::through_element, {node, std::to_string(element + 1), std::to_string(all.width), label_of(scene.token)});
    const float height = draw_paragraph(area.min(), which.c_str(), t.small_text, t.color.text, area.w);
    stage.place("transformer.product.element", {area.x, area.y, area.w, height});
    area.cut_top(height + t.px(4));
    area.cut_top(draw_sum(stage, sum, node, index, area));
    if (stage.narrow) {
        area.cut_top(draw_terms(stage, sum, area));
        area.cut_top(draw_matrix(stage, scene, sum, area));
    } else {
        Rect left = area, right = area;
        left.w = std::floor(area.w * 0.64f);
        right.cut_left(left.w + t.px(16));
        area.cut_top(std::max(draw_terms(stage, sum, left), draw_matrix(stage, scene, sum, right)));
    }
    draw_text(area.min(), say(Text::through_output), t.small_text, t.color.text_soft, area.w);
    area.cut_top(t.px(t.small_text + 5));
    const std::vector<float> values = all.row(scene.token);
    StripContent content{values, [&](int64_t column) { return Element{node, all.flat(scene.token, column), false}; }, centred(values)};
    content.parts = all.width > all.size ? all.size : 0;
    content.current = element;
    const StripEvent event = strips_.draw(stage, "transformer.product.output", content, area);
    if (event.clicked >= 0 && event.clicked != element) player_.go_to(event.clicked, 0), stage.again();
    area.cut_top(event.height);
    if (player_.playing()) stage.again_at(player_.due());
    return area.y - top;
}

float TransformerLayerView::draw_product(Stage& stage, const Scene& scene, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    constexpr Text labels[] = {Text::through_product_none,      Text::through_product_q,      Text::through_product_k,
                               Text::through_product_v,         Text::through_product_out,    Text::through_product_cross_q,
                               Text::through_product_cross_out, Text::through_product_hidden, Text::through_product_ff_out};
    std::vector<Tab> tabs;
    const std::string node = product_node();
    int at = -1;
    for (size_t i = 0; i < product_count; ++i) {
        if (i > 0 && !has_product(scene, i)) continue;
        if (i == (node.empty() ? 0 : static_cast<size_t>(product_))) at = static_cast<int>(tabs.size());
        tabs.push_back({product_ids[i], say(labels[i]), say(Text::help_through_product)});
    }
    float height = 0;
    if (const auto chosen = draw_tabs(stage, "transformer.product", tabs, at, area, height); chosen && *chosen != at) {
        set("transformer.product", tabs[static_cast<size_t>(*chosen)].id);
        player_.go_to(0, 0);
    }
    area.cut_top(height + t.px(8));
    if (node.empty()) area.cut_top(draw_paragraph(area.min(), say(Text::through_product_hint), t.small_text, t.color.text_soft, area.w));
    else area.cut_top(draw_open_product(stage, scene, node, area));
    return area.y - top;
}

}  // namespace trilens

// What is chosen and how the cards stand. Every number drawn is read from the workbench's graph.
#include "demos/transformer/layer_view.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "demos/text/text.h"
#include "demos/widgets/tabs.h"
#include "demos/widgets/theme.h"
#include "engine/errors.h"

namespace trilens {

namespace {

// One sequence is a batch of one.
std::string shape_of_batch(const Tensor& tensor, int rank) {
    std::string text = tensor.rank() < rank ? "(1" : "(";
    for (const int64_t extent : tensor.shape().extents()) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
    return text + ")";
}

}  // namespace

void TransformerLayerView::list_fields(Fields& fields) {
    fields.effect(Field::Effect::looks);
    fields
        .choice("transformer.layer_tokens", Text::field_through_tokens, Text::help_through_tokens, tokens_,
                {{"one", Text::through_one_token}, {"all", Text::through_all_tokens}})
        .listed = false;
    constexpr Text labels[] = {Text::through_product_none,      Text::through_product_q,      Text::through_product_k,
                               Text::through_product_v,         Text::through_product_out,    Text::through_product_cross_q,
                               Text::through_product_cross_out, Text::through_product_hidden, Text::through_product_ff_out};
    static_assert(std::size(labels) == product_count);
    std::vector<Choice> products;
    for (size_t i = 0; i < product_count; ++i) products.push_back({product_ids[i], labels[i]});
    fields.choice("transformer.product", Text::field_through_product, Text::help_through_product, product_, std::move(products)).listed =
        false;
}

bool TransformerLayerView::advance(int64_t terms) {
    const std::string node = product_node();
    if (node.empty()) return false;
    fit_player(*bench().graph(), node);
    player_.step(terms);
    host().changed();
    return true;
}

nlohmann::json TransformerLayerView::state() const {
    if (player_.element() == 0 && player_.reached() == 0) return nullptr;
    return {{"element", player_.element()}, {"reached", player_.reached()}};
}

void TransformerLayerView::restore(const nlohmann::json& state) {
    int64_t element = 0, reached = 0;
    if (!state.is_null()) {
        const auto whole = [&](const char* name) {
            if (!state.is_object() || !state.contains(name) || !state[name].is_number_integer() || state[name].get<int64_t>() < 0)
                throw FormatError(std::string("the layer's product is ") + state.dump() + ", expected whole numbers element and reached");
            return state[name].get<int64_t>();
        };
        element = whole("element");
        reached = whole("reached");
    }
    // How many there are is known when it is drawn.
    player_.resize(element + 1, std::max<int64_t>(reached, 1));
    player_.go_to(element, reached);
}

// Nothing while there is no computation, or one of other tokens than those on screen.
std::optional<TransformerLayerView::Scene> TransformerLayerView::look() const {
    const std::shared_ptr<const Graph> graph = bench().graph();
    const int64_t tokens = bench().queries(where()).size(), token = bench().token();
    if (!graph || token < 0 || !LayerStages::are_there(*graph, where(), bench().layer())) return std::nullopt;
    Scene scene{graph, LayerStages(*graph, where(), bench().layer()), token, tokens};
    if (token_vectors(graph->find(scene.stages.output()).tensor()).steps != tokens) return std::nullopt;
    return scene;
}

TokenVectors TransformerLayerView::vectors(const Scene& scene, const StageRow& row) const {
    return vectors_of(*scene.graph, row, gradients() && row.kind != StageRow::Kind::weights, bench().head(), scene.tokens);
}

// The followed token's vector as a strip; a line of text where it has none.
StripEvent TransformerLayerView::draw_vector(Stage& stage, const std::string& name, const Scene& scene, const StageRow& row,
                                             const ColorScale& scale, Rect area, float line, int64_t current) {
    const Theme& t = theme();
    const TokenVectors all = vectors(scene, row);
    if (!all.has(scene.token)) {
        StripEvent event;
        const bool unsent = all.tensor.empty() && gradients();
        event.height = draw_paragraph(area.min(), say(unsent ? Text::through_no_gradient : Text::through_no_vector), t.small_text,
                                      t.color.text_soft, area.w);
        return event;
    }
    const std::vector<float> values = all.row(scene.token);
    const bool gradient = gradients() && row.kind != StageRow::Kind::weights;
    StripContent content{values, [&](int64_t column) { return Element{row.node, all.flat(scene.token, column), gradient}; }, scale};
    content.parts = all.width > all.size ? all.size : 0;
    content.line = line;
    content.current = current;
    return strips_.draw(stage, name, content, area);
}

// Which layer, and whether one token or all.
float TransformerLayerView::draw_choices(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    float height = 0;
    std::vector<std::pair<Where, int64_t>> places;
    std::vector<std::string> labels;
    int at = 0;
    for (const Where each : bench().stacks()) {
        if (each == Where::cross) continue;
        for (int64_t layer = 0; layer < bench().plan().layers; ++layer) {
            if (each == where() && layer == bench().layer()) at = static_cast<int>(places.size());
            places.emplace_back(each, layer);
            labels.push_back(
                say(each == Where::encoder ? Text::through_encoder_layer : Text::through_decoder_layer, {std::to_string(layer + 1)}));
        }
    }
    std::vector<Tab> tabs;
    for (size_t i = 0; i < places.size(); ++i)
        tabs.push_back({(places[i].first == Where::encoder ? "encoder:" : "decoder:") + std::to_string(places[i].second), labels[i].c_str(),
                        say(Text::help_transformer_layer)});
    if (const auto chosen = draw_tabs(stage, "transformer.layer.at", tabs, at, area, height)) {
        const auto& [stack, layer] = places[static_cast<size_t>(*chosen)];
        if (stack != where()) set("transformer.stack", std::string(stack == Where::encoder ? "encoder" : "decoder"));
        if (layer != bench().layer()) set("transformer.layer", layer + 1);
    }
    const Tab modes[] = {{"one", say(Text::through_one_token), say(Text::help_through_tokens)},
                         {"all", say(Text::through_all_tokens), say(Text::help_through_tokens)}};
    const float width = tabs_width(modes);
    const bool beside = tabs_width(tabs) + t.px(16) + width <= area.w;
    if (!beside) area.cut_top(height + t.px(6));
    const Rect place = beside ? Rect{area.right() - width, area.y, width + t.px(1), area.h} : area;
    if (const auto chosen = draw_tabs(stage, "transformer.layer.tokens", modes, static_cast<int>(tokens_), place, height))
        set("transformer.layer_tokens", modes[*chosen].id);
    area.cut_top(height + t.px(8));
    return area.y - top;
}

float TransformerLayerView::draw_header(Stage& stage, const Scene& scene, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_choices(stage, area));
    TokenStripStyle style;
    style.brushed = std::pair(scene.token, scene.token);
    style.highest = stage.narrow ? 150 : 110;
    const TokenRow& row = bench().queries(where());
    if (!row.known.empty()) style.known = [&row](int64_t token) { return static_cast<bool>(row.known[static_cast<size_t>(token)]); };
    const TokenStripEvent event = chips_.draw(stage, "transformer.layer.chips", row.labels, area, style);
    if (event.clicked >= 0 && event.clicked != scene.token) set("transformer.token", event.clicked + 1);
    area.cut_top(event.height + t.px(6));
    const std::string followed =
        say(Text::through_followed, {label_of(scene.token), std::to_string(scene.token + 1), std::to_string(scene.tokens)});
    const float height = draw_paragraph(area.min(), followed.c_str(), t.small_text, t.color.text, area.w);
    stage.place("transformer.layer.followed", {area.x, area.y, area.w, height});
    area.cut_top(height + t.px(2));
    const Tensor &out = scene.graph->find(scene.stages.output()).tensor(),
                 &attention = scene.graph->find(scene.stages.prefix + "weights").tensor(),
                 &hidden = scene.graph->find(scene.stages.prefix + "ff.hidden").tensor();
    const std::string shapes = say(Text::through_shapes, {shape_of_batch(out, 3), shape_of_batch(attention, 4), shape_of_batch(hidden, 3)});
    const float shapes_height = draw_paragraph(area.min(), shapes.c_str(), t.small_text, t.color.text_soft, area.w);
    stage.place("transformer.layer.shapes", {area.x, area.y, area.w, shapes_height});
    area.cut_top(shapes_height);
    return area.y - top;
}

float TransformerLayerView::draw(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const std::optional<Scene> scene = look();
    if (!scene) {
        return cards_.draw(stage, "transformer.layer.empty", nullptr, area,
                           [&](Rect inner) { return draw_paragraph(inner.min(), say(Text::heads_empty), t.text, t.color.text, inner.w); });
    }
    const auto card = [&](Rect& place, const char* name, Text title, auto draw_content) {
        place.cut_top(cards_.draw(stage, name, say(title), place, [&](Rect inner) { return (this->*draw_content)(stage, *scene, inner); }));
    };
    using View = TransformerLayerView;
    card(area, "transformer.layer.header", Text::through_title, &View::draw_header);
    // The path is what the view is about: a product stands above it only once it is played.
    const bool plays = !product_node().empty();
    if (plays) card(area, "transformer.layer.product", Text::through_product_title, &View::draw_product);
    card(area, "transformer.layer.path", gradients() ? Text::through_path_gradients : Text::through_path_title, &View::draw_path);
    if (!plays) card(area, "transformer.layer.product", Text::through_product_title, &View::draw_product);
    if (stage.narrow) {
        card(area, "transformer.layer.norms", Text::through_norms_title, &View::draw_norms);
        card(area, "transformer.layer.feed_forward", Text::through_feed_forward_title, &View::draw_feed_forward);
    } else {
        Rect left = area, right = area;
        left.w = std::floor((area.w - t.px(t.gap)) / 2);
        right.cut_left(left.w + t.px(t.gap));
        card(left, "transformer.layer.norms", Text::through_norms_title, &View::draw_norms);
        card(right, "transformer.layer.feed_forward", Text::through_feed_forward_title, &View::draw_feed_forward);
        area.cut_top(std::max(left.y, right.y) - area.y);
    }
    card(area, "transformer.layer.stream", Text::through_stream_title, &View::draw_stream);
    return area.y - top;
}

}  // namespace trilens

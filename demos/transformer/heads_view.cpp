// What is chosen and how the cards stand. Every number drawn is read from the workbench's graph.
#include "demos/transformer/heads_view.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "demos/text/text.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/tabs.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

struct StageWords {
    const char* id;
    Text label, help;
};
constexpr StageWords stage_words[attention_stage_count] = {
    {"scores", Text::heads_stage_scores, Text::heads_stage_scores_help},
    {"scaled", Text::heads_stage_scaled, Text::heads_stage_scaled_help},
    {"mask", Text::heads_stage_mask, Text::heads_stage_mask_help},
    {"weights", Text::heads_stage_weights, Text::heads_stage_weights_help},
};

}  // namespace

void TransformerHeadsView::list_fields(Fields& fields) {
    fields.section(Text::section_attention);
    fields.effect(Field::Effect::looks);
    std::vector<Choice> stages;
    for (const StageWords& each : stage_words) stages.push_back({each.id, each.label});
    fields.choice("transformer.heads_stage", Text::field_heads_stage, Text::help_heads_stage, stage_, std::move(stages)).listed = false;
    fields.integer("transformer.heads_lines", Text::field_heads_lines, Text::help_heads_lines, lines_of_, {0, 255, 1}).listed = false;
    fields.flag("transformer.heads_stretched", Text::field_heads_stretched, Text::help_heads_stretched, stretched_);
}

HeadMode TransformerHeadsView::mode(int64_t layer, int64_t head) const {
    if (layer >= static_cast<int64_t>(most_layers) || head >= static_cast<int64_t>(most_heads)) return HeadMode::on;
    return bench().settings.heads[static_cast<size_t>(bench().stack())][static_cast<size_t>(layer)][static_cast<size_t>(head)];
}

bool TransformerHeadsView::any_switched() const { return !bench().look().heads.empty(); }

std::string TransformerHeadsView::head_name(int64_t layer, int64_t head) const {
    return "L" + std::to_string(layer + 1) + "\xc2\xb7H" + std::to_string(head + 1);
}

// Nothing while there is no computation, or one of other tokens than those on screen.
std::optional<HeadsReading> TransformerHeadsView::read(const Graph* graph) const {
    const Where where = bench().stack();
    if (!graph || !graph->contains(TransformerWorkbench::prefix(where, bench().layer()) + "weights")) return std::nullopt;
    HeadsReading reading(*graph, where, bench().layer());
    const bool fits = reading.queries == bench().queries(where).size() && reading.keys == bench().keys(where).size();
    return fits ? std::optional(std::move(reading)) : std::nullopt;
}

// One for all heads of all layers, so that a head that looks everywhere is fainter than one that looks at a single key.
float TransformerHeadsView::greatest() {
    if (!stretched_ || by_rows()) return 1;
    const std::string of = std::to_string(bench().version()) + " " + std::to_string(static_cast<int>(bench().stack()));
    if (greatest_of_ == of) return greatest_;
    greatest_of_ = of;
    greatest_ = 0;
    for (int64_t layer = 0; layer < bench().plan().layers; ++layer) {
        const Tensor& weights = bench().graph()->find(TransformerWorkbench::prefix(bench().stack(), layer) + "weights").tensor();
        for (const float weight : weights.values()) greatest_ = std::max(greatest_, weight);
    }
    if (greatest_ <= 0) greatest_ = 1;
    return greatest_;
}

// The cell under the pointer; else where the keyboard or a click was; else what is pinned; else the key that the followed query looks at
// most.
HeadsCell TransformerHeadsView::choose_subject(Stage& stage, const HeadsReading& reading) {
    const int64_t token = std::clamp<int64_t>(bench().token(), 0, reading.queries - 1), head = bench().head();
    if (token_ != token) cursor_.reset(), token_ = token;
    const auto inside = [&](const HeadsCell& cell) { return cell.query < reading.queries && cell.key < reading.keys; };
    if (hovered_ && inside(*hovered_)) return *hovered_;
    if (const Element* pinned = stage.inspector.pinned_element(); pinned && pinned->node.starts_with(reading.prefix))
        for (const AttentionStage each : {AttentionStage::scores, AttentionStage::scaled, AttentionStage::weights})
            if (pinned->node == reading.node(each) && pinned->index / (reading.queries * reading.keys) == head)
                return {pinned->index / reading.keys % reading.queries, pinned->index % reading.keys};
    if (cursor_ && inside(*cursor_)) return *cursor_;
    const auto row = reading.row(reading.weights, head, token);
    return {token, std::ranges::max_element(row) - row.begin()};
}

// A hovered cell is looked at by the inspector; a click pins it, and its query is followed by all views.
void TransformerHeadsView::take(Stage& stage, const HeadsReading& reading, const HeadsMapEvent& event) {
    if (!event.hovered) return;
    const std::string node = reading.node(stage_);
    const Element element{node, reading.element(stage_, bench().head(), event.hovered->query, event.hovered->key)};
    if (event.by_keys) cursor_ = *event.hovered;
    else next_hovered_ = event.hovered;
    if (event.by_keys) stage.again();
    if (!node.empty()) {
        const Element* pinned = stage.inspector.pinned_element();
        if (event.by_keys && !event.clicked && pinned && pinned->node == node) stage.inspector.walk(element);
        else stage.inspector.hover(element);
        if (event.clicked) stage.inspector.pin(element);
    }
    if (event.clicked) {
        cursor_ = *event.clicked;
        if (event.clicked->query != bench().token()) {
            token_ = event.clicked->query;
            set("transformer.token", event.clicked->query + 1);
        }
    }
}

float TransformerHeadsView::draw_stages(Stage& stage, Rect area) {
    const Theme& t = theme();
    std::vector<Tab> tabs;
    for (const StageWords& each : stage_words) tabs.push_back({each.id, say(each.label), say(each.help)});
    const bool scaled = bench().settings.scaled;
    const char* label = say(scaled ? Text::heads_scaled_on : Text::heads_scaled_off);
    const float width = std::min(text_width(label, t.text) + t.px(24), area.w), row = t.px(stage.touch ? t.touch_target : t.control_height);
    const bool beside = tabs_width(tabs) + t.px(8) + width <= area.w;
    float height = 0;
    if (const auto chosen = draw_tabs(stage, "transformer.heads.stage", tabs, static_cast<int>(stage_), area, height))
        set("transformer.heads_stage", tabs[static_cast<size_t>(*chosen)].id);
    const Rect button = beside ? Rect{area.right() - width, area.y, width, row} : Rect{area.x, area.y + height + t.px(4), width, row};
    if (draw_button(stage, "transformer.heads.scaled", label, button, !scaled)) set("transformer.scaled", !scaled);
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_DelayNormal | ImGuiHoveredFlags_NoNavOverride)) draw_tooltip(say(Text::heads_scaled_help));
    return std::max(height, button.bottom() - area.y) + t.px(8);
}

ColorScale TransformerHeadsView::scale_of(const HeadsReading& reading) {
    const auto values = reading.map(stage_, bench().head());
    if (stage_ == AttentionStage::mask) return {ColorMap::grey, 0, 1};
    if (stage_ == AttentionStage::weights) return {ColorMap::viridis, 0, greatest()};
    return ColorScale::of(ColorMap::diverging, values.data(), static_cast<int64_t>(values.size()));
}

float TransformerHeadsView::draw_one(Stage& stage, const HeadsReading& reading, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_stages(stage, area));
    const std::string node = reading.node(stage_);
    const std::string look = std::to_string(bench().version()) + " " + reading.prefix + " " + std::to_string(static_cast<int>(stage_)) +
                             " " + std::to_string(bench().head());
    if (stage_ == AttentionStage::mask && reading.mask_name.empty())
        return area.y - top + draw_paragraph(area.min(), say(Text::heads_no_mask), t.small_text, t.color.text_soft, area.w);
    const Where where = bench().stack();
    const bool rows = by_rows() && stage_ == AttentionStage::weights;
    const std::vector<float> colored = rows ? relative_to_rows(reading.map(stage_, bench().head()), reading.keys) : std::vector<float>{};
    const HeadsMapContent content{reading.map(stage_, bench().head()),
                                  bench().queries(where).labels,
                                  bench().keys(where).labels,
                                  node,
                                  stage_ == AttentionStage::mask ? 0 : bench().head(),
                                  scale_of(reading),
                                  look + (rows ? " rows" : ""),
                                  subject_,
                                  colored,
                                  rows ? say(Text::heads_row_greatest) : nullptr};
    const HeadsMapEvent event = map_.draw(stage, "transformer.heads.map", content, area, stage.narrow ? 340 : 360);
    area.cut_top(event.height);
    area.cut_top(draw_row(stage, reading, area));
    area.cut_top(draw_entropy(stage, reading, area));
    take(stage, reading, event);
    return area.y - top;
}

float TransformerHeadsView::draw(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const std::shared_ptr<const Graph> graph = bench().graph();
    const std::optional<HeadsReading> reading = read(graph.get());
    if (!reading) {
        const Rect whole{area.x, area.y, area.w, t.px(70)};
        draw_paragraph(draw_card(stage, whole, nullptr).min(), say(Text::heads_empty), t.text, t.color.text, whole.w - t.px(2 * t.pad));
        stage.place("transformer.heads.empty", whole);
        return whole.h + t.px(t.gap);
    }
    const HeadsCell before = subject_;
    subject_ = choose_subject(stage, *reading);
    if (!(before == subject_)) stage.again();
    next_hovered_.reset();

    const std::string title = say(Text::heads_one_title, {std::to_string(bench().layer() + 1), std::to_string(bench().head() + 1)});
    const auto all = [&](Rect inner) { return draw_all(stage, *reading, inner); };
    const auto one = [&](Rect inner) { return draw_one(stage, *reading, inner); };
    const auto formula = [&](Rect inner) { return draw_formula_card(stage, *reading, inner); };
    const char* all_title = say(Text::heads_all_title);
    const char* formula_title = say(Text::heads_formula_title);
    if (stage.narrow) {
        area.cut_top(cards_.draw(stage, "transformer.heads.all", all_title, area, all));
        area.cut_top(cards_.draw(stage, "transformer.heads.one", title.c_str(), area, one));
        area.cut_top(cards_.draw(stage, "transformer.heads.formula", formula_title, area, formula));
    } else {
        Rect left = area, right = area;
        left.w = std::clamp(area.w * 0.42f, t.px(260), t.px(460));
        right.cut_left(left.w + t.px(t.gap));
        left.cut_top(cards_.draw(stage, "transformer.heads.all", all_title, left, all));
        left.cut_top(cards_.draw(stage, "transformer.heads.formula", formula_title, left, formula));
        right.cut_top(cards_.draw(stage, "transformer.heads.one", title.c_str(), right, one));
        area.cut_top(std::max(left.y, right.y) - area.y);
    }
    area.cut_top(cards_.draw(stage, "transformer.heads.lines_card", say(Text::heads_lines_title), area,
                             [&](Rect inner) { return draw_lines_card(stage, *reading, inner); }));
    area.cut_top(cards_.draw(stage, "transformer.heads.effect", say(Text::heads_effect_title), area,
                             [&](Rect inner) { return draw_effect(stage, inner); }));
    if (hovered_ != next_hovered_) stage.again();
    hovered_ = next_hovered_;
    return area.y - top;
}

}  // namespace trilens

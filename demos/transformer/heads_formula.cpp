// One cell spelled out, from the query's product with the key to its weight, with the numbers of the graph; each of them can be clicked and
// followed in the inspector.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "demos/text/text.h"
#include "demos/transformer/heads_picture.h"
#include "demos/transformer/heads_view.h"
#include "demos/widgets/formula.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/number_grid.h"
#include "demos/widgets/theme.h"
#include "engine/math.h"

namespace trilens {

namespace {

constexpr const char* times = "\xc3\x97";
constexpr const char* root = "\xe2\x88\x9a";
constexpr int64_t spelled_out = 4;  // products of a sum

std::string text_of(float value) { return number(static_cast<double>(value)); }

// Parts of a formula whose numbers are elements of the graph.
class Spelling {
public:
    void word(std::string text, bool glued = false) { parts_.push_back({std::move(text), 0, -1, glued}); }
    void value(float value, ImU32 color, Element element, bool glued = false) {
        parts_.push_back({as_factor(text_of(value)), color, static_cast<int>(elements_.size()), glued});
        elements_.push_back(std::move(element));
    }
    float draw(Stage& stage, std::string_view name, Rect area) const {
        float height = 0;
        const int clicked = draw_formula(stage, name, parts_, area, height);
        if (clicked >= 0) {
            stage.inspector.follow(elements_[static_cast<size_t>(clicked)]);
            stage.again();
        }
        return height;
    }

private:
    std::vector<FormulaPart> parts_;
    std::vector<Element> elements_;
};

}  // namespace

// The weights of the whole row as bars, each below its column of the map.
float TransformerHeadsView::draw_row(Stage& stage, const HeadsReading& reading, Rect area) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const std::span<const float> row = reading.row(reading.weights, bench().head(), subject_.query);
    const std::string title =
        say(Text::heads_row_title, {query_label(subject_.query), text_of(row[static_cast<size_t>(subject_.key)]), key_label(subject_.key)});
    const float line = t.px(t.small_text + 5);
    draw_text(area.min(), title.c_str(), t.small_text, t.color.text, area.w);
    const float cell = map_.cell();
    const Rect bars{map_.cells().x, area.y + line, map_.cells().w, t.px(44)};
    stage.place("transformer.heads.row", bars);
    const float highest = std::max(*std::ranges::max_element(row), 1e-12f);
    char top[24];
    std::snprintf(top, sizeof top, "%.2g", static_cast<double>(highest));
    draw_text({bars.x - text_width(top, t.small_text - 2) - t.px(4), bars.y}, top, t.small_text - 2, t.color.text_soft);
    list->AddRectFilled(bars.min(), bars.max(), with_alpha(t.color.control, 0.6f));
    for (int64_t i = 0; i < map_.columns(); ++i) {
        const int64_t key = map_.first().key + i;
        const float high = std::min(row[static_cast<size_t>(key)] / highest, 1.0f) * bars.h, x = bars.x + static_cast<float>(i) * cell;
        const float aside = cell >= t.px(5) ? t.px(1) : 0;
        list->AddRectFilled({x + aside, bars.bottom() - high}, {x + cell - aside, bars.bottom()},
                            key == subject_.key ? t.color.accent : t.color.attention);
    }
    ImGui::SetCursorScreenPos(bars.min());
    ImGui::PushID("transformer.heads.row");
    const bool clicked = ImGui::InvisibleButton("bars", {std::max(bars.w, 1.0f), bars.h});
    ImGui::PopID();
    if (ImGui::IsItemHovered()) {
        const int64_t key = map_.first().key + static_cast<int64_t>((ImGui::GetIO().MousePos.x - bars.x) / cell);
        const Element element{reading.node(AttentionStage::weights),
                              reading.flat(bench().head(), subject_.query, std::clamp<int64_t>(key, 0, reading.keys - 1))};
        next_hovered_ = {subject_.query, std::clamp<int64_t>(key, 0, reading.keys - 1)};
        stage.inspector.hover(element);
        if (clicked && was_tap()) stage.inspector.pin(element);
    }
    return line + bars.h + t.px(6);
}

// How sharp the row is, and how sharp it would be with the other setting of the division, from the same scores.
float TransformerHeadsView::draw_entropy(Stage& stage, const HeadsReading& reading, Rect area) const {
    const Theme& t = theme();
    const int64_t query = subject_.query, head = bench().head(), seen = reading.keys_seen(query);
    const float most = seen > 0 ? math::log(static_cast<float>(seen)) : 0;
    std::string text =
        say(Text::heads_entropy, {text_of(entropy(reading.row(reading.weights, head, query))), text_of(most), std::to_string(seen)});
    if (mode(bench().layer(), head) != HeadMode::uniform) {
        const bool scaled = bench().settings.scaled;
        std::vector<float> other;
        for (const float score : reading.row(reading.scores, head, query))
            other.push_back(scaled ? score : score / math::sqrt(static_cast<float>(reading.key_size)));
        const std::span<const float> mask = reading.mask.empty() ? std::span<const float>()
                                                                 : reading.mask.values().subspan(static_cast<size_t>(query * reading.keys),
                                                                                                 static_cast<size_t>(reading.keys));
        text +=
            say(scaled ? Text::heads_entropy_unscaled : Text::heads_entropy_scaled, {text_of(entropy(softmax_row(other, mask).weights))});
    }
    const float height = draw_paragraph(area.min(), text.c_str(), t.small_text, t.color.text_soft, area.w);
    stage.place("transformer.heads.entropy", {area.x, area.y, area.w, height});
    return height;
}

float TransformerHeadsView::draw_product(Stage& stage, const HeadsReading& reading, Rect area) const {
    const Theme& t = theme();
    const int64_t head = bench().head(), size = reading.key_size;
    const int64_t q = (head * reading.queries + subject_.query) * size, k = (head * reading.keys + subject_.key) * size;
    Spelling spelling;
    spelling.word("q\xc2\xb7k = ");
    for (int64_t i = 0; i < std::min(spelled_out, size); ++i) {
        if (i > 0) spelling.word(" + ");
        spelling.value(reading.q.data()[q + i], t.color.input, {reading.q_name, q + i});
        spelling.word(times, true);
        spelling.value(reading.k.data()[k + i], t.color.activation, {reading.k_name, k + i}, true);
    }
    if (size > spelled_out) spelling.word(say(Text::heads_more_products, {std::to_string(size - spelled_out)}));
    const int64_t flat = reading.flat(head, subject_.query, subject_.key);
    spelling.word(" = ");
    spelling.value(reading.scores.data()[flat], t.color.attention, {reading.node(AttentionStage::scores), flat}, true);
    return spelling.draw(stage, "transformer.heads.formula.product", area);
}

float TransformerHeadsView::draw_scaling(Stage& stage, const HeadsReading& reading, Rect area) const {
    const Theme& t = theme();
    const int64_t flat = reading.flat(bench().head(), subject_.query, subject_.key);
    Spelling spelling;
    if (bench().settings.scaled) {
        spelling.value(reading.scores.data()[flat], t.color.attention, {reading.node(AttentionStage::scores), flat});
        spelling.word(std::string(" / ") + root + std::to_string(reading.key_size), true);
        spelling.word(" = ");
    } else {
        spelling.word(say(Text::heads_not_divided));
    }
    spelling.value(reading.scaled.data()[flat], t.color.attention, {reading.node(AttentionStage::scaled), flat}, true);
    return spelling.draw(stage, "transformer.heads.formula.scaled", area);
}

float TransformerHeadsView::draw_softmax(Stage& stage, const HeadsReading& reading, Rect area) const {
    const Theme& t = theme();
    const int64_t head = bench().head(), flat = reading.flat(head, subject_.query, subject_.key);
    const Element weight{reading.node(AttentionStage::weights), flat};
    Spelling spelling;
    if (!reading.mask_name.empty()) {
        const int64_t at = subject_.query * reading.keys + subject_.key;
        spelling.word(say(Text::heads_mask_is));
        spelling.value(reading.mask.data()[at], t.color.text, {reading.mask_name, at}, true);
        spelling.word(". ", true);
    }
    if (!reading.seen(subject_.query, subject_.key)) {
        spelling.word(say(Text::heads_hidden));
    } else if (mode(bench().layer(), head) == HeadMode::uniform) {
        spelling.word(say(Text::heads_uniform_is, {std::to_string(reading.keys_seen(subject_.query))}));
    } else {
        const std::span<const float> mask =
            reading.mask.empty()
                ? std::span<const float>()
                : reading.mask.values().subspan(static_cast<size_t>(subject_.query * reading.keys), static_cast<size_t>(reading.keys));
        const SoftmaxRow row = softmax_row(reading.row(reading.scaled, head, subject_.query), mask);
        spelling.word("exp(");
        spelling.value(reading.scaled.data()[flat], t.color.attention, {reading.node(AttentionStage::scaled), flat}, true);
        spelling.word(" - " + as_factor(text_of(row.largest)) + ")", true);
        spelling.word(say(Text::heads_over_row));
        spelling.word(" = " + text_of(row.exponentials[static_cast<size_t>(subject_.key)]) + " / " + text_of(row.total));
        spelling.word(" = ");
    }
    spelling.value(reading.weights.data()[flat], t.color.attention, weight, true);
    return spelling.draw(stage, "transformer.heads.formula.softmax", area);
}

float TransformerHeadsView::draw_formula_card(Stage& stage, const HeadsReading& reading, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const std::string heading =
        say(Text::heads_formula_of, {query_label(subject_.query), std::to_string(subject_.query + 1), key_label(subject_.key),
                                     std::to_string(subject_.key + 1), head_name(bench().layer(), bench().head())});
    area.cut_top(draw_paragraph(area.min(), heading.c_str(), t.small_text, t.color.text_soft, area.w) + t.px(6));
    area.cut_top(draw_product(stage, reading, area) + t.px(4));
    area.cut_top(draw_scaling(stage, reading, area) + t.px(4));
    area.cut_top(draw_softmax(stage, reading, area) + t.px(4));
    if (mode(bench().layer(), bench().head()) == HeadMode::off)
        area.cut_top(draw_paragraph(area.min(), say(Text::heads_is_off), t.small_text, t.color.warning, area.w) + t.px(4));
    area.cut_top(draw_paragraph(area.min(), say(stage.touch ? Text::heads_formula_touch : Text::heads_formula_hint), t.small_text,
                                t.color.text_soft, area.w));
    return area.y - top;
}

}  // namespace trilens

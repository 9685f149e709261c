// From token to token: the lines of the chosen heads; and what each token's state loses when heads are switched.
#include <algorithm>
#include <cstdio>
#include <numeric>

#include "demos/text/text.h"
#include "demos/transformer/heads_picture.h"
#include "demos/transformer/heads_view.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/number_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr size_t words_of_a_line = 4, changed_answers = 4;

std::string text_of(float value) { return number(static_cast<double>(value)); }

}  // namespace

unsigned TransformerHeadsView::line_heads() const {
    const auto all = (1u << std::min<int64_t>(bench().plan().layer.num_heads, most_heads)) - 1;
    const unsigned chosen = static_cast<unsigned>(lines_of_) & all;
    return chosen ? chosen : 1u << bench().head();
}

// One chip a head, and one for all of them.
float TransformerHeadsView::draw_chips(Stage& stage, const HeadsReading& reading, Rect area) {
    const Theme& t = theme();
    const float row = t.px(stage.touch ? t.touch_target : t.control_height), gap = t.px(4), top = area.y;
    const unsigned now = line_heads(), all = (1u << reading.heads) - 1;
    float x = area.x;
    const auto chip = [&](const std::string& name, const char* label, bool on, const ImU32* color) {
        const float width = std::max(text_width(label, t.text) + t.px(24), row);
        if (x + width > area.right() && x > area.x) x = area.x, area.cut_top(row + gap);
        const Rect place{x, area.y, width, row};
        const bool clicked = draw_button(stage, name.c_str(), label, place);
        if (ImGui::IsItemHovered(ImGuiHoveredFlags_DelayNormal | ImGuiHoveredFlags_NoNavOverride)) draw_tooltip(say(Text::heads_chip_help));
        ImDrawList* list = ImGui::GetWindowDrawList();
        if (color)
            list->AddRectFilled({place.x + t.px(6), place.bottom() - t.px(6)}, {place.right() - t.px(6), place.bottom() - t.px(3)}, *color,
                                t.px(2));
        if (on) list->AddRect(place.min(), place.max(), color ? *color : t.color.accent, t.px(6), 0, t.px(2));
        x += width + gap;
        return clicked;
    };
    for (int64_t head = 0; head < reading.heads; ++head) {
        const ImU32 color = head_color(head);
        const std::string number = std::to_string(head + 1);
        const unsigned bit = 1u << head;
        if (chip("transformer.heads.chip:" + std::to_string(head), ("H" + number).c_str(), now & bit, &color))
            set("transformer.heads_lines", static_cast<int64_t>(now ^ bit));
    }
    if (reading.heads > 1 && chip("transformer.heads.chip:all", say(Text::heads_chip_all), now == all, nullptr))
        set("transformer.heads_lines", static_cast<int64_t>(now == all ? 0 : all));
    return area.y + row + t.px(6) - top;
}

// One line a head: where the token that is looked at looks, or is looked at from.
float TransformerHeadsView::draw_line_words(Stage& stage, const HeadsReading& reading, Rect area) const {
    const Theme& t = theme();
    const float line = t.px(t.small_text + 5), top = area.y;
    const std::optional<LineEnd> end = lines_.isolated();
    std::string heading = say(Text::heads_lines_hint);
    if (end)
        heading = say(end->is_key ? Text::heads_looked_at : Text::heads_looks_at,
                      {end->is_key ? key_label(end->index) : query_label(end->index), std::to_string(end->index + 1)});
    const float height = draw_paragraph(area.min(), heading.c_str(), t.small_text, t.color.text, area.w);
    stage.place("transformer.heads.lines.heading", {area.x, area.y, area.w, height});
    area.cut_top(height + t.px(4));
    const unsigned heads = line_heads();
    for (int64_t head = 0; head < reading.heads; ++head) {
        if (!(heads >> head & 1)) continue;
        const std::span<const float> map = reading.map(reading.weights, head);
        std::string text = "H" + std::to_string(head + 1) + "  ";
        if (end) {
            const int64_t count = end->is_key ? reading.queries : reading.keys;
            const auto weight = [&](int64_t other) {
                return map[static_cast<size_t>(end->is_key ? other * reading.keys + end->index : end->index * reading.keys + other)];
            };
            std::vector<int64_t> order(static_cast<size_t>(count));
            std::iota(order.begin(), order.end(), 0);
            const auto shown = static_cast<std::ptrdiff_t>(std::min(words_of_a_line, order.size()));
            std::ranges::partial_sort(order, order.begin() + shown,
                                      [&](int64_t a, int64_t b) { return weight(a) != weight(b) ? weight(a) > weight(b) : a < b; });
            for (std::ptrdiff_t i = 0; i < shown; ++i) {
                const int64_t other = order[static_cast<size_t>(i)];
                text += (i ? "   " : "") + (end->is_key ? query_label(other) : key_label(other)) + " (" + std::to_string(other + 1) + ") " +
                        text_of(weight(other));
            }
        } else {
            float sum = 0;
            for (int64_t query = 0; query < reading.queries; ++query) sum += entropy(reading.row(reading.weights, head, query));
            text += say(Text::heads_mean_entropy, {text_of(sum / static_cast<float>(reading.queries))});
        }
        draw_text(area.min(), text.c_str(), t.small_text, t.color.text_soft, area.w);
        ImGui::GetWindowDrawList()->AddRectFilled({area.x, area.y + line - t.px(3)}, {area.x + t.px(18), area.y + line - t.px(1)},
                                                  head_color(head));
        area.cut_top(line + t.px(2));
    }
    if (lines_.left_out() > 0)
        area.cut_top(draw_paragraph(
            area.min(), say(Text::heads_lines_left_out, {std::to_string(lines_.lines()), std::to_string(lines_.left_out())}).c_str(),
            t.small_text, t.color.text_soft, area.w));
    return area.y - top;
}

float TransformerHeadsView::draw_lines_card(Stage& stage, const HeadsReading& reading, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_chips(stage, reading, area));
    area.cut_top(draw_paragraph(area.min(), say(Text::heads_lines_from), t.small_text - 1, t.color.text_soft, area.w) + t.px(4));
    const Where where = bench().stack();
    const HeadsLinesContent content{
        reading, bench().queries(where).labels, bench().keys(where).labels, line_heads(), by_rows() ? 0 : greatest(), bench().version(),
        -1};
    const HeadsLinesEvent event = lines_.draw(stage, "transformer.heads.lines", content, area);
    area.cut_top(event.height);
    if (event.hovered) {
        const int64_t head = bench().head();
        HeadsCell cell;
        if (event.hovered->is_key) {
            cell.key = event.hovered->index;
            for (int64_t query = 1; query < reading.queries; ++query)
                if (reading.weights.data()[reading.flat(head, query, cell.key)] >
                    reading.weights.data()[reading.flat(head, cell.query, cell.key)])
                    cell.query = query;
        } else {
            const auto row = reading.row(reading.weights, head, event.hovered->index);
            cell = {event.hovered->index, std::ranges::max_element(row) - row.begin()};
        }
        next_hovered_ = cell;
    }
    if (event.clicked && !event.clicked->is_key && event.clicked->index != bench().token())
        set("transformer.token", event.clicked->index + 1);
    area.cut_top(draw_line_words(stage, reading, area));
    return area.y - top;
}

// One more run with every head on, of the same sequences; kept until something is computed anew or another stack is looked at.
void TransformerHeadsView::measure_effect() {
    if (effect_version_ == bench().version() && effect_stack_ == bench().stack()) return;
    effect_version_ = bench().version();
    effect_stack_ = bench().stack();
    effect_.reset();
    if (!any_switched()) return;
    TransformerLook look = bench().look();
    look.heads.clear();
    if (const std::shared_ptr<const Graph> all_on = bench().run(look))
        effect_ = heads_effect(*all_on, *bench().graph(), bench().stack(), changed_answers);
}

float TransformerHeadsView::draw_answers(Stage& stage, Rect area) const {
    const Theme& t = theme();
    const float top = area.y;
    const std::vector<std::string> classes = bench().classes();
    const auto name = [&](int64_t number) {
        return number < static_cast<int64_t>(classes.size()) ? classes[static_cast<size_t>(number)] : std::to_string(number);
    };
    const std::string summary = say(Text::heads_answers, {std::to_string(effect_->others), std::to_string(effect_->answers)});
    area.cut_top(draw_paragraph(area.min(), summary.c_str(), t.small_text, t.color.text, area.w) + t.px(4));
    for (const ChangedAnswer& each : effect_->most) {
        const TokenRow& tokens = bench().writes() ? bench().target() : bench().source();
        const bool by_token = effect_->answers == tokens.size();
        const std::string token =
            by_token ? tokens.labels[static_cast<size_t>(each.row)] + " (" + std::to_string(each.row + 1) + ")" : say(Text::heads_whole);
        const std::string text =
            each.before == each.after
                ? say(Text::heads_answer_same, {token, name(each.before), text_of(each.before_was), text_of(each.before_is)})
                : say(Text::heads_answer_other, {token, name(each.before), text_of(each.before_was), text_of(each.before_is),
                                                 name(each.after), text_of(each.after_is)});
        const float height =
            draw_paragraph(area.min(), text.c_str(), t.small_text, each.before == each.after ? t.color.text_soft : t.color.warning, area.w);
        stage.place("transformer.heads.answer:" + std::to_string(each.row), {area.x, area.y, area.w, height});
        area.cut_top(height + t.px(3));
    }
    return area.y - top;
}

float TransformerHeadsView::draw_effect(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    measure_effect();
    if (!effect_) return draw_paragraph(area.min(), say(Text::heads_effect_none), t.small_text, t.color.text_soft, area.w);
    area.cut_top(draw_paragraph(area.min(), say(Text::heads_effect_how, {effect_->node}).c_str(), t.small_text, t.color.text_soft, area.w) +
                 t.px(6));
    const TokenRow& tokens = bench().queries(bench().stack());
    if (tokens.labels.size() == effect_->distance.size()) {
        std::vector<std::string> captions;
        for (const float each : effect_->distance) captions.push_back(short_number(each));
        TokenStripStyle style;
        style.values = effect_->distance;
        style.captions = captions;
        style.highest = stage.narrow ? 150 : 120;
        const TokenStripEvent event = change_strip_.draw(stage, "transformer.heads.change", tokens.labels, area, style);
        if (event.hovered >= 0) {
            const int64_t width = bench().graph()->find(effect_->node).shape()[-1];
            stage.inspector.hover({effect_->node, event.hovered * width});
        }
        area.cut_top(event.height + t.px(6));
    }
    if (effect_->answers > 0) area.cut_top(draw_answers(stage, area));
    return area.y - top;
}

}  // namespace trilens

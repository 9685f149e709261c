// Lines are chosen anew only when the weights, the heads or what is in sight change; in most frames they are only drawn.
#include "demos/transformer/heads_lines.h"

#include <imgui_internal.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>

#include "demos/transformer/heads_picture.h"
#include "demos/widgets/number_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float lines_height = 130, longest_label = 84, legible = 16, column_with_value = 30;  // units
constexpr int64_t many_tokens = 60;     // more are too many lines to tell apart: fewer of them are drawn
constexpr size_t lines_of_a_query = 6;  // then, on average
constexpr float faintest = 0.02f;                                                               // opacity below which a line is not seen

}  // namespace

int64_t HeadsLines::count(const HeadsLinesContent& content, bool keys) const {
    return static_cast<int64_t>(keys ? content.keys.size() : content.queries.size());
}

void HeadsLines::collect(const HeadsLinesContent& content) {
    std::string wanted = std::to_string(content.version) + " " + content.reading.prefix + " " + std::to_string(content.heads) + " " +
                         std::to_string(content.opaque) + " " + std::to_string(axis_.first()) + " " + std::to_string(axis_.last());
    if (isolated_) wanted += (isolated_->is_key ? " key " : " query ") + std::to_string(isolated_->index);
    if (wanted == collected_) return;
    collected_ = wanted;
    lines_.clear();
    const HeadsReading& r = content.reading;
    const bool crowded = axis_.steps() > many_tokens;
    const auto add = [&](int64_t head, int64_t query, int64_t key, float opaque) {
        const float weight = r.weights.data()[r.flat(head, query, key)], strength = opaque > 0 ? std::min(weight / opaque, 1.0f) : 0;
        const bool here = isolated_ || !crowded ? in_sight(query) || in_sight(key) : in_sight(query) && in_sight(key);
        if (strength >= faintest && here) lines_.push_back({weight, strength, head, query, key});
    };
    for (int64_t head = 0; head < r.heads; ++head) {
        if (!(content.heads >> head & 1)) continue;
        const bool one_query = isolated_ && !isolated_->is_key, one_key = isolated_ && isolated_->is_key;
        for (int64_t query = one_query ? isolated_->index : 0; query < (one_query ? isolated_->index + 1 : r.queries); ++query) {
            const float opaque = content.opaque > 0 ? content.opaque : std::ranges::max(r.row(r.weights, head, query));
            for (int64_t key = one_key ? isolated_->index : 0; key < (one_key ? isolated_->index + 1 : r.keys); ++key)
                add(head, query, key, opaque);
        }
    }
    const size_t few = lines_of_a_query * static_cast<size_t>(axis_.count()) * static_cast<size_t>(std::popcount(content.heads));
    const size_t most = crowded && !isolated_ ? std::min(most_lines, few) : most_lines;
    left_out_ = lines_.size() > most ? lines_.size() - most : 0;
    const auto weaker = [](const AttentionLine& a, const AttentionLine& b) {
        return std::tie(a.strength, a.weight, a.head, a.query, a.key) < std::tie(b.strength, b.weight, b.head, b.query, b.key);
    };
    if (left_out_ > 0) {
        std::ranges::nth_element(lines_, lines_.begin() + static_cast<std::ptrdiff_t>(left_out_), weaker);
        lines_.erase(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(left_out_));
    }
    std::ranges::sort(lines_, weaker);  // the strongest on top
}

void HeadsLines::draw_lines(const HeadsLinesContent& content, Rect between) const {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->PushClipRect(between.min(), between.max(), true);
    // Several heads leave a token beside each other.
    int64_t chosen = 0, place[32] = {};
    for (int64_t head = 0; head < content.reading.heads; ++head)
        if (content.heads >> head & 1) place[head] = chosen++;
    const float apart = std::min(t.px(3), axis_.column() / static_cast<float>(std::max<int64_t>(chosen, 1) + 1));
    for (const AttentionLine& line : lines_) {
        const float strength = line.strength;
        const float aside = (static_cast<float>(place[line.head]) - static_cast<float>(chosen - 1) / 2) * apart;
        list->AddLine({middle(line.query) + aside, between.y}, {middle(line.key) + aside, between.bottom()},
                      with_alpha(head_color(line.head), strength), t.px(1 + 1.5f * strength));
    }
    list->PopClipRect();
}

// The weights of the token that is looked at, at the other ends of its lines; of several heads the greatest.
void HeadsLines::draw_values(const HeadsLinesContent& content, Rect between) const {
    const Theme& t = theme();
    if (!isolated_ || axis_.column() < t.px(column_with_value)) return;
    std::vector<const AttentionLine*> best(static_cast<size_t>(count(content, !isolated_->is_key)), nullptr);
    for (const AttentionLine& line : lines_)
        best[static_cast<size_t>(isolated_->is_key ? line.query : line.key)] = &line;  // the last is the greatest
    for (size_t other = 0; other < best.size(); ++other) {
        if (!best[other] || !in_sight(static_cast<int64_t>(other))) continue;
        const std::string text = short_number(best[other]->weight);
        const float wide = text_width(text.c_str(), t.small_text - 1), x = middle(static_cast<int64_t>(other)) - wide / 2,
                    high = t.px(t.small_text);
        const float y = isolated_->is_key ? between.y + t.px(2) : between.bottom() - high - t.px(3);
        ImGui::GetWindowDrawList()->AddRectFilled({x - t.px(2), y - t.px(1)}, {x + wide + t.px(2), y + high + t.px(1)},
                                                  with_alpha(t.color.card, 0.85f), t.px(3));
        draw_text({x, y}, text.c_str(), t.small_text - 1, t.color.text);
    }
}

std::optional<LineEnd> HeadsLines::end_at(const HeadsLinesContent& content, ImVec2 at, Rect whole) const {
    const int64_t step = axis_.step_at(at.x);
    const bool key = at.y > whole.y + whole.h / 2;
    return step >= 0 && step < count(content, key) ? std::optional(LineEnd{key, step}) : std::nullopt;
}

void HeadsLines::take_keys(const HeadsLinesContent& content, HeadsLinesEvent& event) {
    const ImGuiID id = ImGui::GetItemID();
    const auto pressed = [id](ImGuiKey key, ImGuiInputFlags flags = ImGuiInputFlags_Repeat) {
        ImGui::SetKeyOwner(key, id);
        return ImGui::IsKeyPressed(key, flags, id);
    };
    const LineEnd before = cursor_;
    if (pressed(ImGuiKey_UpArrow)) cursor_.is_key = false;
    if (pressed(ImGuiKey_DownArrow)) cursor_.is_key = true;
    cursor_.index += pressed(ImGuiKey_RightArrow) - pressed(ImGuiKey_LeftArrow);
    if (pressed(ImGuiKey_Home)) cursor_.index = 0;
    if (pressed(ImGuiKey_End)) cursor_.index = axis_.steps() - 1;
    cursor_.index = std::clamp<int64_t>(cursor_.index, 0, count(content, cursor_.is_key) - 1);
    if (!(cursor_ == before)) {
        by_keys_ = true;
        axis_.show(cursor_.index);
    }
    for (const ImGuiKey key : {ImGuiKey_Enter, ImGuiKey_KeypadEnter, ImGuiKey_Space})
        if (pressed(key, ImGuiInputFlags_None)) event.clicked = cursor_, by_keys_ = true;
    if (by_keys_) event.hovered = cursor_;
}

HeadsLinesEvent HeadsLines::draw(Stage& stage, std::string_view name, const HeadsLinesContent& content, Rect area) {
    const Theme& t = theme();
    HeadsLinesEvent event;
    const int64_t steps = std::max(count(content, false), count(content, true));
    axis_.fit(stage, steps, content.followed, area.x, area.w);
    if (fitted_ != steps) {
        fitted_ = steps;
        if (axis_.column() < t.px(legible)) axis_.zoom(t.px(legible) / axis_.column(), area.x);
    }
    const auto labels = [&](const std::vector<std::string>& texts, int64_t current) {
        const auto all = static_cast<int64_t>(texts.size()), first = std::min(axis_.first(), all);
        return AxisLabels{texts, first, std::min(axis_.last(), all) - first, axis_.column(), current};
    };
    const auto current = [&](bool key) {
        return isolated_ && isolated_->is_key == key && in_sight(isolated_->index) ? isolated_->index : -1;
    };
    const AxisLabels queries = labels(content.queries, current(false)), keys = labels(content.keys, current(true));
    const float above = column_labels_height(queries, t.px(longest_label)) + t.px(4),
                below = column_labels_height(keys, t.px(longest_label)) + t.px(4);
    const Rect whole{axis_.left(), area.y, axis_.width(), above + t.px(lines_height) + below};
    const Rect between{whole.x, whole.y + above, whole.w, t.px(lines_height)};
    stage.place(name, whole);
    const std::string prefix(name);
    for (int64_t i = queries.first; i < queries.first + queries.count; ++i)
        stage.place(prefix + ".query:" + std::to_string(i), {axis_.x(i), whole.y, axis_.column(), above});
    for (int64_t i = keys.first; i < keys.first + keys.count; ++i)
        stage.place(prefix + ".key:" + std::to_string(i), {axis_.x(i), between.bottom(), axis_.column(), below});

    ImGui::SetCursorScreenPos(whole.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    const bool clicked = ImGui::InvisibleButton("tokens", {std::max(whole.w, 1.0f), whole.h}, ImGuiButtonFlags_EnableNav);
    ImGui::PopID();
    axis_.take_wheel(whole);
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseDelta.x != 0 || io.MouseDelta.y != 0 || ImGui::IsMouseDown(0)) by_keys_ = false;
    if (ImGui::IsItemHovered() && !by_keys_) event.hovered = end_at(content, io.MousePos, whole);
    if (clicked && event.hovered && was_tap() && ImGui::IsMouseReleased(0)) event.clicked = cursor_ = *event.hovered;
    if (ImGui::IsItemFocused()) take_keys(content, event);
    if (event.clicked) kept_ = kept_ == event.clicked ? std::nullopt : event.clicked;
    if (kept_ && kept_->index >= count(content, kept_->is_key)) kept_.reset();
    const std::optional<LineEnd> before = isolated_;
    isolated_ = event.hovered ? event.hovered : kept_;
    if (before != isolated_) stage.again();

    collect(content);
    draw_lines(content, between);
    draw_column_labels(queries, {whole.x, whole.y, whole.w, above - t.px(4)});
    draw_column_labels(keys, {whole.x, between.bottom() + t.px(4), whole.w, below - t.px(4)}, true);
    draw_values(content, between);
    event.height = whole.h + t.px(4);
    event.height += axis_.draw_scroll_bar(stage, prefix + ".scroll", {area.x, area.y + event.height, area.w, 0});
    return event;
}

}  // namespace trilens

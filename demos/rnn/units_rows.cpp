// The units that fire on the phrase, one row each: value by height and colour over all steps, the phrase behind, marks where else the unit
// fires.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "demos/rnn/units_view.h"
#include "demos/text/text.h"
#include "demos/widgets/color_map.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float bars_height = 30, label_width = 128;  // units
constexpr size_t most_words = 12;

std::string short_number(float value) {
    char text[16];
    std::snprintf(text, sizeof text, "%+.2f", static_cast<double>(value));
    return text;
}

ImU32 with_alpha(ImU32 color, ImU32 alpha) { return (color & 0x00ffffffu) | (alpha << 24); }

}  // namespace

// Bars from 0 up or down.
void RnnUnitsView::draw_values(Stage& stage, const RankedUnit& ranked, const std::vector<int64_t>& elsewhere, Rect cells) const {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const Tensor& all = states();
    const int64_t units = all.extent(1), steps = all.extent(0);
    const float largest = std::max({highest_, -lowest_, 1e-6f});
    float low = 0, high = 0;  // of this unit: even a quiet one is legible; colours tell how strong it is among those shown
    for (int64_t step = 0; step < steps; ++step) {
        low = std::min(low, all.data()[step * units + ranked.unit]);
        high = std::max(high, all.data()[step * units + ranked.unit]);
    }
    const auto y = [&](float value) { return cells.y + (high - value) / std::max(high - low, 1e-12f) * cells.h; };
    const int64_t first = std::max(ranked_for_.first, axis_.first()), last = std::min(ranked_for_.second, axis_.last() - 1);
    if (first <= last)
        list->AddRectFilled({axis_.x(first), cells.y - t.px(2)}, {axis_.x(last + 1), cells.bottom() + t.px(2)},
                            with_alpha(t.color.mark, 0x38));
    const float gap = axis_.column() >= t.px(6) ? t.px(1) : 0;
    for (int64_t step = axis_.first(); step < axis_.last() && step < steps; ++step) {
        const float value = all.data()[step * units + ranked.unit], x = axis_.x(step), zero = y(0), at = y(value);
        list->AddRectFilled({x, std::min(zero, at) - 0.5f}, {x + axis_.column() - gap, std::max(zero, at) + 0.5f},
                            map_color(ColorMap::diverging, 0.5f + 0.5f * value / largest));
        if (step == marked_) list->AddRect({x, cells.y}, {x + axis_.column() - gap, cells.bottom()}, t.color.text);
    }
    for (const int64_t step : elsewhere)
        if (step >= axis_.first() && step < axis_.last())
            list->AddRectFilled({axis_.x(step), cells.bottom() + t.px(2)},
                                {axis_.x(step) + std::max(axis_.column() - gap, t.px(1)), cells.bottom() + t.px(5)}, t.color.accent);
    list->AddLine({axis_.left(), y(0)}, {axis_.left() + axis_.width(), y(0)}, t.color.card_border);
    stage.place("rnn.unit_values:" + std::to_string(ranked.unit), cells);
}

// A tap chooses the unit; a mouse that is dragged along a row brushes.
void RnnUnitsView::take_pointer(Stage& stage, int64_t unit, bool clicked, Rect cells) {
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    const bool hovering = ImGui::IsItemHovered(), active = ImGui::IsItemActive() && ImGui::IsMouseDown(0);
    const int64_t step = pointer.x >= cells.x ? axis_.step_at(pointer.x) : -1;
    if (ImGui::IsItemActivated()) grabbed_ = step;
    if (active && !stage.touch && grabbed_ >= 0 && step >= 0 && step != grabbed_) {
        brush(std::minmax(grabbed_, step), brushing_);
        brushing_ = true;
        stage.claim_pointer();
    }
    if (clicked && was_tap() && !brushing_) choose(unit);
    if (hovering && step >= 0 && cells.contains(pointer)) {
        hovered_ = step;
        stage.inspector.hover({node(), step * states().extent(1) + unit});
    }
}

float RnnUnitsView::draw_row(Stage& stage, const RankedUnit& ranked, Rect area) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float line = t.px(t.small_text + 4), above = stage.narrow ? line : 0;
    const Rect row{area.x, area.y, area.w, above + t.px(bars_height) + line + t.px(8)};
    const std::string name = "rnn.unit:" + std::to_string(ranked.unit);
    stage.place(name, row);
    ImGui::SetCursorScreenPos(row.min());
    ImGui::PushID(name.c_str());
    const bool clicked = ImGui::InvisibleButton("unit", {row.w, row.h}, ImGuiButtonFlags_EnableNav);
    ImGui::PopID();
    const Rect cells{axis_.left(), row.y + above + t.px(2), axis_.width(), t.px(bars_height)};
    if (unit_ == ranked.unit) list->AddRectFilled(row.min(), row.max(), with_alpha(t.color.accent, 0x28), t.px(5));
    else if (ImGui::IsItemHovered()) list->AddRectFilled(row.min(), row.max(), with_alpha(t.color.control_hovered, 0x70), t.px(5));
    take_pointer(stage, ranked.unit, clicked, cells);
    const std::vector<int64_t> elsewhere = fires_elsewhere(states(), ranked, ranked_for_, threshold_);
    draw_values(stage, ranked, elsewhere, cells);

    const std::string label = say(Text::rnn_unit_row, {std::to_string(ranked.unit), short_number(ranked.score)});
    draw_text({row.x + t.px(4), stage.narrow ? row.y : cells.y + t.px(2)}, label.c_str(), t.small_text, t.color.text,
              stage.narrow ? row.w - t.px(8) : t.px(label_width - 8));
    if (!stage.narrow) {
        const std::string means = say(Text::rnn_unit_means, {short_number(ranked.inside), short_number(ranked.outside)});
        draw_text({row.x + t.px(4), cells.y + t.px(2) + line}, means.c_str(), t.small_text, t.color.text_soft, t.px(label_width - 8));
    }
    std::string also;
    for (size_t i = 0; i < std::min(elsewhere.size(), most_words); ++i)
        also += (i ? "  " : "") + bench().step_labels()[static_cast<size_t>(elsewhere[i])] + " (" + std::to_string(elsewhere[i] + 1) + ")";
    if (elsewhere.size() > most_words) also += "  ...";
    const std::string where =
        elsewhere.empty() ? say(Text::rnn_unit_nowhere) : say(Text::rnn_unit_elsewhere, {std::to_string(elsewhere.size()), also});
    draw_text({cells.x, cells.bottom() + t.px(5)}, where.c_str(), t.small_text, t.color.text_soft, row.right() - cells.x - t.px(4));
    return row.h;
}

float RnnUnitsView::draw_units(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y, side = stage.narrow ? t.px(4) : t.px(label_width);
    area.cut_top(draw_parts(stage, area));
    axis_.fit(stage, bench().steps(), ranked_for_.first, area.x + side, area.w - side);
    axis_.take_wheel(area);
    for (const RankedUnit& ranked : ranking_) area.cut_top(draw_row(stage, ranked, area) + t.px(2));
    area.cut_top(axis_.draw_scroll_bar(stage, "rnn.units.scroll", {area.x + side, area.y, area.w - side, 0}) + t.px(4));
    const std::string line = say(Text::rnn_units_how, {number(static_cast<double>(threshold_) * 100)});
    area.cut_top(draw_paragraph(area.min(), line.c_str(), t.small_text, t.color.text_soft, area.w));
    return area.y - top;
}

}  // namespace trilens

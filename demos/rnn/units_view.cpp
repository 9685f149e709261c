// The ranking is read off the states on screen; nothing here computes a state.
#include "demos/rnn/units_view.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "demos/text/text.h"
#include "demos/widgets/color_map.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr size_t shown_units = 8, shown_steps = 5;
constexpr double milliseconds_a_frame = 6;

}  // namespace

void RnnUnitsView::list_fields(Fields& fields) {
    fields.choice("rnn.unit_part", Text::field_rnn_unit_part, Text::help_rnn_unit_part, part_,
                  {{"hidden", Text::rnn_title_hidden}, {"cell_state", Text::rnn_title_cell_state}});
}

// A cell without a cell state shows its hidden state.
const char* RnnUnitsView::node() const {
    return part_ == Part::cell_state && bench().graph()->contains("rnn.cell_state") ? "rnn.cell_state" : "rnn.hidden";
}

void RnnUnitsView::compute() {
    const int64_t last = bench().steps() - 1;
    std::pair<int64_t, int64_t> phrase = phrase_.value_or(std::pair(last, last));
    phrase = {std::min(phrase.first, last), std::min(phrase.second, last)};
    if (version_ == bench().version() && ranked_for_ == phrase && ranked_part_ == part_) return;
    version_ = bench().version();
    ranked_for_ = phrase;
    ranked_part_ = part_;
    ranking_ = rank_units(bench().graph()->find(node()).tensor(), phrase);
}

float RnnUnitsView::draw_phrase(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const Tensor& states = bench().graph()->find(node()).tensor();
    const int64_t units = states.extent(1), shown = unit_ >= 0 && unit_ < units ? unit_ : ranking_.front().unit;
    std::vector<float> values;
    for (int64_t step = 0; step < bench().steps(); ++step) values.push_back(states.data()[step * units + shown]);
    TokenStripStyle style;
    style.values = values;
    style.brushed = ranked_for_;
    const TokenStripEvent event = strip_.draw(stage, "rnn.phrase", bench().step_labels(), area, style);
    if (event.brushed) phrase_ = event.brushed, unit_ = -1;
    if (event.clicked >= 0) phrase_ = std::pair(event.clicked, event.clicked), unit_ = -1;
    if (event.hovered >= 0) stage.inspector.hover({node(), event.hovered * units + shown});
    area.cut_top(event.height + t.px(6));
    const std::string line = say(Text::rnn_phrase_hint, {std::to_string(shown)});
    area.cut_top(draw_paragraph(area.min(), line.c_str(), t.small_text, t.color.text_soft, area.w) + t.px(6));
    for (size_t i = 0; i < std::min(shown_units, ranking_.size()); ++i) area.cut_top(draw_unit(stage, ranking_[i], area));
    return area.y - top;
}

// One row: the unit, how much it stands out, and its value at every step as a strip of cells; where it is as strong as on the phrase, a dot stands below.
float RnnUnitsView::draw_unit(Stage& stage, const RankedUnit& ranked, Rect area) {
    const Theme& t = theme();
    const Tensor& states = bench().graph()->find(node()).tensor();
    const int64_t units = states.extent(1), steps = states.extent(0);
    const float height = t.px(stage.touch ? t.touch_target : 30), labels = t.px(stage.narrow ? 120 : 200);
    const Rect row{area.x, area.y, area.w, height};
    const std::string name = "rnn.unit:" + std::to_string(ranked.unit);
    stage.place(name, row);
    ImGui::SetCursorScreenPos(row.min());
    ImGui::PushID(name.c_str());
    if (ImGui::InvisibleButton("unit", {row.w, row.h}, ImGuiButtonFlags_EnableNav)) unit_ = ranked.unit;
    const bool hovered = ImGui::IsItemHovered();
    ImGui::PopID();
    ImDrawList* list = ImGui::GetWindowDrawList();
    if (hovered || unit_ == ranked.unit) list->AddRectFilled(row.min(), row.max(), t.color.control_hovered, t.px(5));
    const std::string label = say(Text::rnn_unit_row, {std::to_string(ranked.unit), number(static_cast<double>(ranked.score))});
    draw_text({row.x + t.px(6), row.y + (height - t.px(t.small_text)) / 2}, label.c_str(), t.small_text, t.color.text, labels - t.px(12));
    const Rect cells{row.x + labels, row.y + t.px(5), row.w - labels - t.px(4), height - t.px(14)};
    float largest = 1e-6f;
    for (int64_t step = 0; step < steps; ++step) largest = std::max(largest, std::fabs(states.data()[step * units + ranked.unit]));
    const float width = cells.w / static_cast<float>(steps);
    for (int64_t step = 0; step < steps; ++step) {
        const float value = states.data()[step * units + ranked.unit], x = cells.x + static_cast<float>(step) * width;
        list->AddRectFilled({x, cells.y}, {x + width, cells.bottom()}, map_color(ColorMap::diverging, 0.5f + 0.5f * value / largest));
        const bool within = step >= ranked_for_.first && step <= ranked_for_.second;
        const bool fires = ranked.inside > ranked.outside ? value >= ranked.inside : value <= ranked.inside;
        if (within) list->AddRectFilled({x, cells.bottom() + 1}, {x + width, cells.bottom() + t.px(3)}, t.color.mark);
        else if (fires) list->AddCircleFilled({x + width / 2, cells.bottom() + t.px(4)}, t.px(2.2f), t.color.accent);
    }
    if (hovered && cells.contains(ImGui::GetIO().MousePos)) {
        const auto step = static_cast<int64_t>((ImGui::GetIO().MousePos.x - cells.x) / width);
        stage.inspector.hover({node(), std::min(step, steps - 1) * units + ranked.unit});
    }
    return height + t.px(2);
}

float RnnUnitsView::draw_influence(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    influence_.ask(bench());
    if (influence_.changes().empty())
        return draw_paragraph(area.min(), say(Text::rnn_influence_none), t.small_text, t.color.text_soft, area.w);
    const auto start = std::chrono::steady_clock::now();
    if (influence_.step(bench(), [start] {
            return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count() < milliseconds_a_frame;
        }))
        stage.again();
    TokenStripStyle style;
    style.values = influence_.changes();
    const TokenStripEvent event = influence_strip_.draw(stage, "rnn.influence", bench().step_labels(), area, style);
    area.cut_top(event.height + t.px(6));
    const std::string answer = bench().classes()[static_cast<size_t>(bench().target_class())];
    const std::string line = say(Text::rnn_influence_hint, {answer});
    area.cut_top(draw_paragraph(area.min(), line.c_str(), t.small_text, t.color.text_soft, area.w) + t.px(4));
    for (const int64_t step : influence_.strongest(shown_steps)) {
        const float change = influence_.changes()[static_cast<size_t>(step)];
        const std::string text = (change >= 0 ? "+" : "") + number(static_cast<double>(change)) + "  " +
                                 bench().step_labels()[static_cast<size_t>(step)] + "  (" + std::to_string(step + 1) + ")";
        draw_text(area.min(), text.c_str(), t.small_text, t.color.text, area.w);
        area.cut_top(t.px(t.small_text + 5));
    }
    return area.y - top;
}

float RnnUnitsView::draw(Stage& stage, Rect area) {
    const float top = area.y;
    if (bench().steps() == 0) return draw_paragraph(area.min(), say(Text::rnn_empty), theme().text, theme().color.text_soft, area.w);
    compute();
    area.y += cards_.draw(stage, "units.phrase", say(Text::rnn_phrase_title), area, [&](Rect inner) { return draw_phrase(stage, inner); });
    area.y += cards_.draw(stage, "units.influence", say(Text::rnn_influence_title), area,
                          [&](Rect inner) { return draw_influence(stage, inner); });
    return area.y - top;
}

}  // namespace trilens

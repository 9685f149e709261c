// What is brushed and compared. The ranking is read off the states on screen; nothing here computes a state.
#include "demos/rnn/units_view.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "demos/text/text.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/tabs.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

// What a unit may be looked at in; those that the cell on screen has not are passed over.
struct Part {
    const char* name;   // of the node, after "rnn."
    Text title;
};
const std::vector<Part>& all_parts() {
    static const std::vector<Part> parts = [] {
        std::vector<Part> all{{"hidden", Text::rnn_title_hidden}, {"cell_state", Text::rnn_title_cell_state}};
        for (const RnnGate& gate : rnn_gates()) all.push_back({gate.part, gate.title});
        return all;
    }();
    return parts;
}

std::string node_of(const Part& part) { return std::string("rnn.") + part.name; }

}  // namespace

void RnnUnitsView::list_fields(Fields& fields) {
    fields.section(Text::view_rnn_units);
    fields.effect(Field::Effect::looks);
    std::vector<Choice> choices;
    for (const Part& part : all_parts()) choices.push_back({part.name, part.title});
    fields.choice("rnn.unit_part", Text::field_rnn_unit_part, Text::help_rnn_unit_part, part_, std::move(choices)).listed = false;
    fields.real("rnn.unit_threshold", Text::field_rnn_unit_threshold, Text::help_rnn_unit_threshold, threshold_, {0.1, 1.5, 0.1});
    fields.integer("rnn.brush_from", Text::field_rnn_brush_from, Text::help_rnn_brush, from_, {0, 999, 1}).listed = false;
    fields.integer("rnn.brush_to", Text::field_rnn_brush_to, Text::help_rnn_brush, to_, {0, 999, 1}).listed = false;
    fields.integer("rnn.unit", Text::field_rnn_unit, Text::help_rnn_unit, unit_, {-1, 1023, 1}).listed = false;
}

// A cell without that part shows its hidden state.
std::string RnnUnitsView::node() const {
    const std::string wanted = node_of(all_parts()[static_cast<size_t>(part_)]);
    return bench().graph()->contains(wanted) ? wanted : "rnn.hidden";
}

StepRange RnnUnitsView::phrase() const {
    const int64_t last = bench().steps() - 1;
    if (from_ < 1 || to_ < 1) return {last, last};
    const int64_t from = from_ - 1, to = to_ - 1;
    return {std::min({from, to, last}), std::min(std::max(from, to), last)};
}

void RnnUnitsView::compute() {
    if (version_ == bench().version() && ranked_for_ == phrase() && ranked_node_ == node()) return;
    version_ = bench().version();
    ranked_for_ = phrase();
    ranked_node_ = node();
    ranking_ = rank_units(states(), ranked_for_);
    if (ranking_.size() > shown_units) ranking_.resize(shown_units);
    lowest_ = highest_ = 0;
    const int64_t units = states().extent(1);
    for (const RankedUnit& each : ranking_)
        for (int64_t step = 0; step < bench().steps(); ++step) {
            const float value = states().data()[step * units + each.unit];
            lowest_ = std::min(lowest_, value);
            highest_ = std::max(highest_, value);
        }
}

void RnnUnitsView::brush(StepRange range, bool joins) {
    const std::pair before(from_, to_), after(static_cast<int>(range.first + 1), static_cast<int>(range.second + 1));
    if (before == after) return;
    const auto put = [this](std::pair<int, int> wanted) {
        std::tie(from_, to_) = wanted;
        host().changed();
    };
    later([this, put, before, after, joins] {
        host().record({"brush", [put, before] { put(before); }, [put, after] { put(after); }}, joins);
        put(after);
    });
}

// A unit that is chosen already is unchosen.
void RnnUnitsView::choose(int64_t unit) { set("rnn.unit", unit == unit_ ? int64_t{-1} : unit); }

// The tokens of a range as they are read; a long one is cut in the middle.
std::string RnnUnitsView::words(StepRange range) const {
    constexpr int64_t most = 12;
    const char* between = bench().task().separator(bench().context());
    std::string out;
    for (int64_t step = range.first; step <= range.second; ++step) {
        const bool cut = range.second - range.first >= most && step == range.first + most / 2;
        if (cut) step = range.second - most / 2 + 1;
        out += (out.empty() ? "" : between) + std::string(cut ? "... " : "") + bench().step_labels()[static_cast<size_t>(step)];
    }
    return out;
}

float RnnUnitsView::draw_phrase(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const int64_t units = states().extent(1);
    std::vector<float> values;
    if (unit_ >= 0 && unit_ < units)
        for (int64_t step = 0; step < bench().steps(); ++step) values.push_back(states().data()[step * units + unit_]);
    TokenStripStyle style;
    style.values = values;
    style.brushed = ranked_for_;
    style.highest = stage.narrow ? 150 : 120;
    if (bench().reads_text()) style.known = [this](int64_t step) { return bench().reading().is_known(step); };
    const TokenStripEvent event = strip_.draw(stage, "rnn.phrase", bench().step_labels(), area, style);
    if (event.brushed) {
        brush(*event.brushed, brushing_);
        brushing_ = true;
    } else if (event.clicked >= 0) {
        brush({event.clicked, event.clicked}, false);
    }
    if (event.hovered >= 0) {
        hovered_ = event.hovered;
        const int64_t unit = !values.empty() ? unit_ : ranking_.front().unit;
        stage.inspector.hover({node(), event.hovered * units + unit});
    }
    area.cut_top(event.height + t.px(6));
    const std::string line = values.empty() ? say(Text::rnn_phrase_hint) : say(Text::rnn_unit_colours, {std::to_string(unit_)});
    area.cut_top(draw_paragraph(area.min(), line.c_str(), t.small_text, t.color.text_soft, area.w));
    return area.y - top;
}

// One tab for each part that the cell on screen has.
float RnnUnitsView::draw_parts(Stage& stage, Rect area) {
    std::vector<Tab> tabs;
    std::vector<const char*> names;
    int at = 0;
    for (const Part& part : all_parts()) {
        if (!bench().graph()->contains(node_of(part))) continue;
        if (node_of(part) == node()) at = static_cast<int>(tabs.size());
        tabs.push_back({part.name, say(part.title), say(Text::help_rnn_unit_part)});
        names.push_back(part.name);
    }
    if (tabs.size() < 2) return 0;
    float height = 0;
    if (const auto chosen = draw_tabs(stage, "rnn.unit_parts", tabs, at, area, height))
        set("rnn.unit_part", std::string(names[static_cast<size_t>(*chosen)]));
    return height + theme().px(6);
}

float RnnUnitsView::draw(Stage& stage, Rect area) {
    const float top = area.y;
    const auto empty = [&] { return bench().steps() == 0 || !bench().graph(); };
    const auto say_empty = [&](Rect inner) {
        return draw_paragraph(inner.min(), say(Text::rnn_empty), theme().text, theme().color.text_soft, inner.w);
    };
    if (empty()) return cards_.draw(stage, "rnn.units.empty", nullptr, area, say_empty);
    if (!ImGui::IsMouseDown(0)) brushing_ = false, grabbed_ = -1;
    marked_ = std::exchange(hovered_, -1);
    compute();
    area.y +=
        cards_.draw(stage, "rnn.units.phrase", say(Text::rnn_phrase_title), area, [&](Rect inner) { return draw_phrase(stage, inner); });
    const std::string title = say(Text::rnn_units_title, {words(ranked_for_)});
    area.y += cards_.draw(stage, "rnn.units.rows", title.c_str(), area, [&](Rect inner) { return draw_units(stage, inner); });
    area.y += cards_.draw(stage, "rnn.units.influence", say(Text::rnn_influence_title), area,
                          [&](Rect inner) { return draw_influence(stage, inner); });
    if (hovered_ != marked_) stage.again();
    return area.y - top;
}

}  // namespace trilens

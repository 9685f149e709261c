// Colours go by strength over the whole curve, so that they rest while the position moves.
#include "demos/cnn/movement_plot.h"

#include <algorithm>
#include <cstdio>

#include "demos/text/text.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr size_t coloured = 3;   // classes beside the one that wins unmoved

int32_t strongest(std::span<const float> values) { return static_cast<int32_t>(std::ranges::max_element(values) - values.begin()); }

std::string percent(float probability) {
    char text[16];
    std::snprintf(text, sizeof text, "%.1f", static_cast<double>(probability) * 100);
    return text;
}

}  // namespace

PlotArea draw_movement_curve(Stage& stage, const MovementCurve::Curve& curve, const AnswerClasses& classes, Motion now,
                             std::span<const float> probabilities, Rect area) {
    const Theme& t = theme();
    // Coloured: the unmoved winner, and the strongest over the whole curve, so that colours rest while the position moves.
    std::vector<size_t> order;
    std::vector<float> strength;
    for (size_t i = 0; i < curve.probabilities.size(); ++i) {
        float sum = 0;
        for (const float each : curve.probabilities[i]) sum += each;
        strength.push_back(sum);
        order.push_back(i);
    }
    const auto winner = static_cast<size_t>(classes.winner);
    std::ranges::sort(order, [&](size_t a, size_t b) {
        return (a == winner) != (b == winner) ? a == winner : strength[a] != strength[b] ? strength[a] > strength[b] : a < b;
    });
    std::vector<Series> series;
    for (size_t i = order.size(); i-- > 0;) {   // the winner last: on top
        const bool shown = i <= coloured;
        series.push_back({shown ? classes.names[order[i]] : "", shown ? t.color.series[i] : (t.color.text_soft & 0x00ffffff) | 0x60000000,
                          curve.positions, curve.probabilities[order[i]]});
    }
    const char* label = say(static_cast<Text>(static_cast<int>(Text::move_shift_x) + static_cast<int>(curve.along)));
    // The axis is named beside the legend where there is room, else below it.
    const char* axis = say(Text::move_probability);
    float legend = 0;
    for (const Series& each : series) legend += each.label.empty() ? 0 : text_width(each.label.c_str(), t.small_text) + t.px(26);
    const float axis_width = text_width(axis, t.small_text);
    const bool beside = legend + axis_width < area.w;
    if (beside) draw_text({area.right() - axis_width, area.y}, axis, t.small_text, t.color.text_soft);
    const PlotArea plot = draw_plot(stage, "cnn.move.curve", series, area,
                                    {.x_label = label, .y_label = beside ? nullptr : axis, .y_range = std::pair(0.0, 1.02)});
    // What the moved picture's own pass gave, on the curve of the batches.
    const float x = plot.x(static_cast<double>(quantity(now, curve.along)));
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddLine({x, plot.inside.y}, {x, plot.inside.bottom()}, t.color.text, t.px(1.5f));
    for (size_t i = std::min(order.size(), coloured + 1); i-- > 0;) {
        const ImVec2 at{x, plot.y(static_cast<double>(probabilities[order[i]]))};
        list->AddCircleFilled(at, t.px(5), t.color.card);
        list->AddCircleFilled(at, t.px(4), t.color.series[i]);
    }
    return plot;
}

std::string answer_sentence(const AnswerClasses& classes, std::span<const float> plain, std::span<const float> moved) {
    const int32_t before = strongest(plain), after = strongest(moved);
    const auto name = [&](int32_t at) { return classes.names[static_cast<size_t>(at)]; };
    const auto share = [](std::span<const float> all, int32_t at) { return percent(all[static_cast<size_t>(at)]); };
    return say(before == after ? Text::move_stays : Text::move_changes,
               {name(before), share(plain, before), name(after), share(moved, after)});
}

std::string range_sentence(const MovementCurve::Curve* curve, const AnswerClasses& classes) {
    const auto winner = static_cast<size_t>(classes.winner);
    if (!curve || winner >= curve->probabilities.size() || curve->probabilities.size() != classes.names.size()) return {};
    const auto wins = [&](size_t at) {
        return std::ranges::all_of(curve->probabilities, [&](const auto& each) { return each[at] <= curve->probabilities[winner][at]; });
    };
    const AlongRange& range = range_of(curve->along);
    auto low = static_cast<size_t>(std::ranges::find(curve->positions, range.neutral) - curve->positions.begin()), high = low;
    const std::string& name = classes.names[winner];
    if (low == curve->positions.size() || !wins(low)) return say(Text::move_range_none, {name});
    while (low > 0 && wins(low - 1)) --low;
    while (high + 1 < curve->positions.size() && wins(high + 1)) ++high;
    return say(Text::move_range,
               {name, number(static_cast<double>(curve->positions[low])), number(static_cast<double>(curve->positions[high]))});
}

}  // namespace trilens

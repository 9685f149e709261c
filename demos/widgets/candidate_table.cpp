// Label, the two bars one below the other, the two percentages.
#include "demos/widgets/candidate_table.h"

#include <algorithm>
#include <cstdio>

#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float row_height = 25, widest_label = 120;  // units

}  // namespace

std::string percent_text(float share) {
    char out[16];
    std::snprintf(out, sizeof out, "%.1f %%", static_cast<double>(share) * 100);
    return out;
}

CandidateTableEvent draw_candidate_table(Stage& stage, std::string_view name, std::span<const Candidate> candidates,
                                         std::optional<size_t> drawn, Rect area) {
    const Theme& t = theme();
    const Palette& c = t.color;
    const float number_width = text_width("100.0 %", t.small_text), gap = t.px(t.gap), row = t.px(row_height);
    float label = t.px(20);
    for (const Candidate& each : candidates) label = std::max(label, text_width(each.label.c_str(), t.text));
    label = std::min(label, t.px(widest_label));
    const bool changed = std::ranges::any_of(candidates, [](const Candidate& each) { return each.before != each.after; });
    const float left = area.x + label + gap, numbers = (changed ? 2 : 1) * (number_width + gap),
                width = std::max(area.right() - left - numbers, t.px(20));
    CandidateTableEvent event{row * static_cast<float>(candidates.size())};
    stage.place(name, {area.x, area.y, area.w, event.height});
    ImDrawList* list = ImGui::GetWindowDrawList();
    for (size_t i = 0; i < candidates.size(); ++i) {
        const Candidate& candidate = candidates[i];
        const Rect line = area.cut_top(row);
        const float middle = line.y + row / 2;
        const bool chosen = drawn == i;
        if (chosen)
            list->AddRectFilled({line.x - t.px(4), line.y + 1}, {line.right() + t.px(4), line.bottom() - 1}, c.accent_soft, t.px(6));
        draw_text({line.x, middle - t.px(t.text) / 2}, candidate.label.c_str(), t.text, chosen ? c.accent : c.text, label);
        list->AddRectFilled({left, middle - t.px(8)}, {left + width, middle + t.px(8)}, c.control, t.px(3));
        const auto bar = [&](float share, float above, float below, ImU32 color) {
            if (share * width >= 0.5f)
                list->AddRectFilled({left, middle + t.px(above)}, {left + share * width, middle + t.px(below)}, color, t.px(2));
        };
        bar(candidate.before, -8, changed ? -1 : 8, c.text_soft);
        if (changed) bar(candidate.after, 0, 8, c.accent);
        const auto put = [&](float right, float share, ImU32 ink) {
            const std::string text = percent_text(share);
            draw_text({right - text_width(text.c_str(), t.small_text), middle - t.px(t.small_text) / 2}, text.c_str(), t.small_text, ink);
        };
        if (changed) put(line.right() - number_width - gap, candidate.before, c.text_soft);
        put(line.right(), candidate.after, c.text);
        if (line.contains(ImGui::GetIO().MousePos) && ImGui::IsWindowHovered()) event.hovered = static_cast<int64_t>(i);
    }
    return event;
}

}  // namespace trilens

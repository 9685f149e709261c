// Bars: label, a track with the filled part, the percentage; the element under the pointer goes to the inspector.
#include "demos/widgets/bars.h"

#include <algorithm>
#include <cstdio>

#include "demos/widgets/inspector.h"
#include "demos/widgets/theme.h"

namespace trilens {

float draw_bars(Stage& stage, std::string_view name, std::span<const float> values, std::span<const std::string> labels, Rect area,
                int64_t first) {
    const Theme& t = theme();
    const Palette& c = t.color;
    ImDrawList* list = ImGui::GetWindowDrawList();
    float label_width = 0;
    for (const std::string& label : labels) label_width = std::max(label_width, text_width(label.c_str(), t.text));
    const float number_width = text_width("100.0 %", t.text), gap = t.px(t.gap);
    const float row =
        std::max(t.px(stage.touch ? 34 : 24), area.h > 0 ? std::min(area.h / static_cast<float>(values.size()), t.px(34)) : 0.0f);
    const size_t best = static_cast<size_t>(std::max_element(values.begin(), values.end()) - values.begin());
    const float left = area.x + label_width + gap, width = std::max(area.w - label_width - number_width - 2 * gap, t.px(20));
    const std::vector<Mark> marks = stage.inspector.marks(name);
    for (size_t i = 0; i < values.size(); ++i) {
        const float top = area.y + row * static_cast<float>(i), middle = top + row / 2, half = t.px(7);
        const float filled = std::clamp(values[i], 0.0f, 1.0f) * width;
        const ImU32 ink = i == best ? c.text : c.text_soft;
        if (i < labels.size()) draw_text({area.x, middle - t.px(t.text) / 2}, labels[i].c_str(), t.text, ink);
        list->AddRectFilled({left, middle - half}, {left + width, middle + half}, c.control, half);
        if (filled >= 0.5f)
            list->AddRectFilled({left, middle - half}, {left + filled, middle + half}, i == best ? c.accent : c.activation,
                                std::min(half, filled / 2));
        char percent[16];
        std::snprintf(percent, sizeof percent, "%.1f %%", static_cast<double>(values[i]) * 100);
        draw_text({area.x + area.w - text_width(percent, t.text), middle - t.px(t.text) / 2}, percent, t.text, ink);
        for (const Mark& mark : marks)
            if (mark.y == first / static_cast<int64_t>(values.size()) && static_cast<size_t>(mark.x) <= i &&
                i < static_cast<size_t>(mark.x + mark.width))
                list->AddRect({area.x - t.px(4), top + 1}, {area.x + area.w + t.px(4), top + row - 1},
                              mark.kind == Mark::Kind::subject ? c.accent : c.mark, t.px(6), 0, t.px(1.5f));
    }
    const float height = row * static_cast<float>(values.size());
    stage.place(name, {area.x, area.y, area.w, height});
    ImGui::SetCursorScreenPos(area.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    const bool released = ImGui::InvisibleButton("bars", {area.w, std::max(height, 1.0f)});
    if (ImGui::IsItemHovered()) {
        const auto at = static_cast<int64_t>((ImGui::GetIO().MousePos.y - area.y) / row);
        if (at >= 0 && at < static_cast<int64_t>(values.size())) {
            stage.inspector.hover({std::string(name), first + at});
            if (released && was_tap()) stage.inspector.pin({std::string(name), first + at});
        }
    }
    ImGui::PopID();
    return height;
}

}  // namespace trilens

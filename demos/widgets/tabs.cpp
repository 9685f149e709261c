// Buttons as wide as their labels, wrapped.
#include "demos/widgets/tabs.h"

#include "demos/widgets/theme.h"

namespace trilens {

namespace {

float width_of(const Tab& tab) { return text_width(tab.label, theme().text) + theme().px(24); }
float gap_between() { return theme().px(4); }

}  // namespace

float tabs_width(std::span<const Tab> tabs) {
    float width = 0;
    for (const Tab& tab : tabs) width += (width > 0 ? gap_between() : 0) + width_of(tab);
    return width;
}

std::optional<int> draw_tabs(Stage& stage, std::string_view name, std::span<const Tab> tabs, int at, Rect area, float& height) {
    const Theme& t = theme();
    const float row = t.px(stage.touch ? t.touch_target : t.control_height), gap = gap_between();
    float x = area.x, y = area.y;
    std::optional<int> chosen;
    for (size_t i = 0; i < tabs.size(); ++i) {
        const float width = width_of(tabs[i]);
        if (x + width > area.right() && x > area.x) x = area.x, y += row + gap;
        const std::string full = std::string(name) + ":" + tabs[i].id;
        if (draw_button(stage, full.c_str(), tabs[i].label, {x, y, width, row}, at == static_cast<int>(i))) chosen = static_cast<int>(i);
        if (ImGui::IsItemHovered(ImGuiHoveredFlags_DelayNormal | ImGuiHoveredFlags_NoNavOverride)) draw_tooltip(tabs[i].help);
        x += width + gap;
    }
    height = y + row - area.y;
    return chosen;
}

}  // namespace trilens

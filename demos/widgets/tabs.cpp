// Buttons as wide as their labels, wrapped.
#include "demos/widgets/tabs.h"

#include "demos/widgets/theme.h"

namespace trilens {

std::optional<int> draw_tabs(Stage& stage, std::string_view name, std::span<const Tab> tabs, int at, Rect area, float& height) {
    const Theme& t = theme();
    const float row = t.px(stage.touch ? t.touch_target : t.control_height), gap = t.px(4);
    float x = area.x, y = area.y;
    std::optional<int> chosen;
    for (size_t i = 0; i < tabs.size(); ++i) {
        const float width = text_width(tabs[i].label, t.text) + t.px(24);
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

// Every cell is a button of its own, so that a number can be followed.
#include "demos/widgets/number_grid.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "demos/widgets/theme.h"

namespace trilens {

ImU32 ink_on(ImU32 color) {
    const float light = 0.299f * static_cast<float>(color & 255) + 0.587f * static_cast<float>(color >> 8 & 255) +
                        0.114f * static_cast<float>(color >> 16 & 255);
    return light > 140 ? IM_COL32(0, 0, 0, 255) : IM_COL32(255, 255, 255, 255);
}

std::string short_number(float value) {
    char text[24];
    if (std::fabs(value) < 0.005f) value = 0;
    std::snprintf(text, sizeof text,
                  std::fabs(value) >= 99.95f   ? "%.0f"
                  : std::fabs(value) >= 9.995f ? "%.1f"
                                               : "%.2f",
                  static_cast<double>(value));
    return text;
}

std::string as_factor(const std::string& number) { return number.starts_with('-') ? "(" + number + ")" : number; }

GridTouch draw_number_grid(Stage& stage, std::string_view name, const NumberGrid& grid, ImVec2 at) {
    const Theme& t = theme();
    const float size = std::min(t.small_text - 1, grid.cell / t.scale * 0.36f);
    const ColorScale scale = ColorScale::of(grid.map, grid.values.data(), static_cast<int64_t>(grid.values.size()));
    stage.place(name, {at.x, at.y, grid.width(), grid.height()});
    GridTouch touch;
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImGui::PushID(name.data(), name.data() + name.size());
    for (int64_t i = 0; i < static_cast<int64_t>(grid.values.size()); ++i) {
        const float value = grid.values[static_cast<size_t>(i)];
        const bool outside = !grid.outside.empty() && grid.outside[static_cast<size_t>(i)];
        const Rect box{at.x + static_cast<float>(i % grid.columns) * grid.cell, at.y + static_cast<float>(i / grid.columns) * grid.cell,
                       grid.cell - 1, grid.cell - 1};
        const ImU32 color = outside ? t.color.control : scale.color(value);
        list->AddRectFilled(box.min(), box.max(), color, t.px(3));
        if (i == grid.winner) list->AddRect(box.min(), box.max(), t.color.mark, t.px(3), 0, t.px(2.5f));
        const std::string text = outside ? "0" : short_number(value);
        const float wide = text_width(text.c_str(), size);
        draw_text({box.x + (box.w - wide) / 2, box.y + (box.h - t.px(size)) / 2}, text.c_str(), size,
                  outside ? t.color.text_soft : ink_on(color));
        ImGui::SetCursorScreenPos(box.min());
        ImGui::PushID(static_cast<int>(i));
        if (ImGui::InvisibleButton("cell", {std::max(box.w, 1.0f), std::max(box.h, 1.0f)}) && was_tap()) touch.clicked = i;
        if (ImGui::IsItemHovered()) touch.hovered = i;
        ImGui::PopID();
    }
    ImGui::PopID();
    return touch;
}

}  // namespace trilens

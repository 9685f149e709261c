// Parts of a formula, set like words: left to right, wrapped, links underlined under the pointer.
#include "demos/widgets/formula.h"

#include <algorithm>

#include "demos/widgets/theme.h"

namespace trilens {

int draw_formula(Stage& stage, std::string_view name, const std::vector<FormulaPart>& parts, Rect area, float& height) {
    const Theme& t = theme();
    const float line = t.px(t.text + 7), size = t.text;
    ImVec2 at{area.x, area.y};
    int clicked = -1;
    ImGui::PushID(name.data(), name.data() + name.size());
    for (size_t i = 0; i < parts.size(); ++i) {
        const FormulaPart& part = parts[i];
        const char* text = part.text.c_str();
        float width = text_width(text, size), needed = width;
        for (size_t next = i + 1; next < parts.size() && parts[next].glued; ++next) needed += text_width(parts[next].text.c_str(), size);
        if (!part.glued && at.x > area.x && at.x + needed > area.x + area.w) at = {area.x, at.y + line};
        if (at.x == area.x && *text == ' ') width = text_width(++text, size);
        draw_text(at, text, size, part.color ? part.color : t.color.text, area.w);
        if (part.link >= 0) {
            ImGui::PushID(static_cast<int>(i));
            ImGui::SetCursorScreenPos(at);
            if (ImGui::InvisibleButton("link", {std::max(width, 1.0f), t.px(size + 3)}, ImGuiButtonFlags_EnableNav) && was_tap())
                clicked = part.link;
            if (ImGui::IsItemHovered() || ImGui::IsItemFocused()) {
                ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
                const float under = at.y + t.px(size + 2);
                ImGui::GetWindowDrawList()->AddLine({at.x, under}, {at.x + width, under}, part.color ? part.color : t.color.text);
            }
            ImGui::PopID();
        }
        at.x += width;
    }
    ImGui::PopID();
    height = parts.empty() ? 0 : at.y + line - area.y;
    stage.place(name, {area.x, area.y, area.w, height});
    return clicked;
}

}  // namespace trilens

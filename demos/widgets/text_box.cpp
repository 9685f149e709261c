// ImGui's input, which wants a buffer of the longest text's size.
#include "demos/widgets/text_box.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cstring>

namespace trilens {

std::optional<std::string> TextBox::draw(Stage& stage, std::string_view name, const std::string& text, Rect box,
                                         const TextBoxStyle& style) {
    const bool keeps = active_ && style.on_leave;
    if (!keeps && (typed_.empty() || text != typed_.data())) {
        typed_.assign(style.longest + 1, '\0');
        std::memcpy(typed_.data(), text.data(), std::min(text.size(), style.longest));
    }
    stage.place(name, box);
    ImGui::SetCursorScreenPos(box.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    bool changed = false;
    // ImGui's Escape would bring back what stood there before; everything has followed the typed text by then.
    if (active_ && ImGui::IsKeyPressed(ImGuiKey_Escape, false)) ImGui::ClearActiveID();
    if (style.lines) {
        changed = ImGui::InputTextMultiline("##text", typed_.data(), typed_.size(), {box.w, box.h});
    } else {
        ImGui::SetNextItemWidth(box.w);
        changed = ImGui::InputText("##text", typed_.data(), typed_.size());
    }
    active_ = ImGui::IsItemActive();
    if (active_ || (style.lines && ImGui::IsItemHovered())) stage.claim_pointer();
    const bool left = ImGui::IsItemDeactivated();
    ImGui::PopID();
    const bool taken = style.on_leave ? left && text != typed_.data() : changed;
    return taken ? std::optional<std::string>(typed_.data()) : std::nullopt;
}

}  // namespace trilens

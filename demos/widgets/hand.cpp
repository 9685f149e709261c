// The hand reads Dear ImGui's trail of input events: all pointer positions since the last frame, in order.
#include "demos/widgets/hand.h"

#include <imgui_internal.h>

namespace trilens {

Hand::Trail Hand::follow(Stage& stage, std::string_view name, Rect area) {
    stage.place(name, area);
    ImGui::SetCursorScreenPos(area.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    ImGui::InvisibleButton("pad", {area.w, area.h});
    ImGui::PopID();
    const auto to_pad = [&](float x, float y) { return Point{(x - area.x) / area.w, (y - area.y) / area.h}; };
    const ImGuiIO& io = ImGui::GetIO();

    Trail trail;
    if (ImGui::IsItemActivated()) {
        down_ = trail.began = true;
        trail.points.push_back(to_pad(io.MouseClickedPos[0].x, io.MouseClickedPos[0].y));
    } else if (down_) {
        for (const ImGuiInputEvent& input : ImGui::GetCurrentContext()->InputEventsTrail)
            if (input.Type == ImGuiInputEventType_MousePos && input.MousePos.PosX > -1e5f)
                trail.points.push_back(to_pad(input.MousePos.PosX, input.MousePos.PosY));
    }
    if (down_) stage.claim_pointer();
    if (down_ && !ImGui::IsItemActive()) {
        down_ = false;
        trail.ended = true;
    }
    return trail;
}

}  // namespace trilens

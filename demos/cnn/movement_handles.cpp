// Handles come before the picture, so that the pointer meets them first. A drag is measured against where it began, not against the handle,
// which may be held back at the edge.
#include "demos/cnn/movement_handles.h"

#include <algorithm>
#include <cmath>

#include "demos/widgets/tensor_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float pi = 3.14159265f;
constexpr float frame_half = 11;  // pixels of the picture: a little more than half of the box that digits are fitted into

ImVec2 minus(ImVec2 a, ImVec2 b) { return {a.x - b.x, a.y - b.y}; }
float length(ImVec2 v) { return std::sqrt(v.x * v.x + v.y * v.y); }

// Where things stand for one motion, in units.
struct Geometry {
    Rect picture, bounds;  // the picture; where handles may be
    float cell = 1;
    Motion motion;

    ImVec2 center() const { return {picture.x + picture.w / 2 + motion.right * cell, picture.y + picture.h / 2 + motion.down * cell}; }
    // A place given in pixels from the middle of the unmoved picture, `out` units further from it.
    ImVec2 place(float x, float y, float out = 0) const {
        const float angle = motion.degrees * pi / 180, c = std::cos(angle), s = std::sin(angle), far = std::sqrt(x * x + y * y);
        const float stretch = motion.scale * cell + out / far;
        return {center().x + (c * x - s * y) * stretch, center().y + (s * x + c * y) * stretch};
    }
    ImVec2 kept_inside(ImVec2 at) const {
        return {std::clamp(at.x, bounds.x, bounds.right()), std::clamp(at.y, bounds.y, bounds.bottom())};
    }
};

// An invisible target round a handle; whether it is held.
bool target(Stage& stage, const char* name, ImVec2 at) {
    const float side = theme().px(stage.touch ? theme().touch_target : 30);
    const Rect area{at.x - side / 2, at.y - side / 2, side, side};
    stage.place(name, area);
    ImGui::SetCursorScreenPos(area.min());
    ImGui::InvisibleButton(name, {side, side});
    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    return ImGui::IsItemActive();
}

void draw_frame(const Geometry& g, Rect area, ImVec2 turn, ImVec2 size) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImU32 white = IM_COL32(255, 255, 255, 235), line = t.color.accent;
    list->PushClipRect(area.min(), area.max(), true);
    const float h = frame_half;
    const ImVec2 corners[4] = {g.place(-h, -h), g.place(h, -h), g.place(h, h), g.place(-h, h)};
    list->AddPolyline(corners, 4, IM_COL32(0, 0, 0, 160), ImDrawFlags_Closed, t.px(3));
    list->AddPolyline(corners, 4, line, ImDrawFlags_Closed, t.px(1.5f));
    list->AddLine(corners[1], turn, line, t.px(1.5f));
    list->AddLine(corners[2], size, line, t.px(1.5f));
    list->AddCircleFilled(turn, t.px(9), white);
    list->AddCircle(turn, t.px(9), line, 0, t.px(2.5f));
    const float s = t.px(8);
    list->AddRectFilled({size.x - s, size.y - s}, {size.x + s, size.y + s}, white, t.px(2));
    list->AddRect({size.x - s, size.y - s}, {size.x + s, size.y + s}, line, t.px(2), 0, t.px(2.5f));
    list->PopClipRect();
}

}  // namespace

Motion MovementHandles::dragged(const Drag& drag, ImVec2 to, float cell) const {
    Motion wanted = drag.before;
    const ImVec2 began = minus(drag.from, drag.center), now = minus(to, drag.center);
    if (drag.grip == Grip::shift) {
        wanted.right = std::clamp(drag.before.right + std::round((to.x - drag.from.x) / cell), -most_shift, most_shift);
        wanted.down = std::clamp(drag.before.down + std::round((to.y - drag.from.y) / cell), -most_shift, most_shift);
    } else if (drag.grip == Grip::turn) {
        const float turned = (std::atan2(now.y, now.x) - std::atan2(began.y, began.x)) * 180 / pi;
        const float angle = std::round(drag.before.degrees + turned);
        wanted.degrees = angle - 360 * std::floor((angle + 180) / 360);  // in [-180, 180)
    } else {
        const float grown = drag.before.scale * length(now) / std::max(length(began), 1.0f);
        wanted.scale = std::clamp(std::round(grown * 100) / 100, least_scale, most_scale);
    }
    return wanted;
}

MovementHandles::Event MovementHandles::draw(Stage& stage, std::string_view name, Rect area, const Motion& motion) {
    const Theme& t = theme();
    ImGui::GetWindowDrawList()->AddRectFilled(area.min(), area.max(), IM_COL32(12, 14, 20, 255), t.px(8));
    const float margin = t.px(24), pixels = static_cast<float>(stage.graph->find(name).shape()[-1]), unit = 1 / stage.device_pixels;
    const float cell = std::max(std::floor((std::min(area.w, area.h) - 2 * margin) / pixels / unit), 1.0f) * unit, side = cell * pixels;
    const auto on_grid = [&](float v) { return std::round(v / unit) * unit; };
    const Rect picture{on_grid(area.x + (area.w - side) / 2), on_grid(area.y + (area.h - side) / 2), side, side};
    const Geometry g{picture, area.inset(t.px(12)), cell, motion};
    const ImVec2 turn = g.kept_inside(g.place(frame_half, -frame_half, t.px(24))),
                 size = g.kept_inside(g.place(frame_half, frame_half, t.px(4)));

    const ImVec2 pointer = ImGui::GetIO().MousePos;
    std::optional<Grip> held;
    ImGui::PushID(name.data(), name.data() + name.size());
    if (target(stage, "cnn.move.turn", turn)) held = Grip::turn;
    if (target(stage, "cnn.move.size", size)) held = Grip::size;
    ImGui::PopID();
    draw_tensor(stage, name, picture, {.map = ColorMap::grey, .scale = ColorScale{ColorMap::grey, 0, 1}, .scale_bar = false});
    // The picture's own button is the last item: it inspects where it is pointed at or tapped, and shifts where it is dragged.
    Event event{.wanted = motion};
    if (ImGui::IsItemActive()) held = Grip::shift;
    event.reset = ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
    if (!held || event.reset) {
        drag_.reset();
    } else {
        if (!drag_ || drag_->grip != *held) drag_ = Drag{*held, ImGui::GetIO().MouseClickedPos[0], g.center(), motion};
        event.held = true;
        event.wanted = dragged(*drag_, pointer, cell);
        stage.claim_pointer();
    }
    draw_frame(g, area, turn, size);
    return event;
}

}  // namespace trilens

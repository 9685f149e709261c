// A key belongs to whoever claimed it in the frame before: see ImGui::SetKeyOwner.
#include "demos/cnn/cell_keys.h"

#include <imgui_internal.h>

#include <algorithm>

#include "demos/widgets/tensor_grid.h"

namespace trilens {

namespace {

constexpr int64_t vector_row = 16;   // as network_view folds vectors

}  // namespace

CellKeys take_cell_keys(bool focused) {
    CellKeys keys;
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    if (ImGui::GetIO().WantTextInput || ImGui::IsAnyItemActive() || (context.NavCursorVisible && !focused)) return keys;
    const ImGuiID owner = ImGui::GetID("cells");
    const auto pressed = [&](ImGuiKey key, bool repeats) {
        const bool down = ImGui::IsKeyPressed(key, repeats ? ImGuiInputFlags_Repeat : ImGuiInputFlags_None, owner);
        ImGui::SetKeyOwner(key, owner);
        return down;
    };
    const bool left = pressed(ImGuiKey_LeftArrow, true), right = pressed(ImGuiKey_RightArrow, true);
    const bool up = pressed(ImGuiKey_UpArrow, true), down = pressed(ImGuiKey_DownArrow, true);
    if (left || right || up || down) keys.step = CellStep{int64_t{down} - int64_t{up}, int64_t{right} - int64_t{left}};
    keys.space = pressed(ImGuiKey_Space, false);
    return keys;
}

Element walked(const Graph& graph, Element from, CellStep step) {
    if (!graph.contains(from.node)) return from;
    const Shape& shape = graph.find(from.node).shape();
    const int64_t count = shape.elements();
    if (is_vector(shape)) {
        const int64_t to = from.index + step.right + step.down * (count <= vector_row ? 1 : vector_row);
        if (to >= 0 && to < count) from.index = to;
        return from;
    }
    const int64_t width = shape[-1], height = shape[-2], map = from.index / (width * height);
    const int64_t y = std::clamp<int64_t>(from.index / width % height + step.down, 0, height - 1);
    const int64_t x = std::clamp<int64_t>(from.index % width + step.right, 0, width - 1);
    from.index = (map * height + y) * width + x;
    return from;
}

}  // namespace trilens

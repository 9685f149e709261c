// A hand that moves is a drag, one that does not is a tap and opens the cell for typing. What is typed counts as soon as it is a number.
#include "demos/cnn/kernel_editor.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "demos/cnn/kernels.h"
#include "demos/fields.h"
#include "demos/text/text.h"
#include "demos/widgets/color_map.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/number_grid.h"
#include "demos/widgets/theme.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr float largest_cell = 52, typing_width = 76, drag_pixels = 5;  // units
constexpr double largest_weight = 1000;

// Without the last bits of a sum of steps: 0.3, not 0.3000001.
float rounded(double value) { return static_cast<float>(std::clamp(std::round(value * 10000) / 10000, -largest_weight, largest_weight)); }

Tensor with_cell(const Tensor& kernel, int64_t cell, float value) {
    Tensor out = kernel.clone();
    out.data()[cell] = value;
    return out;
}

// The number in a text field, or nothing if it is none; `why` gets the reason.
std::optional<float> typed_number(const char* text, std::string& why) {
    try {
        const Tensor parsed = parse_kernel(text);
        if (parsed.elements() == 1) return parsed.item();
        why = say(Text::kernel_no_number, {text});
    } catch (const ValueError& error) {
        why = error.what();
    }
    return std::nullopt;
}

// What the keys that ImGui leaves to us do while typing: arrows up and down change the number, Tab goes on to the next cell.
struct Typing {
    float step = 0;
    bool next = false;
};

int take_key(ImGuiInputTextCallbackData* data) {
    Typing& typing = *static_cast<Typing*>(data->UserData);
    if (data->EventFlag == ImGuiInputTextFlags_CallbackCompletion) {
        typing.next = true;
        return 0;
    }
    std::string why;
    const std::optional<float> now = typed_number(data->Buf, why);
    if (!now) return 0;
    const double step = static_cast<double>(data->EventKey == ImGuiKey_UpArrow ? typing.step : -typing.step);
    data->DeleteChars(0, data->BufTextLen);
    data->InsertChars(0, field_text(static_cast<double>(rounded(static_cast<double>(*now) + step))).c_str());
    return 0;
}

// Whole numbers without decimals: kernels are often of these.
std::string weight_text(float value) {
    return value == std::round(value) && std::fabs(value) <= 1000 ? field_text(static_cast<double>(value) + 0.0) : short_number(value);
}

}  // namespace

struct KernelEditor::Grid {
    std::string name;
    const Tensor& kernel;
    ColorScale scale;
    ImVec2 at;
    float cell;

    int64_t columns() const { return kernel.extent(-1); }
    Rect box(int64_t i, int64_t rows = 1, int64_t wide = 1) const {
        return {at.x + static_cast<float>(i % columns()) * cell, at.y + static_cast<float>(i / columns()) * cell,
                cell * static_cast<float>(wide) - 1, cell * static_cast<float>(rows) - 1};
    }
    float value(int64_t i) const { return kernel.data()[i]; }
};

float kernel_step(const Tensor& kernel) {
    float largest = 0;
    for (const float value : kernel.values()) largest = std::max(largest, std::fabs(value));
    if (largest == 0) return 0.1f;
    static constexpr float steps[] = {50, 20, 10, 5, 2, 1, 0.5f, 0.2f, 0.1f, 0.05f, 0.02f};
    for (const float step : steps)
        if (step * 19.99f < largest) return step;
    return 0.01f;
}

float KernelEditor::cell_size(const Tensor& kernel, float width) {
    return std::floor(std::min(width / static_cast<float>(kernel.extent(-1)), theme().px(largest_cell)));
}

void KernelEditor::open(const Grid& grid, int64_t cell) {
    typed_ = cell;
    opened_ = true;
    std::snprintf(text_, sizeof text_, "%s", field_text(static_cast<double>(grid.value(cell))).c_str());
}

void KernelEditor::take_hand(const Grid& grid, int64_t cell, Event& event) {
    if (ImGui::IsItemActivated()) {
        dragged_ = cell;
        dragged_from_ = grid.value(cell);
        step_ = kernel_step(grid.kernel);
    }
    if (dragged_ != cell || !ImGui::IsItemActive() || !ImGui::IsMouseDown(0)) return;
    event.held = true;
    if (was_tap()) return;
    const double way = std::round(static_cast<double>(ImGui::GetIO().MouseClickedPos[0].y - ImGui::GetIO().MousePos.y) /
                                  static_cast<double>(theme().px(drag_pixels)));
    const float value = rounded(static_cast<double>(dragged_from_) + way * static_cast<double>(step_));
    if (value != grid.value(cell)) event.wanted = with_cell(grid.kernel, cell, value);
}

// Where the keyboard's focus is on the cell, up and down are its own.
void KernelEditor::take_arrows(const Grid& grid, int64_t cell, Event& event) {
    if (!ImGui::IsItemFocused() || !ImGui::GetIO().NavVisible || ImGui::IsItemActive()) return;
    const ImGuiID id = ImGui::GetItemID();
    int steps = 0;
    for (const ImGuiKey key : {ImGuiKey_UpArrow, ImGuiKey_DownArrow}) {
        ImGui::SetKeyOwner(key, id);
        if (ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id)) steps += key == ImGuiKey_UpArrow ? 1 : -1;
    }
    if (steps == 0) return;
    const double step = static_cast<double>(kernel_step(grid.kernel));
    event.wanted = with_cell(grid.kernel, cell, rounded(static_cast<double>(grid.value(cell)) + step * steps));
}

void KernelEditor::draw_cell(Stage& stage, const Grid& grid, int64_t cell, Event& event) {
    const Theme& t = theme();
    const Rect box = grid.box(cell);
    const ImU32 color = grid.scale.color(grid.value(cell));
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(box.min(), box.max(), color, t.px(3));
    stage.place(grid.name + "." + std::to_string(cell), box);
    if (cell == typed_) return;
    const std::string text = weight_text(grid.value(cell));
    const float size =
        std::min({t.text, grid.cell / t.scale * 0.4f, t.text * (box.w - t.px(2)) / std::max(text_width(text.c_str(), t.text), 1.0f)});
    const float wide = text_width(text.c_str(), size);
    draw_text({box.x + (box.w - wide) / 2, box.y + (box.h - t.px(size)) / 2}, text.c_str(), size, ink_on(color));
    ImGui::SetCursorScreenPos(box.min());
    ImGui::PushID(static_cast<int>(cell));
    const bool pressed = ImGui::InvisibleButton("cell", {std::max(box.w, 1.0f), std::max(box.h, 1.0f)}, ImGuiButtonFlags_EnableNav);
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_NoNavOverride)) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeNS);
        stage.inspector.hover({grid.name, cell});
    }
    take_hand(grid, cell, event);
    take_arrows(grid, cell, event);
    if (ImGui::IsItemActive()) stage.claim_pointer();
    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) list->AddRect(box.min(), box.max(), t.color.accent, t.px(3), 0, t.px(2));
    if (pressed && (!ImGui::IsMouseReleased(0) || was_tap())) open(grid, cell);
    ImGui::PopID();
}

void KernelEditor::draw_typing(const Grid& grid, Event& event) {
    const Theme& t = theme();
    Rect box = grid.box(typed_);
    const float width = std::max(box.w, t.px(typing_width));
    box.x = std::min(box.x, std::max(grid.at.x, grid.at.x + grid.cell * static_cast<float>(grid.columns()) - width));
    ImGui::SetCursorScreenPos({box.x, box.y + (box.h - ImGui::GetFrameHeight()) / 2});
    ImGui::SetNextItemWidth(width);
    if (opened_) ImGui::SetKeyboardFocusHere();
    opened_ = false;
    Typing typing{kernel_step(grid.kernel)};
    const ImGuiInputTextFlags flags = ImGuiInputTextFlags_AutoSelectAll | ImGuiInputTextFlags_CharsScientific |
                                      ImGuiInputTextFlags_CallbackHistory | ImGuiInputTextFlags_CallbackCompletion;
    ImGui::PushID(static_cast<int>(typed_));
    ImGui::InputText("##number", text_, sizeof text_, flags, take_key, &typing);
    ImGui::PopID();
    const bool ended = ImGui::IsItemDeactivated() || typing.next;
    std::string why;
    const std::optional<float> value = typed_number(text_, why);
    if (value && *value != grid.value(typed_)) event.wanted = with_cell(grid.kernel, typed_, *value);
    event.held = event.held || !ended;
    if (!ended) return;
    event.refused = why;
    const int64_t next = typed_ + 1;
    typed_ = -1;
    if (typing.next && next < grid.kernel.elements()) open(grid, next);
}

KernelEditor::Event KernelEditor::draw(Stage& stage, std::string_view name, const Tensor& kernel, Rect area) {
    Event event;
    if (typed_ >= kernel.elements()) typed_ = -1;
    const Grid grid{std::string(name), kernel, ColorScale::of(ColorMap::diverging, kernel.data(), kernel.elements()), area.min(),
                    cell_size(kernel, area.w)};
    ImGui::PushID(grid.name.c_str());
    for (int64_t cell = 0; cell < kernel.elements(); ++cell) draw_cell(stage, grid, cell, event);
    stage.place(name, {area.x, area.y, grid.cell * static_cast<float>(grid.columns()), grid.cell * static_cast<float>(kernel.extent(-2))});
    for (const Mark& mark : stage.inspector.marks(name))
        if (mark.kind != Mark::Kind::field) draw_mark(grid.box(mark.y * grid.columns() + mark.x, mark.height, mark.width), mark.kind);
    if (typed_ >= 0) draw_typing(grid, event);
    ImGui::PopID();
    return event;
}

}  // namespace trilens

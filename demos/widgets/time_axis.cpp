// Left to itself a step is between 3 and 84 units wide; zoomed out as far as all of them take, but never less than a device pixel.
#include "demos/widgets/time_axis.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float narrowest = 3, widest = 84, legible = 24, bar_height = 24;   // units
constexpr float zoom_step = 1.5f;

}  // namespace

void TimeAxis::fit(const Stage& stage, int64_t steps, int64_t current, float left, float width, float least) {
    least_ = std::max(least, narrowest);
    pixel_ = 1 / stage.device_pixels;
    steps_ = steps;
    space_ = width;
    left_ = std::round(left / pixel_) * pixel_;
    lay_out();
    if (current != current_ && current >= 0) {
        current_ = current;
        if (current < first_ || current >= last()) first_ = current - count_ / 2;
    }
    scroll_to(first_);
}

float TimeAxis::least_column() const {
    return std::clamp(space_ / static_cast<float>(std::max<int64_t>(steps_, 1)), pixel_, theme().px(widest));
}

void TimeAxis::lay_out() {
    const Theme& t = theme();
    const float wanted = wanted_ > 0 ? std::max(t.px(wanted_), least_column()) : std::max(t.px(least_), least_column());
    column_ = std::max(pixel_, std::floor(std::min(wanted, t.px(widest)) / pixel_ + 1e-3f) * pixel_);
    count_ = std::clamp<int64_t>(static_cast<int64_t>(space_ / column_), std::min<int64_t>(steps_, 1), steps_);
}

void TimeAxis::scroll_to(int64_t first) { first_ = std::clamp<int64_t>(first, 0, steps_ - count_); }

void TimeAxis::show(int64_t step) {
    if (step < first_) scroll_to(step);
    if (step >= last()) scroll_to(step - count_ + 1);
}

bool TimeAxis::can_widen() const { return column_ + pixel_ <= theme().px(widest); }

bool TimeAxis::can_thin() const { return scrolls() && column_ - pixel_ >= pixel_ * 0.99f; }

void TimeAxis::zoom(float factor, float x) {
    if (factor > 1 ? !can_widen() : !can_thin()) return;
    const float at = std::clamp(x - left_, 0.0f, width()), step = static_cast<float>(first_) + at / column_;
    const float wanted = factor > 1 ? std::max(column_ * factor, column_ + pixel_) : std::min(column_ * factor, column_ - pixel_);
    wanted_ = std::clamp(wanted, least_column(), theme().px(widest)) / theme().scale;
    lay_out();
    scroll_to(std::lround(step - at / column_));
}

int64_t TimeAxis::step_at(float x) const {
    if (x < left_ || column_ <= 0) return -1;
    const int64_t step = first_ + static_cast<int64_t>((x - left_) / column_);
    return step < last() ? step : -1;
}

void TimeAxis::take_wheel(Rect area) {
    const ImGuiIO& io = ImGui::GetIO();
    if (!area.contains(io.MousePos) || !ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem)) return;
    if (io.KeyCtrl) {
        if (io.MouseWheel != 0) zoom(io.MouseWheel > 0 ? zoom_step : 1 / zoom_step, io.MousePos.x);
        return;
    }
    const float turned = io.MouseWheelH != 0 ? -io.MouseWheelH : io.KeyShift ? -io.MouseWheel : 0;
    if (turned != 0) scroll_to(first_ + std::lround(turned * std::max(3.0f, static_cast<float>(count_) / 8)));
}

// The bar has the keyboard: these keys then move no focus.
void TimeAxis::take_keys() {
    const ImGuiID id = ImGui::GetItemID();
    const auto pressed = [id](ImGuiKey key) {
        ImGui::SetKeyOwner(key, id);
        return ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id);
    };
    if (pressed(ImGuiKey_LeftArrow)) scroll_to(first_ - 1);
    if (pressed(ImGuiKey_RightArrow)) scroll_to(first_ + 1);
    if (pressed(ImGuiKey_PageUp)) scroll_to(first_ - count_);
    if (pressed(ImGuiKey_PageDown)) scroll_to(first_ + count_);
    if (pressed(ImGuiKey_Home)) scroll_to(0);
    if (pressed(ImGuiKey_End)) scroll_to(steps_);
    const float middle = left_ + width() / 2;
    if (pressed(ImGuiKey_Equal) || pressed(ImGuiKey_KeypadAdd)) zoom(zoom_step, middle);
    if (pressed(ImGuiKey_Minus) || pressed(ImGuiKey_KeypadSubtract)) zoom(1 / zoom_step, middle);
}

void TimeAxis::draw_bar(Stage& stage, std::string_view name, Rect bar) {
    const Theme& t = theme();
    stage.place(name, bar);
    ImGui::SetCursorScreenPos(bar.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    ImGui::InvisibleButton("scroll", {std::max(bar.w, 1.0f), bar.h}, ImGuiButtonFlags_EnableNav);
    ImGui::PopID();
    if (ImGui::IsItemFocused()) take_keys();
    const float share = static_cast<float>(count_) / static_cast<float>(std::max<int64_t>(steps_, 1));
    const float wide = std::min(std::max(bar.w * share, t.px(24)), bar.w), hidden = static_cast<float>(steps_ - count_);
    const auto handle = [&] { return bar.x + (hidden > 0 ? (bar.w - wide) * static_cast<float>(first_) / hidden : 0); };
    const float pointer = ImGui::GetIO().MousePos.x;
    const bool held = ImGui::IsItemActive() && ImGui::IsMouseDown(0);
    if (ImGui::IsItemActivated()) grabbed_ = pointer >= handle() && pointer < handle() + wide ? pointer - handle() : wide / 2;
    if (held) {
        stage.claim_pointer();
        scroll_to(std::lround((pointer - grabbed_ - bar.x) / std::max(1.0f, bar.w - wide) * hidden));
    }
    const float y = bar.y + bar.h / 2, half = t.px(3);
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled({bar.x, y - half}, {bar.right(), y + half}, t.color.control, half);
    list->AddRectFilled({handle(), y - half}, {handle() + wide, y + half},
                        held || ImGui::IsItemHovered() ? t.color.accent : t.color.text_soft, half);
}

float TimeAxis::draw_scroll_bar(Stage& stage, std::string_view name, Rect area) {
    const Theme& t = theme();
    if (!scrolls() && column_ >= t.px(legible)) return 0;
    const float height = t.px(stage.touch ? t.touch_target : bar_height), gap = t.px(4);
    Rect bar{area.x, area.y, area.w - 2 * (height + gap), height};
    const int64_t first = first_, count = count_;
    draw_bar(stage, name, bar);
    const float middle = left_ + width() / 2;
    const std::string thin = std::string(name) + ".thin", widen = std::string(name) + ".widen";
    if (draw_button(stage, thin.c_str(), "-", {bar.right() + gap, bar.y, height, height}, false, can_thin())) zoom(1 / zoom_step, middle);
    if (draw_button(stage, widen.c_str(), "+", {bar.right() + 2 * gap + height, bar.y, height, height}, false, can_widen()))
        zoom(zoom_step, middle);
    if (first_ != first || count_ != count) stage.again();
    return height;
}

}  // namespace trilens

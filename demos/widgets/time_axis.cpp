// A step is between 3 and 84 units wide.
#include "demos/widgets/time_axis.h"

#include <algorithm>
#include <cmath>

#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float narrowest = 3, widest = 84, bar_height = 14;   // units

}  // namespace

void TimeAxis::fit(const Stage& stage, int64_t steps, int64_t current, float left, float width) {
    const Theme& t = theme();
    const float pixel = 1 / stage.device_pixels;
    const float even = width / static_cast<float>(std::max<int64_t>(steps, 1));
    column_ = std::max(pixel, std::floor(std::clamp(even, t.px(narrowest), t.px(widest)) / pixel) * pixel);
    steps_ = steps;
    left_ = std::round(left / pixel) * pixel;
    count_ = std::clamp<int64_t>(static_cast<int64_t>(width / column_), std::min<int64_t>(steps, 1), steps);
    if (current != current_ && current >= 0) {
        current_ = current;
        if (current < first_ || current >= first_ + count_) first_ = current - count_ / 2;
    }
    scroll_to(first_);
}

void TimeAxis::scroll_to(int64_t first) { first_ = std::clamp<int64_t>(first, 0, steps_ - count_); }

int64_t TimeAxis::step_at(float x) const {
    if (x < left_ || column_ <= 0) return -1;
    const int64_t step = first_ + static_cast<int64_t>((x - left_) / column_);
    return step < last() ? step : -1;
}

void TimeAxis::take_wheel(Rect area) {
    const ImGuiIO& io = ImGui::GetIO();
    if (!scrolls() || !area.contains(io.MousePos)) return;
    const float turned = io.MouseWheelH != 0 ? -io.MouseWheelH : io.KeyShift ? -io.MouseWheel : 0;
    if (turned != 0) scroll_to(first_ + std::lround(turned * std::max(3.0f, static_cast<float>(count_) / 8)));
}

float TimeAxis::draw_scroll_bar(Stage& stage, std::string_view name, Rect area) {
    if (!scrolls()) return 0;
    const Theme& t = theme();
    const float height = t.px(stage.touch ? t.touch_target : bar_height);
    const Rect bar{area.x, area.y, area.w, height};
    stage.place(name, bar);
    ImGui::SetCursorScreenPos(bar.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    ImGui::InvisibleButton("scroll", {bar.w, bar.h});
    ImGui::PopID();
    const float share = static_cast<float>(count_) / static_cast<float>(steps_), wide = std::max(bar.w * share, t.px(24));
    const auto handle = [&] { return bar.x + (bar.w - wide) * static_cast<float>(first_) / static_cast<float>(steps_ - count_); };
    const float pointer = ImGui::GetIO().MousePos.x;
    if (ImGui::IsItemActivated()) grabbed_ = pointer >= handle() && pointer < handle() + wide ? pointer - handle() : wide / 2;
    if (ImGui::IsItemActive()) {
        stage.claim_pointer();
        scroll_to(std::lround((pointer - grabbed_ - bar.x) / std::max(1.0f, bar.w - wide) * static_cast<float>(steps_ - count_)));
    }
    const bool lit = ImGui::IsItemActive() || ImGui::IsItemHovered();
    const float y = bar.y + bar.h / 2, half = t.px(3);
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled({bar.x, y - half}, {bar.right(), y + half}, t.color.control, half);
    list->AddRectFilled({handle(), y - half}, {handle() + wide, y + half}, lit ? t.color.accent : t.color.text_soft, half);
    return height;
}

}  // namespace trilens

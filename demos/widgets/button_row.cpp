// Rows from left to right, from top to bottom.
#include "demos/widgets/button_row.h"

#include <algorithm>

#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float padding = 11, gap = 6;  // units; beside a label, between buttons

}  // namespace

ButtonRow::ButtonRow(Stage& stage, Rect area)
    : stage_(stage), area_(area), at_(area.min()), height_(theme().px(stage.touch ? theme().touch_target : theme().control_height)) {}

bool ButtonRow::button(const char* name, const char* label, bool pressed_in, bool enabled) {
    const Theme& t = theme();
    const float width = std::min(text_width(label, t.text) + 2 * t.px(padding), area_.w);
    if (at_.x + width > area_.right() && at_.x > area_.x) at_ = {area_.x, at_.y + height_ + t.px(gap)};
    const bool pressed = draw_button(stage_, name, label, {at_.x, at_.y, width, height_}, pressed_in, enabled);
    at_.x += width + t.px(gap);
    return pressed;
}

}  // namespace trilens

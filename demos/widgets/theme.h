// Theme: colours, spacing, type sizes and durations, named once. One colour for each kind of thing in every room: input,
// weight, activation, gradient, attention. All text has at least the contrast that WCAG AA asks for on its ground.
#pragma once

#include <imgui.h>

#include "demos/stage.h"

namespace trilens {

struct Palette {
    ImU32 ground, card, card_border, control, control_hovered, control_active;
    ImU32 text, text_soft, accent, accent_soft, on_accent, good, warning;
    ImU32 input, weight, activation, gradient, attention;   // kinds of things
    ImU32 mark, mark_field;                                 // the patch below, the receptive field
    ImU32 series[6];                                        // of plots
};

// Sizes in units at scale 1; Theme::scale multiplies them.
struct Theme {
    bool dark = false;
    Palette color;
    float scale = 1;
    float gap = 8, pad = 14, radius = 12;
    float text = 15, small_text = 13, title = 19;
    float line_height = 1.25f;  // of a paragraph, in sizes of its text
    float control_height = 32, touch_target = 44;
    double fade_seconds = 0.15;

    float px(float units) const { return units * scale; }
};

const Theme& theme();                                       // of the current frame
void apply_theme(bool dark, float scale, bool touch);       // into ImGui's style, at the start of a frame

// A rounded card; returns the area within its padding. `title` may be null.
Rect draw_card(Stage& stage, Rect area, const char* title);
// Text at a place, of one of the theme's sizes; clipped to `width` with an ellipsis if width > 0. Returns its size.
ImVec2 draw_text(ImVec2 at, const char* text, float size, ImU32 color, float width = 0);
// Text wrapped to a width; returns the height used.
float draw_paragraph(ImVec2 at, const char* text, float size, ImU32 color, float width);
float text_width(const char* text, float size);
// The tooltip of the item drawn last, wrapped; text may hold several lines.
void draw_tooltip(const char* text);
// Whether a press that was just released stayed where it began: a tap and not the end of a drag.
bool was_tap();
// A button at a place, keyboard operable; registers `name`. `pressed_in` draws it as switched on.
bool draw_button(Stage& stage, const char* name, const char* label, Rect area, bool pressed_in = false, bool enabled = true);

}  // namespace trilens

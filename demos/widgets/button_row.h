// Buttons beside each other, each as wide as its label; one that does not fit begins the next row.
#pragma once

#include "demos/stage.h"

namespace trilens {

class ButtonRow {
public:
    ButtonRow(Stage& stage, Rect area);

    // Registers `name`; whether it was pressed. See draw_button().
    bool button(const char* name, const char* label, bool pressed_in = false, bool enabled = true);
    float height() const { return at_.y + height_ - area_.y; }  // of all rows so far

private:
    Stage& stage_;
    Rect area_;
    ImVec2 at_;
    float height_;
};

}  // namespace trilens

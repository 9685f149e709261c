// Numbers as bars that the learner drags: one drag across several sets them all.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "demos/stage.h"

namespace trilens {

struct ValueBarsStyle {
    float low = 0, high = 1;
    int64_t reached = -1;     // bars that time has reached; later ones are faint. -1: all
};

struct ValueBarsEvent {
    bool changed = false;
    bool joins = false;       // part of the drag before it: one step of undo
};

// Draws them over the whole of `area`, values below where they fit, and writes what the hand does into `values`. Registers NAME and NAME:INDEX (the place that a bar can fill).
// Arrow keys left and right choose a bar while the widget has the keyboard, up and down change it by a hundredth.
class ValueBars {
public:
    ValueBarsEvent draw(Stage& stage, std::string_view name, std::vector<float>& values, Rect area, const ValueBarsStyle& style = {});

private:
    int64_t cursor_ = 0, last_ = -1;
    float last_value_ = 0;
    bool dragging_ = false;
};

}  // namespace trilens

// Numbers as bars that the learner drags: one drag across several sets them all.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "demos/stage.h"

namespace trilens {

struct ValueBarsStyle {
    float low = 0, high = 1;
    int64_t reached = -1;     // bars that time has reached, the last of them framed; later ones are faint. -1: all
};

struct ValueBarsEvent {
    bool changed = false;
    bool joins = false;       // part of a drag, or of a key that is held: one step of undo (Host::record)
};

// Draws them over the whole of `area`, values below where they fit, and writes what the hand does into `values`, in hundredths. Registers
// NAME and NAME:INDEX (the place that a bar can fill). Arrow keys left and right, Home and End choose a bar while the widget has the
// keyboard, up and down change it by a hundredth of the range, Page up and down by a tenth. Throws ValueError unless low < high.
class ValueBars {
public:
    ValueBarsEvent draw(Stage& stage, std::string_view name, std::vector<float>& values, Rect area, const ValueBarsStyle& style = {});

private:
    void take_hand(Stage& stage, std::vector<float>& values, Rect bars, const ValueBarsStyle& style, ValueBarsEvent& event);
    void take_keys(std::vector<float>& values, const ValueBarsStyle& style, ValueBarsEvent& event);

    int64_t cursor_ = 0, last_ = 0;  // of the keyboard; where the hand was
    float last_value_ = 0;
    bool down_ = false;
};

}  // namespace trilens

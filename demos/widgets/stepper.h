// Stepper: a label, a value, and buttons for less and more. For numbers of a few steps, where a slider would be too fine.
#pragma once

#include <string>

#include "demos/stage.h"

namespace trilens {

// Registers NAME.less and NAME.more. Returns -1, 0 or 1.
int draw_stepper(Stage& stage, const std::string& name, const char* label, const std::string& value, Rect area, bool less, bool more);

}  // namespace trilens

// A formula with its real numbers: "value = a*b + c*d + ...", wrapped to a width, each number coloured by what it is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "demos/stage.h"

namespace trilens {

struct FormulaPart {
    std::string text;
    ImU32 color = 0;                  // 0: the text's colour
    int link = -1;                    // >= 0: clickable, returned when clicked
    bool glued = false;               // stands on the line of the part before it
};

// Draws the parts left to right, wrapping between parts; `height` gets what was used. Returns the link clicked, or -1.
int draw_formula(Stage& stage, std::string_view name, const std::vector<FormulaPart>& parts, Rect area, float& height);

}  // namespace trilens

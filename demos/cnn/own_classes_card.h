// The learner's own classes on the training view: a button for each that takes what is on the pad, and all the examples as small pictures.
#pragma once

#include <functional>

#include "demos/cnn/own_classes.h"
#include "demos/stage.h"

namespace trilens {

struct OwnClassesAsked {
    int32_t add_to = -1;          // the drawing on the pad belongs to this class
    int64_t remove = -1;          // this example was clicked
    bool open_folder = false;
};

// Returns the height used; `asked` says what was pressed.
float draw_own_classes(Stage& stage, const OwnClasses& own, float brush_radius, Rect area, OwnClassesAsked& asked);

}  // namespace trilens

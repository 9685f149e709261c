// The hand on a rectangle: where the pointer passed while it was down. Every position that the host delivered counts, not one a
// frame, so that strokes are smooth whatever the frame rate.
#pragma once

#include <string_view>
#include <vector>

#include "demos/stage.h"
#include "engine/data/strokes.h"

namespace trilens {

class Hand {
public:
    struct Trail {
        bool began = false, ended = false;   // the button or finger went down, or was lifted
        std::vector<Point> points;           // passed since the last frame, (0, 0) the rectangle's top left, (1, 1) its bottom right
    };

    // Registers `name` and takes the pointer there: the last item drawn is the rectangle's. Points may lie outside: the hand is
    // followed until it is lifted.
    Trail follow(Stage& stage, std::string_view name, Rect area);
    void let_go() { down_ = false; }

private:
    bool down_ = false;
};

}  // namespace trilens

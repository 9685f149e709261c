// The card beside every view: the pad that the learner draws on, its tools, what the network sees of it, and a place for one more thing.
#pragma once

#include <functional>

#include "demos/cnn/workbench.h"
#include "demos/room.h"
#include "demos/widgets/drawing_pad.h"

namespace trilens {

class InputCard {
public:
    // `changed` is called after each change of the workbench's drawing; `record` takes finished ones for undo.
    struct Told {
        std::function<void()> changed;
        std::function<void(Change)> record;
    };
    InputCard(Workbench& bench, Told told);

    void show(Drawing drawing);                    // anew on pad and workbench
    bool erase = false;                            // the eraser is in hand

    // The height that draw() needs, with `extra` units below.
    float height(const Stage& stage, Rect area, float extra) const;
    // Returns where the extra thing stands.
    Rect draw(Stage& stage, Rect area, float extra);

private:
    std::string short_answer() const;
    void draw_pad(Stage& stage, Rect square);
    void draw_tools(Stage& stage, Rect area);

    Workbench& bench_;
    Told told_;
    DrawingPad pad_;
};

}  // namespace trilens

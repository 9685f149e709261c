// The card beside every view: the pad that the learner draws on, its tools, what the network sees of it, and a place for one more thing.
#pragma once

#include <functional>
#include <optional>

#include "demos/cnn/workbench.h"
#include "demos/room.h"
#include "demos/widgets/drawing_pad.h"
#include "demos/widgets/signal_pad.h"

namespace trilens {

class InputCard {
public:
    // `changed` is called after each change of the workbench's drawing; `record` takes finished ones for undo; `later` carries out what was
    // asked for while drawing.
    struct Told {
        std::function<void()> changed;
        std::function<void(Change)> record;
        std::function<void(std::function<void()>)> later;
        std::function<void()> microphone;  // the learner wants to record a sound
    };
    InputCard(Workbench& bench, Told told);

    void show(Drawing drawing);  // anew on pad and workbench
    bool erase = false;  // the eraser is in hand

    // The height that draw() needs, with `extra` units below.
    float height(const Stage& stage, Rect area, float extra) const;
    // Returns where the extra thing stands.
    Rect draw(Stage& stage, Rect area, float extra);

private:
    Text title() const;
    std::string short_answer() const;
    void draw_pad(Stage& stage, Rect area);
    void draw_seen(Stage& stage, Rect area);
    void take(const DrawingPad::Event& event, const std::vector<Stroke>& strokes);
    void record_stroke();
    void clear();
    void take_tool(bool eraser);
    void draw_tools(Stage& stage, Rect area);

    Workbench& bench_;
    Told told_;
    DrawingPad pad_;
    SignalPad curve_pad_;  // for problems of one dimension
    std::optional<Drawing> began_from_;  // what was there before the stroke that is being drawn
};

}  // namespace trilens

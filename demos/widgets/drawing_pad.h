// Drawing pad: strokes by mouse, finger or pen, kept as points so that undo, links and any size redraw them exactly.
#pragma once

#include <vector>

#include "demos/stage.h"
#include "demos/widgets/hand.h"
#include "engine/data/strokes.h"

namespace trilens {

class DrawingPad {
public:
    struct Tool {
        float radius = 0.05f;    // of the brush, a share of the pad's side
        bool erase = false;      // wipes what it passes over instead
    };
    struct Event {
        bool changed = false;    // the drawing is another one than a frame ago
        bool finished = false;   // a stroke just ended: the time to record it for undo
        std::vector<Stroke> before;   // with `finished`: the drawing before that stroke
    };

    // Draws the pad (a square) and takes what the hand does on it. `background`, if given, is drawn under the strokes.
    Event draw(Stage& stage, std::string_view name, Rect square, const Tool& tool, ImTextureRef* background = nullptr);

    const std::vector<Stroke>& strokes() const { return strokes_; }
    void set_strokes(std::vector<Stroke> strokes);

private:
    bool add(Point point, const Tool& tool);

    std::vector<Stroke> strokes_, before_;
    Hand hand_;
};

// The strokes as drawn: a Catmull-Rom curve through the points (Catmull and Rom 1974), straight where they lie close.
std::vector<Stroke> smoothed(const std::vector<Stroke>& strokes);

// What is left of the strokes when a round eraser was at a point: cut ones become several.
std::vector<Stroke> erased(const std::vector<Stroke>& strokes, Point at, float radius);

// Coordinates are kept as whole thousandths, so that a link holds a drawing exactly.
Point on_grid(Point point);

}  // namespace trilens

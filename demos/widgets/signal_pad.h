// Signal pad: a curve drawn by hand, for networks that read 1-D signals. A new stroke replaces the ink of the columns that it passes
// over, so the curve has one height at every place. Strokes are points in [0, 1]^2, y down, as of the drawing pad.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "demos/stage.h"
#include "demos/widgets/drawing_pad.h"
#include "demos/widgets/hand.h"

namespace trilens {

class SignalPad {
public:
    struct Style {
        float low = -1, high = 1;           // the values at the bottom and the top of the pad; a line stands at 0
        std::span<const float> seen = {};   // the values that the network sees, evenly from left to right: drawn under the ink
        bool erase = false;                 // wipes the columns that it passes over instead
    };

    // Draws the pad, any rectangle, and takes what the hand does on it.
    DrawingPad::Event draw(Stage& stage, std::string_view name, Rect area, const Style& style);

    const std::vector<Stroke>& strokes() const { return strokes_; }
    void set_strokes(std::vector<Stroke> strokes);

private:
    std::vector<Stroke> strokes_, before_;
    Stroke drawn_;                          // by the hand that is down: x ascending
    Point last_;
    Hand hand_;
};

// The strokes without their ink in the columns low to high; cut ones become several.
std::vector<Stroke> without_columns(const std::vector<Stroke>& strokes, float low, float high);

// A curve, x ascending, once the hand went on from one point, which is of the curve, to another: what lay between them is replaced.
Stroke redrawn(const Stroke& curve, Point from, Point to);

}  // namespace trilens

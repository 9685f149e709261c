// Variation of strokes: the same drawing as another hand, or the same hand another day, would draw it. Done to the points, before there are
// pixels, so lines stay lines: thin ones never fade and thick ones never blur. The smooth warp follows Simard, Steinkraus, Platt 2003.
#pragma once

#include <span>
#include <vector>

#include "engine/data/strokes.h"
#include "engine/random.h"

namespace trilens {

// Lengths are shares of the drawing's longer side. Each quantity is drawn uniformly in [-v, v].
struct StrokeVariation {
    float rotation = 0.2f;  // radians
    float slant = 0.25f;  // x moves by this share of y
    float scale = 0.2f;  // of the size, in x and y apart
    float shift = 0.04f;  // of each stroke apart, in x and y: where a hand sets the pen down again
    float wobble = 0.04f;  // of points one wobble_length apart along a stroke, and of every end and corner; straight between them
    float wobble_length = 0.2f;
    float warp = 0.05f;  // how far a smooth warp of the whole plane, two waves in x and two in y, moves a point at most
    float thinnest = 0.03f, thickest = 0.06f;  // the radius of the brush, a share of the pad's side
};

struct VariedStrokes {
    std::vector<Stroke> strokes;
    float brush_radius = 0;
};

// Keeps the drawing's centre and counts of strokes; curves gain points. Strokes without a point stay so. Everything is drawn from `random`.
VariedStrokes vary_strokes(std::span<const Stroke> strokes, const StrokeVariation& variation, Random& random);

}  // namespace trilens

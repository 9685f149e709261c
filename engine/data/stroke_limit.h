// How many points strokes may have. What is drawn longer is simplified: what is drawn anew in every frame and written into links stays
// small, however long a hand scribbles.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/data/strokes.h"

namespace trilens {

inline constexpr size_t most_stroke_points = 1200;  // of all strokes together, once they are limited

// The stroke through fewer of its points: none that is left out lies farther than `tolerance` from the line between those that stay (Ramer
// 1972; Douglas and Peucker 1973). The first and the last stay.
Stroke simplified(const Stroke& stroke, float tolerance);

// Strokes of at most `most_stroke_points` points as they are, others with the smallest tolerance of 0.001, 0.002, 0.004, ... that leaves no
// more than half as many, so that a hand may go on; where ends alone are too many, the last strokes.
std::vector<Stroke> limited(std::vector<Stroke> strokes);

}  // namespace trilens

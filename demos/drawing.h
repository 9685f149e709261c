// What the learner gave the network to look at: strokes, or an uploaded picture; its way to 28 x 28, and its form in links.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "demos/room.h"
#include "engine/data/strokes.h"
#include "engine/tensor.h"

namespace trilens {

struct Drawing {
    std::vector<Stroke> strokes;
    std::optional<Tensor>
        picture;  // set: shown instead of the strokes. [1, 1, 28, 28] in steps of 1/255, or a curve [1, 1, 1, 128] of 1/1000
};

// A curve as a hand draws it.
Drawing example_curve();

// A recording of any length as a curve. Throws ValueError for samples that are no curve.
Drawing recording_of(std::span<const float> samples);

// A 3, as a hand draws it: what the room opens with.
Drawing example_drawing();

// An uploaded picture of any size, whatever its polarity. Throws ValueError if nothing in it could be a digit.
Drawing drawing_of(const Picture& picture);

// What the network sees of a curve: [1, 1, 1, 128].
Tensor curve_input(const Drawing& drawing);

// What the network sees: [1, 1, 28, 28] as MNIST's digits are.
Tensor network_input(const Drawing& drawing, float brush_radius);

// {"strokes": [[x, y, x, y, ...], ...]} in thousandths of the pad, {"picture": [784 values of 0 to 255]}, or {"samples": [128 of -1000 to
// 1000]};
// back gives the same bits.
// drawing_from throws FormatError for anything else.
nlohmann::json drawing_state(const Drawing& drawing);
Drawing drawing_from(const nlohmann::json& state);

bool operator==(const Drawing& a, const Drawing& b);  // the same strokes or picture, on the pad's grid

}  // namespace trilens

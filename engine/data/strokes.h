// Strokes: how a hand draws. The drawing pad and the generator below share one rasteriser, so a network that learned from
// generated digits reads the learner's as they come.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/data/data_set.h"
#include "engine/random.h"
#include "engine/tensor.h"

namespace trilens {

struct Point {
    float x = 0, y = 0;   // in [0, 1], y down
};
using Stroke = std::vector<Point>;

// A round brush of `brush_radius` (a share of the side) along the polylines -> [1, 1, side, side], ink 1 on 0, edges smoothed over one
// pixel. A stroke of one point is a dot. Throws ValueError for a side below 1 or a radius that is not more than 0.
Tensor rasterize(std::span<const Stroke> strokes, float brush_radius, int64_t side);
// Adds one more stroke to such a picture: what a pad does while the pointer moves. Throws ShapeError, ValueError.
void rasterize_into(Tensor& picture, const Stroke& stroke, float brush_radius);

// The strokes of a digit in [0, 1]^2 as some hand draws it: one of several ways to write it, leaning, stretched, trembling.
// Throws ValueError for a digit outside 0 to 9.
std::vector<Stroke> draw_digit(int32_t digit, Random& random);

// A digit drawn with some brush and brought to [1, 1, 28, 28] as a drawing on the pad is.
Tensor digit_from_strokes(int32_t digit, Random& random);

// `size` drawn digits: sample i is digit i mod 10, drawn by a stream of its own, so each can be made alone and nothing is stored. Every
// pass of training sees new drawings; batch() gives those of pass 0.
class StrokeDigits : public DataSet {
public:
    StrokeDigits(int64_t size, uint64_t seed);  // throws ValueError for a negative size
    int64_t size() const override { return size_; }
    Batch batch(std::span<const int32_t> samples) const override { return training_batch(samples, 0); }
    Batch training_batch(std::span<const int32_t> samples, int64_t epoch) const override;

private:
    int64_t size_;
    uint64_t seed_;
};

}  // namespace trilens

// A picture moved by a similarity (shift, turn, scale about a centre), read between its pixels bilinearly; outside it everything is 0.
// Every pixel of the result is read where the inverse map says. Whole shifts are exact copies, and quarter turns of a square about its own
// centre only permute its pixels: their sines and cosines are exactly 0 and 1.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "engine/tensor.h"

namespace trilens {

struct Motion {
    float right = 0, down = 0;  // pixels
    float degrees = 0;          // clockwise on a screen, whose y points down
    float scale = 1;            // above 0

    bool operator==(const Motion&) const = default;
    // Neither turned nor scaled, and by whole pixels.
    bool whole_shift() const;
};

// A place in a picture; the centre of the first pixel is (0, 0).
struct Place {
    float y = 0, x = 0;
};

// The middle of a picture [.., H, W].
Place middle_of(const Shape& shape);

class InverseMap {
public:
    // Throws ValueError for a scale that is not above 0 or a motion that is not finite.
    InverseMap(const Motion& motion, Place center);
    // Where the moved picture's (y, x) was before: center + R(-degrees) ((y, x) - center - shift) / scale.
    Place source(float y, float x) const {
        const float right = x - center_.x - motion_.right, down = y - center_.y - motion_.down;
        return {(cosine_ * down - sine_ * right) / motion_.scale + center_.y, (cosine_ * right + sine_ * down) / motion_.scale + center_.x};
    }

private:
    Motion motion_;
    Place center_;
    float cosine_ = 1, sine_ = 0;
};

// A place between four pixels: `down` and `right` in [0, 1) are how far it is from the upper left one.
struct Between {
    int64_t top = 0, left = 0;
    float down = 0, right = 0;

    explicit Between(Place place)
        : top(static_cast<int64_t>(std::floor(place.y))),
          left(static_cast<int64_t>(std::floor(place.x))),
          down(place.y - static_cast<float>(top)),
          right(place.x - static_cast<float>(left)) {}

    // The value there of a picture [height, width].
    float read(const float* picture, int64_t height, int64_t width) const {
        const auto at = [&](int64_t row, int64_t column) {
            return row >= 0 && row < height && column >= 0 && column < width ? picture[row * width + column] : 0.0f;
        };
        const float upper = at(top, left) * (1 - right) + at(top, left + 1) * right;
        const float lower = at(top + 1, left) * (1 - right) + at(top + 1, left + 1) * right;
        return upper * (1 - down) + lower * down;
    }
    // Calls take(flat index, weight) for each of the four pixels that lies in the picture and counts.
    template <typename Take>
    void each(int64_t height, int64_t width, Take take) const {
        for (int64_t i = 0; i < 4; ++i) {
            const int64_t row = top + i / 2, column = left + i % 2;
            const float weight = (i / 2 ? down : 1 - down) * (i % 2 ? right : 1 - right);
            if (row >= 0 && row < height && column >= 0 && column < width && weight > 0) take(row * width + column, weight);
        }
    }
};

// x [.., H, W], each picture of it moved, about its middle or about `center`. Throws ShapeError for less than two axes, ValueError as
// above.
Tensor warp(const Tensor& x, const Motion& motion, std::optional<Place> center = std::nullopt);

}  // namespace trilens

// One loop for every motion, and copied rows for whole shifts, which need no arithmetic and keep every bit.
#include "engine/motion.h"

#include <algorithm>
#include <string>

#include "engine/errors.h"
#include "engine/math.h"

namespace trilens {
namespace {

// y[row][column] = x[row - down][column - right] where there is such a pixel; y starts as 0.
void shift(const float* x, int64_t height, int64_t width, int64_t down, int64_t right, float* y) {
    const int64_t first = std::clamp<int64_t>(right, 0, width), last = std::clamp<int64_t>(width + right, 0, width);
    for (int64_t row = std::max<int64_t>(down, 0); row < std::min(height + down, height); ++row)
        if (last > first) std::copy_n(x + (row - down) * width + first - right, last - first, y + row * width + first);
}

}  // namespace

bool Motion::whole_shift() const { return degrees == 0 && scale == 1 && right == std::floor(right) && down == std::floor(down); }

Place middle_of(const Shape& shape) {
    if (shape.rank() < 2) throw ShapeError("warp: a picture of " + shape.text() + ", expected [.., H, W]");
    return {static_cast<float>(shape[-2] - 1) / 2, static_cast<float>(shape[-1] - 1) / 2};
}

InverseMap::InverseMap(const Motion& motion, Place center) : motion_(motion), center_(center) {
    if (!(motion.scale > 0) || !std::isfinite(motion.scale))
        throw ValueError("warp: scale " + std::to_string(motion.scale) + ", expected above 0");
    if (!std::isfinite(motion.right) || !std::isfinite(motion.down) || !std::isfinite(motion.degrees))
        throw ValueError("warp: shift " + std::to_string(motion.right) + ", " + std::to_string(motion.down) + " and angle " +
                         std::to_string(motion.degrees) + ", expected finite numbers");
    const float quarters = motion.degrees / 90;
    if (quarters == std::floor(quarters)) {
        const int quarter = static_cast<int>(quarters - 4 * std::floor(quarters / 4));
        cosine_ = quarter == 0 ? 1.0f : quarter == 2 ? -1.0f : 0.0f;
        sine_ = quarter == 1 ? 1.0f : quarter == 3 ? -1.0f : 0.0f;
        return;
    }
    const float radians = motion.degrees * (3.14159265f / 180);
    cosine_ = math::cos(radians);
    sine_ = math::sin(radians);
}

Tensor warp(const Tensor& x, const Motion& motion, std::optional<Place> center) {
    const InverseMap map(motion, center.value_or(middle_of(x.shape())));
    const int64_t height = x.extent(-2), width = x.extent(-1), size = height * width;
    Tensor y(x.shape());
    for (int64_t picture = 0; size > 0 && picture < x.elements() / size; ++picture) {
        const float* from = x.data() + picture * size;
        float* to = y.data() + picture * size;
        if (motion.whole_shift()) {
            shift(from, height, width, static_cast<int64_t>(motion.down), static_cast<int64_t>(motion.right), to);
            continue;
        }
        for (int64_t row = 0; row < height; ++row)
            for (int64_t column = 0; column < width; ++column)
                to[row * width + column] =
                    Between(map.source(static_cast<float>(row), static_cast<float>(column))).read(from, height, width);
    }
    return y;
}

}  // namespace trilens

// The brush: a pixel's ink is how far inside the brush its centre lies, the largest over all segments. And strokes as data.
#include "engine/data/strokes.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/errors.h"
#include "engine/io/digit_picture.h"
#include "engine/math.h"

namespace trilens {
namespace {

constexpr int64_t drawn_side = 84;   // pixels that a generated digit is drawn with before it is brought to 28

float distance_to_segment(float x, float y, Point a, Point b) {
    const float along_x = b.x - a.x, along_y = b.y - a.y, from_x = x - a.x, from_y = y - a.y;
    const float length = along_x * along_x + along_y * along_y;
    const float at = length > 0 ? std::clamp((from_x * along_x + from_y * along_y) / length, 0.0f, 1.0f) : 0.0f;
    const float away_x = from_x - at * along_x, away_y = from_y - at * along_y;
    return math::sqrt(away_x * away_x + away_y * away_y);
}

// The pixels [first, last) whose centres may lie within `reach` of [low, high], all in pixels.
struct Span {
    int64_t first, last;
};
Span pixels_near(float low, float high, float reach, int64_t side) {
    const auto limit = static_cast<float>(side);
    return {static_cast<int64_t>(std::clamp(low - reach, 0.0f, limit)),
            static_cast<int64_t>(std::ceil(std::clamp(high + reach, 0.0f, limit)))};
}

void draw_segment(Tensor& picture, Point a, Point b, float radius) {
    const int64_t side = picture.extent(3);
    const Span columns = pixels_near(std::min(a.x, b.x), std::max(a.x, b.x), radius + 1, side);
    const Span rows = pixels_near(std::min(a.y, b.y), std::max(a.y, b.y), radius + 1, side);
    for (int64_t y = rows.first; y < rows.last; ++y)
        for (int64_t x = columns.first; x < columns.last; ++x) {
            const float distance = distance_to_segment(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f, a, b);
            float& ink = picture.data()[y * side + x];
            ink = std::max(ink, std::clamp(radius - distance + 0.5f, 0.0f, 1.0f));
        }
}

}  // namespace

void rasterize_into(Tensor& picture, const Stroke& stroke, float brush_radius) {
    if (picture.rank() != 4 || picture.extent(0) != 1 || picture.extent(1) != 1 || picture.extent(2) != picture.extent(3))
        throw ShapeError("rasterize: into " + picture.shape().text() + ", expected [1, 1, side, side]");
    if (!(brush_radius > 0) || !std::isfinite(brush_radius))
        throw ValueError("rasterize: brush radius " + std::to_string(brush_radius) + ", expected more than 0");
    const auto side = static_cast<float>(picture.extent(3));
    const auto scaled = [side](Point point) { return Point{point.x * side, point.y * side}; };
    for (size_t i = 0; i < stroke.size(); ++i) {
        if (!std::isfinite(stroke[i].x) || !std::isfinite(stroke[i].y))
            throw ValueError("rasterize: point " + std::to_string(i) + " of a stroke is not finite");
        draw_segment(picture, scaled(stroke[i ? i - 1 : 0]), scaled(stroke[i]), brush_radius * side);
    }
}

Tensor rasterize(std::span<const Stroke> strokes, float brush_radius, int64_t side) {
    if (side < 1) throw ValueError("rasterize: a side of " + std::to_string(side) + " pixels, expected at least 1");
    Tensor picture(Shape{1, 1, side, side});
    for (const Stroke& stroke : strokes) rasterize_into(picture, stroke, brush_radius);
    return picture;
}

Tensor digit_from_strokes(int32_t digit, Random& random) {
    const std::vector<Stroke> strokes = draw_digit(digit, random);
    return digit_picture(rasterize(strokes, random.uniform(0.015f, 0.065f), drawn_side));
}

StrokeDigits::StrokeDigits(int64_t size, uint64_t seed) : size_(size), seed_(seed) {
    if (size < 0) throw ValueError("stroke digits: " + std::to_string(size) + " samples, expected at least 0");
}

Batch StrokeDigits::training_batch(std::span<const int32_t> samples, int64_t epoch) const {
    Batch batch;
    const auto count = static_cast<int64_t>(samples.size());
    batch.inputs = Tensor::uninitialized(Shape{count, 1, digit_side, digit_side});
    for (int64_t i = 0; i < count; ++i) {
        const int32_t sample = samples[static_cast<size_t>(i)];
        if (sample < 0 || sample >= size_)
            throw ValueError("stroke digits: sample " + std::to_string(sample) + " of " + std::to_string(size_));
        Random random(seed_, static_cast<uint64_t>(epoch * size_ + sample));
        const Tensor digit = digit_from_strokes(sample % 10, random);
        std::ranges::copy(digit.values(), batch.inputs.data() + i * digit.elements());
        batch.labels.push_back(sample % 10);
    }
    return batch;
}

}  // namespace trilens

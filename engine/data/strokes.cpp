// The brush: a pixel's ink is how far inside the brush its centre lies, the largest over all segments. And strokes as data.
#include "engine/data/strokes.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/errors.h"
#include "engine/io/digit_picture.h"
#include "engine/math.h"
#include "engine/parallel.h"
#include "engine/simd.h"

namespace trilens {
namespace {

constexpr int64_t drawn_side = 84;   // pixels that a generated digit is drawn with before it is brought to 28

// A stroke's piece in pixels.
struct Segment {
    Point a, b;
    float along_x, along_y, length;   // length squared

    Segment(Point from, Point to)
        : a(from), b(to), along_x(to.x - from.x), along_y(to.y - from.y), length(along_x * along_x + along_y * along_y) {}
};

// Distances of pixels (x, y) with one y from the segment, lane by lane.
template <class V>
V distances(const Segment& segment, V x, float y) {
    const V from_x = x - segment.a.x;
    const float from_y = y - segment.a.y;
    V at{};
    if (segment.length > 0) {
        at = (from_x * segment.along_x + from_y * segment.along_y) / segment.length;
        at = simd::select(at < V{}, V{}, at);
        at = simd::select(at > V{} + 1.0f, V{} + 1.0f, at);
    }
    const V away_x = from_x - at * segment.along_x, away_y = from_y - at * segment.along_y;
    return simd::square_root(away_x * away_x + away_y * away_y);
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

// Of `columns`, those in row y that may lie within `reach` of the line through the segment.
Span columns_near(const Segment& segment, float y, float reach, Span columns, int64_t side) {
    if (segment.along_y == 0) return columns;
    const float middle = segment.a.x + segment.along_x * (y - segment.a.y) / segment.along_y;
    const float half = std::fabs(reach * math::sqrt(segment.length) / segment.along_y);
    const Span near = pixels_near(middle, middle, half, side);
    return {std::max(columns.first, near.first), std::min(columns.last, near.last)};
}

// W pixels at a time. Where the last would not fill W, some before them are looked at again, which changes nothing.
template <int W>
void draw_segment(float* picture, int64_t side, const Segment& segment, float radius, bool near_only) {
    using V = simd::FloatsOf<W>;
    V centres;
    for (int lane = 0; lane < W; ++lane) centres[lane] = static_cast<float>(lane) + 0.5f;
    const V none{}, full = none + 1.0f;
    const Span box = pixels_near(std::min(segment.a.x, segment.b.x), std::max(segment.a.x, segment.b.x), radius + 1, side);
    const Span rows = pixels_near(std::min(segment.a.y, segment.b.y), std::max(segment.a.y, segment.b.y), radius + 1, side);
    for (int64_t y = rows.first; y < rows.last; ++y) {
        const float row = static_cast<float>(y) + 0.5f;
        const Span columns = near_only ? columns_near(segment, row, radius + 1, box, side) : box;
        for (int64_t x = columns.first; x < columns.last; x += W) {
            const int64_t begin = std::min(x, side - W);
            V value = radius - distances<V>(segment, centres + static_cast<float>(begin), row) + 0.5f;
            value = simd::select(value < none, none, value);
            value = simd::select(value > full, full, value);
            const V ink = simd::load<W>(picture + y * side + begin);
            simd::store(picture + y * side + begin, simd::select(ink < value, value, ink));
        }
    }
}

// Beyond this many pixels distances are too coarse to leave pixels out by them.
constexpr float far_away = 5000;

void draw_segment(Tensor& picture, Point a, Point b, float radius) {
    const int64_t side = picture.extent(3);
    const Segment segment(a, b);
    const float farthest = std::max({std::fabs(a.x), std::fabs(a.y), std::fabs(b.x), std::fabs(b.y), static_cast<float>(side)});
    if (farthest < far_away && side >= simd::width) draw_segment<simd::width>(picture.data(), side, segment, radius, true);
    else draw_segment<1>(picture.data(), side, segment, radius, false);
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
    for (const int32_t sample : samples) {
        if (sample < 0 || sample >= size_)
            throw ValueError("stroke digits: sample " + std::to_string(sample) + " of " + std::to_string(size_));
        batch.labels.push_back(sample % 10);
    }
    parallel_for(count, 4, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            Random random(seed_, static_cast<uint64_t>(epoch * size_ + samples[static_cast<size_t>(i)]));
            const Tensor digit = digit_from_strokes(batch.labels[static_cast<size_t>(i)], random);
            std::ranges::copy(digit.values(), batch.inputs.data() + i * digit.elements());
        }
    });
    return batch;
}

}  // namespace trilens

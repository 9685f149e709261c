// Wobble along each stroke, then one warp and one affine map for all.
#include "engine/data/stroke_variation.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/math.h"

namespace trilens {
namespace {

struct Frame {
    Point centre;
    float size = 0;   // of the longer side; 0 for a dot
};

Frame frame_of(std::span<const Stroke> strokes) {
    Point low{1e30f, 1e30f}, high{-1e30f, -1e30f};
    for (const Stroke& stroke : strokes)
        for (const Point point : stroke) {
            low = {std::min(low.x, point.x), std::min(low.y, point.y)};
            high = {std::max(high.x, point.x), std::max(high.y, point.y)};
        }
    if (low.x > high.x) return {};
    return {{(low.x + high.x) / 2, (low.y + high.y) / 2}, std::max(high.x - low.x, high.y - low.y)};
}

float distance(Point a, Point b) {
    const float x = b.x - a.x, y = b.y - a.y;
    return math::sqrt(x * x + y * y);
}

Point between(Point a, Point b, float at) { return {a.x + at * (b.x - a.x), a.y + at * (b.y - a.y)}; }

Point drawn_offset(float extreme, Random& random) {
    const float x = random.uniform(-extreme, extreme);
    return {x, random.uniform(-extreme, extreme)};
}

// Walks along the stroke and moves what it meets by an offset that changes linearly from one knot to the next, `spacing` apart. Points
// further apart than half of that get points between them, so that lines bend too.
Stroke wobbled(const Stroke& stroke, float extreme, float spacing, Random& random) {
    Stroke out;
    if (stroke.empty()) return out;
    Point from = drawn_offset(extreme, random), to = drawn_offset(extreme, random);
    float walked = random.uniform(0, spacing);  // since the last knot
    const auto place = [&](Point point) {
        const Point offset = between(from, to, walked / spacing);
        out.push_back({point.x + offset.x, point.y + offset.y});
    };
    place(stroke.front());
    for (size_t i = 1; i < stroke.size(); ++i) {
        const float length = distance(stroke[i - 1], stroke[i]);
        const int pieces = static_cast<int>(std::clamp(std::ceil(2 * length / spacing), 1.0f, 100.0f));
        for (int piece = 1; piece <= pieces; ++piece) {
            walked += length / static_cast<float>(pieces);
            for (; walked >= spacing; walked -= spacing) from = to, to = drawn_offset(extreme, random);
            place(between(stroke[i - 1], stroke[i], static_cast<float>(piece) / static_cast<float>(pieces)));
        }
    }
    return out;
}

// A sum of plane waves, each with a length of about the drawing's; at most 1.
class Warp {
public:
    explicit Warp(Random& random) {
        for (Wave& wave : waves_) {
            wave.across = random.uniform(-5, 5), wave.down = random.uniform(-5, 5), wave.phase = random.uniform(0, 6.2831853f);
            wave.strength = random.uniform(0, 0.5f);
        }
    }
    Point at(Point place) const { return {sum(place, 0), sum(place, 2)}; }

private:
    struct Wave {
        float across, down, phase, strength;
    };
    float sum(Point place, size_t first) const {
        const auto wave = [&](const Wave& w) { return w.strength * math::sin(w.across * place.x + w.down * place.y + w.phase); };
        return wave(waves_[first]) + wave(waves_[first + 1]);
    }
    std::array<Wave, 4> waves_{};
};

}  // namespace

VariedStrokes vary_strokes(std::span<const Stroke> strokes, const StrokeVariation& variation, Random& random) {
    const auto draw = [&](float extreme) { return random.uniform(-extreme, extreme); };
    const float angle = draw(variation.rotation), slant = draw(variation.slant);
    const float wide = 1 + draw(variation.scale), tall = 1 + draw(variation.scale);
    const float cosine = math::cos(angle), sine = math::sin(angle);
    VariedStrokes varied{{}, random.uniform(variation.thinnest, variation.thickest)};
    const Warp warp(random);
    const Frame frame = frame_of(strokes);
    if (!(frame.size > 0)) {
        varied.strokes.assign(strokes.begin(), strokes.end());
        return varied;
    }
    for (const Stroke& stroke : strokes) {
        const Point shift = drawn_offset(variation.shift, random);
        Stroke relative;  // to the drawing's centre, its longer side 1
        for (const Point point : stroke)
            relative.push_back({(point.x - frame.centre.x) / frame.size, (point.y - frame.centre.y) / frame.size});
        Stroke& moved = varied.strokes.emplace_back(wobbled(relative, variation.wobble, variation.wobble_length, random));
        for (Point& point : moved) {
            const Point bent = warp.at(point);
            const float x = (point.x + shift.x + variation.warp * bent.x) * wide, y = (point.y + shift.y + variation.warp * bent.y) * tall;
            const float leaned = x - slant * y;
            point = {frame.centre.x + frame.size * (cosine * leaned - sine * y),
                     frame.centre.y + frame.size * (sine * leaned + cosine * y)};
        }
    }
    return varied;
}

}  // namespace trilens

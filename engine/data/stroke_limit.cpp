// The point farthest from the line splits the stroke in two, with a list of pieces instead of recursion: a stroke may be long.
#include "engine/data/stroke_limit.h"

#include <algorithm>
#include <utility>

#include "engine/math.h"

namespace trilens {

namespace {

float distance_to_segment(Point p, Point a, Point b) {
    const float x = b.x - a.x, y = b.y - a.y, length = x * x + y * y;
    float at = length > 0 ? ((p.x - a.x) * x + (p.y - a.y) * y) / length : 0;
    at = std::clamp(at, 0.0f, 1.0f);
    const float away_x = p.x - (a.x + at * x), away_y = p.y - (a.y + at * y);
    return math::sqrt(away_x * away_x + away_y * away_y);
}

size_t count(const std::vector<Stroke>& strokes) {
    size_t points = 0;
    for (const Stroke& stroke : strokes) points += stroke.size();
    return points;
}

}  // namespace

Stroke simplified(const Stroke& stroke, float tolerance) {
    if (stroke.size() < 3) return stroke;
    std::vector<bool> stays(stroke.size(), false);
    stays.front() = stays.back() = true;
    std::vector<std::pair<size_t, size_t>> pieces{{0, stroke.size() - 1}};
    while (!pieces.empty()) {
        const auto [from, to] = pieces.back();
        pieces.pop_back();
        size_t farthest = from;
        float most = tolerance;
        for (size_t i = from + 1; i < to; ++i)
            if (const float away = distance_to_segment(stroke[i], stroke[from], stroke[to]); away > most) most = away, farthest = i;
        if (farthest == from) continue;
        stays[farthest] = true;
        pieces.emplace_back(from, farthest);
        pieces.emplace_back(farthest, to);
    }
    Stroke out;
    for (size_t i = 0; i < stroke.size(); ++i)
        if (stays[i]) out.push_back(stroke[i]);
    return out;
}

std::vector<Stroke> limited(std::vector<Stroke> strokes) {
    if (count(strokes) <= most_stroke_points) return strokes;
    for (float tolerance = 0.001f; tolerance < 0.5f && count(strokes) > most_stroke_points / 2; tolerance *= 2)
        for (Stroke& stroke : strokes) stroke = simplified(stroke, tolerance);
    while (count(strokes) > most_stroke_points) strokes.erase(strokes.begin());
    return strokes;
}

}  // namespace trilens

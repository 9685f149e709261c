// Ink as smoothed lines with round ends, and what the eraser leaves of them.
#include "demos/widgets/drawing_pad.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "demos/widgets/theme.h"
#include "engine/data/stroke_limit.h"

namespace trilens {

namespace {

constexpr float spacing = 0.02f;   // of the points of a smoothed or cut stroke, a share of the side

Point between(Point a, Point b, float t) { return {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t}; }

float distance(Point a, Point b) {
    const float x = a.x - b.x, y = a.y - b.y;
    return std::sqrt(x * x + y * y);
}

Point catmull_rom(Point p0, Point p1, Point p2, Point p3, float t) {
    const auto along = [t](float a, float b, float c, float d) {
        return 0.5f * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);
    };
    return {along(p0.x, p1.x, p2.x, p3.x), along(p0.y, p1.y, p2.y, p3.y)};
}

// Whether the way from a over b to c bends by more than 60 degrees.
bool turns(Point a, Point b, Point c) {
    const float along = (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y);
    return along < 0.5f * distance(a, b) * distance(b, c);
}

void draw_strokes(const std::vector<Stroke>& strokes, Rect square, float radius) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImU32 ink = IM_COL32(255, 255, 255, 255);
    const auto place = [&](Point p) { return ImVec2{square.x + p.x * square.w, square.y + p.y * square.h}; };
    list->PushClipRect(square.min(), square.max(), true);
    for (const Stroke& stroke : smoothed(strokes)) {
        // Runs without a sharp turn are one line each; circles round their ends, and so the turns between them.
        std::vector<ImVec2> run;
        const auto finish = [&] {
            if (run.size() > 1) list->AddPolyline(run.data(), static_cast<int>(run.size()), ink, 0, 2 * radius * square.w);
            list->AddCircleFilled(run.front(), radius * square.w, ink);
            list->AddCircleFilled(run.back(), radius * square.w, ink);
        };
        for (size_t i = 0; i < stroke.size(); ++i) {
            run.push_back(place(stroke[i]));
            if (i + 1 < stroke.size() && (i == 0 || !turns(stroke[i - 1], stroke[i], stroke[i + 1]))) continue;
            finish();
            run = {run.back()};
        }
    }
    list->PopClipRect();
}

}  // namespace

Point on_grid(Point point) {
    const auto snap = [](float v) { return std::round(std::clamp(v, -0.2f, 1.2f) * 1000) / 1000; };
    return {snap(point.x), snap(point.y)};
}

std::vector<Stroke> smoothed(const std::vector<Stroke>& strokes) {
    std::vector<Stroke> out;
    for (const Stroke& stroke : strokes) {
        Stroke curve;
        for (size_t i = 0; i + 1 < stroke.size(); ++i) {
            const Point a = stroke[i], b = stroke[i + 1];
            const Point before = stroke[i > 0 ? i - 1 : i], after = stroke[std::min(i + 2, stroke.size() - 1)];
            const int pieces = std::max(1, static_cast<int>(distance(a, b) / spacing));
            for (int piece = 0; piece < pieces; ++piece)
                curve.push_back(catmull_rom(before, a, b, after, static_cast<float>(piece) / static_cast<float>(pieces)));
        }
        if (!stroke.empty()) curve.push_back(stroke.back());
        out.push_back(std::move(curve));
    }
    return out;
}

std::vector<Stroke> erased(const std::vector<Stroke>& strokes, Point at, float radius) {
    std::vector<Stroke> out;
    for (const Stroke& stroke : strokes) {
        const bool touched = [&] {
            for (size_t i = 0; i < stroke.size(); ++i) {
                const Point next = stroke[std::min(i + 1, stroke.size() - 1)];
                const int pieces = 1 + static_cast<int>(distance(stroke[i], next) / spacing);
                for (int piece = 0; piece <= pieces; ++piece)
                    if (distance(between(stroke[i], next, static_cast<float>(piece) / static_cast<float>(pieces)), at) < radius)
                        return true;
            }
            return false;
        }();
        if (!touched) {
            out.push_back(stroke);
            continue;
        }
        Stroke kept;
        const std::vector<Stroke> dense = smoothed({stroke});
        for (const Point& point : dense.front()) {
            if (distance(point, at) >= radius) {
                kept.push_back(on_grid(point));
            } else if (!kept.empty()) {
                out.push_back(std::exchange(kept, {}));
            }
        }
        if (!kept.empty()) out.push_back(std::move(kept));
    }
    return out;
}

void DrawingPad::set_strokes(std::vector<Stroke> strokes) {
    strokes_ = std::move(strokes);
    hand_.let_go();
}

bool DrawingPad::add(Point point, const Tool& tool) {
    point = on_grid(point);
    if (tool.erase) {
        std::vector<Stroke> left = erased(strokes_, point, std::max(tool.radius * 1.6f, 0.05f));
        const bool changed =
            left.size() != strokes_.size() ||
            !std::equal(left.begin(), left.end(), strokes_.begin(), [](const Stroke& a, const Stroke& b) { return a.size() == b.size(); });
        strokes_ = std::move(left);
        return changed;
    }
    Stroke& stroke = strokes_.back();
    if (!stroke.empty() && distance(stroke.back(), point) < 0.004f) return false;   // the hand rests
    stroke.push_back(point);
    return true;
}

DrawingPad::Event DrawingPad::draw(Stage& stage, std::string_view name, Rect square, const Tool& tool, ImTextureRef* background) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(square.min(), square.max(), IM_COL32(12, 14, 20, 255), t.px(8));
    if (background) list->AddImageRounded(*background, square.min(), square.max(), {0, 0}, {1, 1}, IM_COL32_WHITE, t.px(8));

    const Hand::Trail trail = hand_.follow(stage, name, square);
    Event event;
    if (trail.began) {
        before_ = strokes_;
        if (!tool.erase) strokes_.emplace_back();
    }
    for (const Point& point : trail.points) event.changed |= add(point, tool);
    if (event.changed) strokes_ = limited(std::move(strokes_));
    if (trail.ended) {
        event.finished = true;
        event.before = std::move(before_);
    }
    draw_strokes(strokes_, square, tool.radius);
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    if (ImGui::IsItemHovered() && !stage.touch && square.contains(pointer)) {
        const float radius = (tool.erase ? std::max(tool.radius * 1.6f, 0.05f) : tool.radius) * square.w;
        list->AddCircle(pointer, radius, IM_COL32(255, 255, 255, 160), 24, t.px(1.2f));
        ImGui::SetMouseCursor(ImGuiMouseCursor_None);
    }
    return event;
}

}  // namespace trilens

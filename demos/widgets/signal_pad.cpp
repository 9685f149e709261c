// While the hand is down its curve is made anew from what stood before and all that it passed, so that undo needs only `before_`.
#include "demos/widgets/signal_pad.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "demos/text/text.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr ImU32 ground = IM_COL32(12, 14, 20, 255), rule = IM_COL32(255, 255, 255, 46), hint_ink = IM_COL32(178, 188, 204, 255),
                ink = IM_COL32(255, 255, 255, 255), seen_ink = IM_COL32(111, 178, 255, 255);
constexpr float eraser = 0.02f;   // half its width, a share of the pad's

Point inside(Point point) { return on_grid({std::clamp(point.x, 0.0f, 1.0f), std::clamp(point.y, 0.0f, 1.0f)}); }

Point at_column(Point a, Point b, float x) {
    const float t = b.x == a.x ? 0 : (x - a.x) / (b.x - a.x);
    return on_grid({x, a.y + (b.y - a.y) * t});
}

bool same(const std::vector<Stroke>& a, const std::vector<Stroke>& b) {
    const auto equal = [](Point p, Point q) { return p.x == q.x && p.y == q.y; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](const Stroke& s, const Stroke& u) { return std::equal(s.begin(), s.end(), u.begin(), u.end(), equal); });
}

void draw_curve(const Stroke& stroke, Rect area, ImU32 color, float width) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    for (const Point& point : stroke) list->PathLineTo({area.x + point.x * area.w, area.y + point.y * area.h});
    if (stroke.size() == 1) list->AddCircleFilled(list->_Path.back(), width, color);
    list->PathStroke(color, 0, width);
}

void draw_seen(const SignalPad::Style& style, Rect area) {
    const auto count = static_cast<float>(style.seen.size());
    Stroke curve;
    for (size_t i = 0; i < style.seen.size(); ++i)
        if (std::isfinite(style.seen[i]))
            curve.push_back(
                {(static_cast<float>(i) + 0.5f) / count, std::clamp((style.high - style.seen[i]) / (style.high - style.low), 0.0f, 1.0f)});
    draw_curve(curve, area, seen_ink, theme().px(1.5f));
}

}  // namespace

std::vector<Stroke> without_columns(const std::vector<Stroke>& strokes, float low, float high) {
    std::vector<Stroke> out;
    const auto outside = [&](Point p) { return p.x < low || p.x > high; };
    for (const Stroke& stroke : strokes) {
        Stroke run;
        const auto finish = [&] {
            if (run.size() > 1 || (run.size() == 1 && stroke.size() == 1)) out.push_back(run);
            run.clear();
        };
        for (size_t i = 0; i < stroke.size(); ++i) {
            const Point b = stroke[i];
            if (i > 0) {
                const Point a = stroke[i - 1];
                const bool meets = std::max(a.x, b.x) >= low && std::min(a.x, b.x) <= high;
                if (meets && outside(a)) run.push_back(at_column(a, b, a.x < low ? low : high));
                if (meets) finish();
                if (meets && outside(b)) run.push_back(at_column(a, b, b.x < low ? low : high));
            }
            if (outside(b)) run.push_back(b);
        }
        finish();
    }
    return out;
}

Stroke redrawn(const Stroke& curve, Point from, Point to) {
    const float low = std::min(from.x, to.x), high = std::max(from.x, to.x);
    Stroke out;
    for (const Point& point : curve)
        if (point.x < low) out.push_back(point);
    if (from.x < to.x) out.push_back(from);
    out.push_back(to);
    if (to.x < from.x) out.push_back(from);
    for (const Point& point : curve)
        if (point.x > high) out.push_back(point);
    return out;
}

void SignalPad::set_strokes(std::vector<Stroke> strokes) {
    strokes_ = std::move(strokes);
    hand_.let_go();
}

DrawingPad::Event SignalPad::draw(Stage& stage, std::string_view name, Rect area, const Style& style) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(area.min(), area.max(), ground, t.px(8));
    if (style.low < 0 && style.high > 0) {
        const float zero = std::floor(area.y + area.h * style.high / (style.high - style.low)) + 0.5f;
        list->AddLine({area.x, zero}, {area.right(), zero}, rule, t.px(1));
        draw_text({area.x + t.px(6), zero + t.px(2)}, "0", t.small_text - 1, hint_ink);
    }

    const Hand::Trail trail = hand_.follow(stage, name, area);
    DrawingPad::Event event;
    if (trail.began) before_ = strokes_;
    for (const Point& passed : trail.points) {
        const Point point = inside(passed);
        const bool first = trail.began && &passed == &trail.points.front();
        if (!first && point.x == last_.x && point.y == last_.y) continue;   // the hand rests
        const Point from = first ? point : last_;
        last_ = point;
        if (style.erase) {
            std::vector<Stroke> left = without_columns(strokes_, std::min(from.x, point.x) - eraser, std::max(from.x, point.x) + eraser);
            event.changed |= !same(left, strokes_);
            strokes_ = std::move(left);
        } else {
            drawn_ = first ? Stroke{point} : redrawn(drawn_, from, point);
            strokes_ = without_columns(before_, drawn_.front().x, drawn_.back().x);
            strokes_.push_back(drawn_);
            event.changed = true;
        }
    }
    if (trail.ended) {
        event.finished = true;
        event.before = std::move(before_);
    }

    list->PushClipRect(area.min(), area.max(), true);
    draw_seen(style, area);
    for (const Stroke& stroke : strokes_) draw_curve(stroke, area, ink, t.px(2.5f));
    if (strokes_.empty()) {
        const char* hint = say(Text::signal_hint);
        const float wide = text_width(hint, t.small_text);
        draw_text({area.x + std::max((area.w - wide) / 2, t.px(8)), area.y + t.px(8)}, hint, t.small_text, hint_ink, area.w - t.px(16));
    }
    list->PopClipRect();
    return event;
}

}  // namespace trilens

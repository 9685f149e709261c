// Stage: what drawing needs for one frame: where things stand, what is hovered, which textures live. Handed to Room::draw
// and to every widget; nothing of it is global.
#pragma once

#include <imgui.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/autograd/graph.h"

namespace trilens {

class Inspector;
class ImageTextures;

// A rectangle in ImGui's units (CSS pixels on the page), y down.
struct Rect {
    float x = 0, y = 0, w = 0, h = 0;

    float right() const { return x + w; }
    float bottom() const { return y + h; }
    ImVec2 min() const { return {x, y}; }
    ImVec2 max() const { return {x + w, y + h}; }
    bool contains(ImVec2 p) const { return p.x >= x && p.x < x + w && p.y >= y && p.y < y + h; }
    Rect inset(float by) const { return {x + by, y + by, w - 2 * by, h - 2 * by}; }
    Rect cut_top(float height) {
        Rect top{x, y, w, height};
        y += height;
        h -= height;
        return top;
    }   // takes it off and returns it
    Rect cut_left(float width) {
        Rect left{x, y, width, h};
        x += width;
        w -= width;
        return left;
    }
};

struct NamedRect {
    std::string name;
    Rect rect;
};

class Stage {
public:
    Stage(Inspector& inspector, ImageTextures& textures, std::shared_ptr<const Graph> graph)
        : inspector(inspector), textures(textures), graph(std::move(graph)) {}

    Inspector& inspector;
    ImageTextures& textures;
    const std::shared_ptr<const Graph> graph;  // of the room that is drawn: one for the whole frame; null where there is none
    double now = 0;                 // seconds, for animations
    bool narrow = false;            // a phone: one column
    bool touch = false;             // the last pointer was a finger: targets of 44 px
    bool reduced_motion = false;
    float device_pixels = 1;        // framebuffer pixels for one unit

    // Says where a named thing is drawn: 'cnn.pad', 'cnn.relu1', 'field:cnn.colormap'. Widgets do it for what they draw.
    void place(std::string_view name, Rect rect) { rects_.push_back({std::string(name), rect}); }
    const std::vector<NamedRect>& rects() const { return rects_; }

    // One more frame, for an animation that a widget plays.
    void again() { again_ = true; }
    bool wants_again() const { return again_; }
    // One more frame at that time (of `now`), for what happens now and then: nothing is drawn until then.
    void again_at(double time) { again_at_ = std::min(again_at_, time); }
    double wants_again_at() const { return again_at_; }   // infinity: never
    // A widget that is dragged or scrolled itself (a pad) calls this, so that a finger on it does not scroll the page of the room.
    void claim_pointer() { claimed_ = true; }
    bool pointer_claimed() const { return claimed_; }

private:
    std::vector<NamedRect> rects_;
    bool again_ = false, claimed_ = false;
    double again_at_ = std::numeric_limits<double>::infinity();
};

}  // namespace trilens

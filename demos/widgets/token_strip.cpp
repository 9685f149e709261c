// Places are found first, then drawn: what is hovered must be known before anything has a colour.
#include "demos/widgets/token_strip.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "demos/widgets/color_map.h"
#include "demos/widgets/number_grid.h"
#include "demos/widgets/theme.h"
#include "engine/data/tokens.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr float least_width = 14, widest = 260, bar_space = 8;   // units
constexpr size_t many = 120;                                     // from so many on chips are smaller

// Control characters as their Unicode pictures; an empty token is as wide as a space.
std::string visible(std::string_view token) {
    const std::string shown = shown_token(token);
    std::string out;
    for (const char each : shown) {
        const auto code = static_cast<unsigned char>(each);
        if (code < 0x20) out += {'\xe2', '\x90', static_cast<char>(0x80 + code)};
        else if (code == 0x7f) out += "\xe2\x90\xa1";
        else out += each;
    }
    return out.empty() ? " " : out;
}

void check_count(const char* what, size_t count, size_t tokens) {
    if (count != 0 && count != tokens)
        throw ValueError("token strip: " + std::to_string(count) + " " + what + " for " + std::to_string(tokens) +
                         " tokens, expected as many or none");
}

}  // namespace

void TokenStrip::arrange(const Stage& stage, std::span<const std::string> tokens, float width, const TokenStripStyle& style) {
    const Theme& t = theme();
    Chips& c = chips_;
    const bool same = c.for_width == width && c.for_highest == style.highest && c.for_scale == t.scale && c.touch == stage.touch &&
                      c.one_row == style.one_row && std::equal(tokens.begin(), tokens.end(), c.tokens.begin(), c.tokens.end()) &&
                      std::equal(style.captions.begin(), style.captions.end(), c.captions.begin(), c.captions.end());
    if (same) return;
    c.for_width = width;
    c.for_highest = style.highest;
    c.for_scale = t.scale;
    c.touch = stage.touch;
    c.one_row = style.one_row;
    c.tokens.assign(tokens.begin(), tokens.end());
    c.captions.assign(style.captions.begin(), style.captions.end());
    c.shown.clear();
    for (const std::string& token : tokens) c.shown.push_back(visible(token));
    place_chips(width);
    // Room for the bar that says where it stands.
    if (!c.one_row && c.height > t.px(style.highest)) place_chips(width - t.px(bar_space));
}

void TokenStrip::place_chips(float width) {
    const Theme& t = theme();
    Chips& c = chips_;
    const bool small = c.tokens.size() > many;
    const float padding = t.px(small ? 2 : 5), gap = t.px(small ? 1 : 3);
    c.text = small ? t.small_text - 2 : t.text;
    c.chip_height = t.px(small ? 20 : c.touch ? 34 : 26);
    const float row = c.chip_height + (c.captions.empty() ? 0 : t.px(t.small_text + 2));
    c.places.clear();
    float x = 0, y = 0;
    for (size_t i = 0; i < c.shown.size(); ++i) {
        float wide = std::max(text_width(c.shown[i].c_str(), c.text) + 2 * padding, t.px(least_width));
        if (!c.captions.empty()) wide = std::max(wide, text_width(c.captions[i].c_str(), t.small_text - 1) + padding);
        wide = std::min(wide, c.one_row ? t.px(widest) : width);
        if (x > 0 && x + wide > width && !c.one_row) x = 0, y += row + gap;
        c.places.push_back({x, y, wide, row});
        x += wide + gap;
    }
    c.width = c.places.empty() ? 0 : x - gap;   // of the last row: used where there is one
    c.height = c.places.empty() ? 0 : y + row;
}

Rect TokenStrip::place_of(int64_t index, Rect window) const {
    Rect place = chips_.places[static_cast<size_t>(index)];
    place.x += window.x - scroll_.x;
    place.y += window.y - scroll_.y;
    return place;
}

// The token under a place; with `nearest` the one that is next to it in its row, wherever it is.
int64_t TokenStrip::token_at(ImVec2 at, Rect window, bool nearest) const {
    const auto count = static_cast<int64_t>(chips_.places.size());
    int64_t found = -1;
    float least = INFINITY;
    for (int64_t i = 0; i < count; ++i) {
        const Rect place = place_of(i, window);
        if (place.contains(at)) return i;
        const float across = std::max({place.x - at.x, at.x - place.right(), 0.0f});
        const float along = std::max({place.y - at.y, at.y - place.bottom(), 0.0f});
        const float distance = along * 1000 + across;
        if (nearest && distance < least) least = distance, found = i;
    }
    return found;
}

void TokenStrip::keep_in_sight(int64_t index, Rect window) {
    const Rect place = chips_.places[static_cast<size_t>(index)];
    if (place.y < scroll_.y || place.bottom() > scroll_.y + window.h) scroll_.y = place.y - (window.h - place.h) / 2;
    if (place.x < scroll_.x || place.right() > scroll_.x + window.w) scroll_.x = place.x - (window.w - place.w) / 2;
}

void TokenStrip::scroll(Stage& stage, Rect window, bool hovering) {
    const Theme& t = theme();
    const ImGuiIO& io = ImGui::GetIO();
    const ImVec2 most{chips_.one_row ? std::max(0.0f, chips_.width - window.w) : 0, std::max(0.0f, chips_.height - window.h)};
    if (hovering && most.y > 0) {
        ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);   // the page of the room stays
        scroll_.y -= io.MouseWheel * t.px(40);
    }
    if (hovering && most.x > 0) scroll_.x -= (io.KeyShift ? io.MouseWheel : io.MouseWheelH) * t.px(40);
    if (drag_ == Drag::scroll && (most.x > 0 || most.y > 0)) {
        stage.claim_pointer();
        scroll_.x -= most.x > 0 ? io.MouseDelta.x : 0;
        scroll_.y -= io.MouseDelta.y;
    }
    scroll_ = {std::clamp(scroll_.x, 0.0f, most.x), std::clamp(scroll_.y, 0.0f, most.y)};
    ImDrawList* list = ImGui::GetWindowDrawList();
    if (most.y > 0) {
        const float x = window.right() - t.px(4), height = window.h * window.h / chips_.height,
                    y = window.y + scroll_.y / chips_.height * window.h;
        list->AddRectFilled({x, y}, {x + t.px(4), y + height}, t.color.control_active, t.px(2));
    }
    if (most.x > 0) {
        const float y = window.bottom() - t.px(3), width = window.w * window.w / chips_.width,
                    x = window.x + scroll_.x / chips_.width * window.w;
        list->AddRectFilled({x, y}, {x + width, y + t.px(3)}, t.color.control_active, t.px(1.5f));
    }
}

void TokenStrip::take_pointer(Stage& stage, Rect window, bool hovering, bool clicked, TokenStripEvent& event) {
    const ImGuiIO& io = ImGui::GetIO();
    const bool held = ImGui::IsItemActive() && ImGui::IsMouseDown(0);
    if (hovering || held) event.hovered = token_at(io.MousePos, window, false);
    if (io.MouseDelta.x != 0 || io.MouseDelta.y != 0 || ImGui::IsMouseClicked(0)) by_keys_ = false;
    if (held && ImGui::IsItemActivated()) {
        from_ = event.hovered;
        drag_ = Drag::none;
    }
    if (held && drag_ == Drag::none) {
        const float across = std::fabs(io.MousePos.x - io.MouseClickedPos[0].x), along = std::fabs(io.MousePos.y - io.MouseClickedPos[0].y);
        const bool sideways = !stage.touch || (across > along && !chips_.one_row);
        if (stage.touch && !was_tap()) drag_ = sideways && from_ >= 0 ? Drag::brush : Drag::scroll;
        if (!stage.touch && from_ >= 0 && event.hovered >= 0 && event.hovered != from_) drag_ = Drag::brush;
    }
    if (held && drag_ == Drag::brush) {
        stage.claim_pointer();
        const int64_t to = token_at(io.MousePos, window, true);
        event.brushed = std::minmax(from_, to);
        cursor_ = to;
    }
    if (clicked && ImGui::IsMouseReleased(0) && event.hovered >= 0 && drag_ == Drag::none && was_tap() && event.hovered == from_)
        event.clicked = cursor_ = event.hovered;
    if (!held) drag_ = Drag::none;
}

void TokenStrip::take_keys(Rect window, TokenStripEvent& event) {
    const ImGuiID id = ImGui::GetItemID();
    const auto pressed = [id](ImGuiKey key, ImGuiInputFlags flags = ImGuiInputFlags_Repeat) {
        ImGui::SetKeyOwner(key, id);
        return ImGui::IsKeyPressed(key, flags, id);
    };
    const auto count = static_cast<int64_t>(chips_.places.size());
    const int64_t before = cursor_;
    const bool left = pressed(ImGuiKey_LeftArrow), right = pressed(ImGuiKey_RightArrow), up = pressed(ImGuiKey_UpArrow),
               down = pressed(ImGuiKey_DownArrow), first = pressed(ImGuiKey_Home), last = pressed(ImGuiKey_End);
    cursor_ += right - left;
    if (up || down) {
        const Rect place = place_of(cursor_, window);
        const float row = place.h + 1;
        cursor_ = token_at({place.x + place.w / 2, place.y + place.h / 2 + (down ? row : -row)}, window, true);
    }
    if (first) cursor_ = 0;
    if (last) cursor_ = count - 1;
    cursor_ = std::clamp<int64_t>(cursor_, 0, count - 1);
    const bool shift = ImGui::GetIO().KeyShift, moved = left || right || up || down || first || last;
    if (moved) {
        if (!by_keys_ || !shift) from_ = shift ? before : -1;
        if (shift && from_ < 0) from_ = before;
        if (shift) event.brushed = std::minmax(from_, cursor_);
        by_keys_ = true;
        keep_in_sight(cursor_, window);
    }
    for (const ImGuiKey key : {ImGuiKey_Enter, ImGuiKey_KeypadEnter, ImGuiKey_Space})
        if (pressed(key, ImGuiInputFlags_None)) event.clicked = cursor_, by_keys_ = true;
    if (by_keys_) event.hovered = cursor_;
}

void TokenStrip::draw_chip(Rect place, int64_t index, const TokenStripStyle& style, float largest, bool hovered) const {
    const Theme& t = theme();
    const auto at = static_cast<size_t>(index);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const bool reached = style.reached < 0 || index < style.reached, now = style.reached > 0 && index + 1 == style.reached;
    const bool brushed = style.brushed && index >= style.brushed->first && index <= style.brushed->second;
    if (!chips_.captions.empty()) {
        const std::string& caption = chips_.captions[at];
        const float wide = std::min(text_width(caption.c_str(), t.small_text - 1), place.w);
        draw_text({place.x + (place.w - wide) / 2, place.y + chips_.chip_height + t.px(1)}, caption.c_str(), t.small_text - 1,
                  t.color.text_soft, place.w);
        place.h = chips_.chip_height;
    }
    ImU32 ground = hovered ? t.color.control_hovered : t.color.control, ink = t.color.text, sign = t.color.warning;
    if (!style.values.empty() && largest > 0) {
        ground = map_color(ColorMap::diverging, 0.5f + 0.5f * style.values[at] / largest);
        ink = sign = ink_on(ground);   // orange is hard to see on red
    }
    if (!reached) ground = (ground & 0x00ffffffu) | 0x70000000u, ink = t.color.text_soft, sign = t.color.warning;
    list->AddRectFilled(place.min(), place.max(), ground, t.px(5));
    if (brushed) list->AddRect(place.min(), place.max(), t.color.mark, t.px(5), 0, t.px(2));
    if (now) list->AddRect(place.min(), place.max(), t.color.accent, t.px(5), 0, t.px(2));
    if (hovered && !style.values.empty()) list->AddRect(place.min(), place.max(), t.color.text_soft, t.px(5));
    const std::string& shown = chips_.shown[at];
    const float wide = std::min(text_width(shown.c_str(), chips_.text), place.w);
    const float x = place.x + (place.w - wide) / 2, y = place.y + (place.h - t.px(chips_.text)) / 2 - t.px(1);
    draw_text({x, y}, shown.c_str(), chips_.text, ink, place.w - t.px(2));
    if (style.left_out == index) list->AddLine({place.x, place.y + place.h / 2}, {place.right(), place.y + place.h / 2}, sign, t.px(2));
    if (style.known && !style.known(index))
        for (float dot = x; dot < x + wide; dot += t.px(4))
            list->AddRectFilled({dot, place.bottom() - t.px(4)}, {dot + t.px(2), place.bottom() - t.px(3)}, sign);
}

TokenStripEvent TokenStrip::draw(Stage& stage, std::string_view name, std::span<const std::string> tokens, Rect area,
                                 const TokenStripStyle& style) {
    check_count("values", style.values.size(), tokens.size());
    check_count("captions", style.captions.size(), tokens.size());
    TokenStripEvent event;
    arrange(stage, tokens, area.w, style);
    const Rect window{area.x, area.y, area.w, std::min(chips_.height, theme().px(style.highest))};
    event.height = window.h;
    if (tokens.empty()) return event;
    const auto count = static_cast<int64_t>(tokens.size());
    stage.place(name, window);
    ImGui::SetCursorScreenPos(window.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    const bool clicked = ImGui::InvisibleButton("tokens", {std::max(window.w, 1.0f), std::max(window.h, 1.0f)}, ImGuiButtonFlags_EnableNav);
    ImGui::PopID();
    const bool hovering = ImGui::IsItemHovered(ImGuiHoveredFlags_NoNavOverride);
    cursor_ = std::clamp<int64_t>(cursor_, 0, count - 1);
    if (from_ >= count) from_ = -1;
    if (style.reached != seen_reached_ && style.reached > 0) keep_in_sight(std::min(style.reached, count) - 1, window);
    seen_reached_ = style.reached;
    take_pointer(stage, window, hovering, clicked, event);
    if (ImGui::IsItemFocused()) take_keys(window, event);
    else by_keys_ = false;
    scroll(stage, window, hovering);
    float largest = 0;
    for (const float value : style.values)
        if (std::isfinite(value)) largest = std::max(largest, std::fabs(value));
    ImGui::GetWindowDrawList()->PushClipRect(window.min(), window.max(), true);
    for (int64_t i = 0; i < count; ++i) {
        const Rect place = place_of(i, window);
        if (place.bottom() < window.y || place.y > window.bottom() || place.right() < window.x || place.x > window.right()) continue;
        draw_chip(place, i, style, largest, i == event.hovered);
        stage.place(std::string(name) + ":" + std::to_string(i), place);
    }
    ImGui::GetWindowDrawList()->PopClipRect();
    return event;
}

}  // namespace trilens

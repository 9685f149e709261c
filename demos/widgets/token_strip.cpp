// Places are found first, then drawn: what is hovered must be known before anything has a colour.
#include "demos/widgets/token_strip.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "demos/widgets/color_map.h"
#include "demos/widgets/theme.h"
#include "engine/data/tokens.h"

namespace trilens {

namespace {

constexpr float chip_padding = 5, chip_gap = 3, least_width = 14;   // units
constexpr int64_t many = 120;                                       // from so many on chips are smaller

struct Chips {
    std::vector<Rect> places;   // from the top of the first row
    float height = 0, text = 0;
};

Chips arrange_chips(const Stage& stage, std::span<const std::string> tokens, float width) {
    const Theme& t = theme();
    const bool small = static_cast<int64_t>(tokens.size()) > many;
    Chips chips;
    chips.text = small ? t.small_text - 2 : t.text;
    const float row = t.px(stage.touch && !small ? 34
                           : small               ? 20
                                                 : 26),
                padding = t.px(small ? 2 : chip_padding), gap = t.px(small ? 1 : chip_gap);
    float x = 0, y = 0;
    for (const std::string& token : tokens) {
        const float wide = std::max(text_width(shown_token(token).c_str(), chips.text) + 2 * padding, t.px(least_width));
        if (x > 0 && x + wide > width) x = 0, y += row + gap;
        chips.places.push_back({x, y, std::min(wide, width), row});
        x += wide + gap;
    }
    chips.height = tokens.empty() ? 0 : y + row;
    return chips;
}

void draw_chip(const Rect& place, const std::string& token, int64_t index, const Chips& chips, const TokenStripStyle& style, float largest,
               bool hovered) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const bool reached = style.reached < 0 || index < style.reached, now = style.reached > 0 && index + 1 == style.reached;
    const bool brushed = style.brushed && index >= style.brushed->first && index <= style.brushed->second;
    ImU32 ground = hovered ? t.color.control_hovered : t.color.control, ink = reached ? t.color.text : t.color.text_soft;
    if (index < static_cast<int64_t>(style.values.size()) && largest > 0) {
        ground = map_color(ColorMap::diverging, 0.5f + 0.5f * style.values[static_cast<size_t>(index)] / largest);
        const ImVec4 rgb = ImGui::ColorConvertU32ToFloat4(ground);
        ink = 0.3f * rgb.x + 0.59f * rgb.y + 0.11f * rgb.z > 0.55f ? IM_COL32(20, 20, 28, 255) : IM_COL32(250, 250, 252, 255);
    }
    if (!reached) ground = (ground & 0x00ffffffu) | 0x70000000u;
    list->AddRectFilled(place.min(), place.max(), ground, t.px(5));
    if (brushed) list->AddRect(place.min(), place.max(), t.color.mark, t.px(5), 0, t.px(2));
    if (now) list->AddRect(place.min(), place.max(), t.color.accent, t.px(5), 0, t.px(2));
    const std::string shown = shown_token(token);
    const float wide = std::min(text_width(shown.c_str(), chips.text), place.w);
    const float x = place.x + (place.w - wide) / 2, y = place.y + (place.h - t.px(chips.text)) / 2 - t.px(1);
    draw_text({x, y}, shown.c_str(), chips.text, ink, place.w - t.px(2));
    if (style.left_out == index)
        list->AddLine({place.x, place.y + place.h / 2}, {place.right(), place.y + place.h / 2}, t.color.warning, t.px(2));
    if (style.known && !style.known(index))
        for (float dot = x; dot < x + wide; dot += t.px(4))
            list->AddRectFilled({dot, place.bottom() - t.px(4)}, {dot + t.px(2), place.bottom() - t.px(3)}, t.color.warning);
}

}  // namespace

TokenStripEvent TokenStrip::draw(Stage& stage, std::string_view name, std::span<const std::string> tokens, Rect area,
                                 const TokenStripStyle& style) {
    const Theme& t = theme();
    TokenStripEvent event;
    const Chips chips = arrange_chips(stage, tokens, area.w);
    const Rect window{area.x, area.y, area.w, std::min(chips.height, t.px(style.highest))};
    event.height = window.h;
    if (tokens.empty()) return event;
    const auto count = static_cast<int64_t>(tokens.size());
    stage.place(name, window);
    ImGui::SetCursorScreenPos(window.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    const bool clicked = ImGui::InvisibleButton("tokens", {window.w, std::max(window.h, 1.0f)}, ImGuiButtonFlags_EnableNav);
    ImGui::PopID();
    const ImGuiIO& io = ImGui::GetIO();
    const bool hovering = ImGui::IsItemHovered(ImGuiHoveredFlags_NoNavOverride), held = ImGui::IsItemActive() && ImGui::IsMouseDown(0);
    if (chips.height > window.h && hovering) {
        scroll_ -= io.MouseWheel * t.px(40);
        stage.claim_pointer();
    }
    if (style.reached != seen_reached_ && style.reached > 0) {
        const Rect& place = chips.places[static_cast<size_t>(std::min(style.reached, count) - 1)];
        if (place.y < scroll_ || place.bottom() > scroll_ + window.h) scroll_ = place.y - window.h / 2;
    }
    seen_reached_ = style.reached;
    scroll_ = std::clamp(scroll_, 0.0f, std::max(0.0f, chips.height - window.h));
    const auto place_of = [&](int64_t i) {
        Rect place = chips.places[static_cast<size_t>(i)];
        place.x += window.x;
        place.y += window.y - scroll_;
        return place;
    };
    if (hovering || held)
        for (int64_t i = 0; i < count; ++i)
            if (place_of(i).contains(io.MousePos)) event.hovered = i;
    if (ImGui::IsItemActivated()) from_ = event.hovered;
    if (held && from_ >= 0 && event.hovered >= 0 && event.hovered != from_) {
        event.brushed = std::minmax(from_, event.hovered);
        stage.claim_pointer();
    }
    if (clicked && event.hovered >= 0 && was_tap() && event.hovered == from_) event.clicked = event.hovered;
    // The keyboard's cursor.
    cursor_ = std::clamp<int64_t>(cursor_, 0, count - 1);
    const bool focused = ImGui::IsItemFocused() && io.NavVisible;
    if (focused) {
        const ImGuiID id = ImGui::GetItemID();
        const int64_t before = cursor_;
        for (const ImGuiKey key : {ImGuiKey_LeftArrow, ImGuiKey_RightArrow}) {
            ImGui::SetKeyOwner(key, id);
            if (ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id)) cursor_ += key == ImGuiKey_RightArrow ? 1 : -1;
        }
        cursor_ = std::clamp<int64_t>(cursor_, 0, count - 1);
        if (io.KeyShift && cursor_ != before) {
            if (from_ < 0) from_ = before;
            event.brushed = std::minmax(from_, cursor_);
        } else if (!io.KeyShift && !held) {
            from_ = -1;
        }
        if (clicked && event.hovered < 0) event.clicked = cursor_;
        if (event.hovered < 0) event.hovered = cursor_;
    }
    float largest = 0;
    for (const float value : style.values) largest = std::max(largest, std::fabs(value));
    ImGui::GetWindowDrawList()->PushClipRect(window.min(), window.max(), true);
    for (int64_t i = 0; i < count; ++i) {
        const Rect place = place_of(i);
        if (place.bottom() < window.y || place.y > window.bottom()) continue;
        draw_chip(place, tokens[static_cast<size_t>(i)], i, chips, style, largest, i == event.hovered);
        stage.place(std::string(name) + ":" + std::to_string(i), place);
    }
    ImGui::GetWindowDrawList()->PopClipRect();
    return event;
}

}  // namespace trilens

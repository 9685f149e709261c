// The hand may pass several bars between two frames: all of them on its way are set.
#include "demos/widgets/value_bars.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "demos/widgets/theme.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr float widest = 56;   // units

// Two decimals are what the hand sets; of other values, a third one as well where there is room for it.
std::string written_value(float value, float room) {
    char text[16];
    const bool hundredths = std::fabs(value * 100 - std::round(value * 100)) < 1e-3f;
    std::snprintf(text, sizeof text, hundredths ? "%.2f" : "%.3f", static_cast<double>(value));
    if (!hundredths && text_width(text, theme().small_text) + theme().px(3) > room)
        std::snprintf(text, sizeof text, "%.2f", static_cast<double>(value));
    return text;
}

void put(std::vector<float>& values, int64_t at, float value, const ValueBarsStyle& style, ValueBarsEvent& event) {
    value = std::clamp(std::round(value * 100) / 100, style.low, style.high);
    float& kept = values[static_cast<size_t>(at)];
    if (kept == value) return;
    kept = value;
    event.changed = true;
}

float share_of(float value, const ValueBarsStyle& style) {
    return std::isfinite(value) ? std::clamp((value - style.low) / (style.high - style.low), 0.0f, 1.0f) : 0;
}

}  // namespace

void ValueBars::take_hand(Stage& stage, std::vector<float>& values, Rect bars, const ValueBarsStyle& style, ValueBarsEvent& event) {
    if (!ImGui::IsItemActive() || !ImGui::IsMouseDown(0)) {
        down_ = false;
        return;
    }
    stage.claim_pointer();
    const auto count = static_cast<int64_t>(values.size());
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    const auto column = static_cast<int64_t>(std::floor((pointer.x - bars.x) / bars.w * static_cast<float>(count)));
    const int64_t at = std::clamp<int64_t>(column, 0, count - 1);
    const float height = (bars.bottom() - pointer.y) / std::max(bars.h, 1.0f);
    const float wanted = std::clamp(style.low + height * (style.high - style.low), style.low, style.high);
    if (!down_) last_ = at, last_value_ = wanted;
    last_ = std::min(last_, count - 1);
    const int64_t step = at < last_ ? -1 : 1;
    // The first one was set when the hand was there.
    for (int64_t i = at == last_ ? at : last_ + step;; i += step) {
        const float share = at == last_ ? 1.0f : static_cast<float>(i - last_) / static_cast<float>(at - last_);
        put(values, i, last_value_ + share * (wanted - last_value_), style, event);
        if (i == at) break;
    }
    event.joins = down_ = true;
    last_ = cursor_ = at;
    last_value_ = wanted;
}

void ValueBars::take_keys(std::vector<float>& values, const ValueBarsStyle& style, ValueBarsEvent& event) {
    const ImGuiID id = ImGui::GetItemID();
    const auto pressed = [id](ImGuiKey key, ImGuiInputFlags flags = ImGuiInputFlags_Repeat) {
        ImGui::SetKeyOwner(key, id);
        return ImGui::IsKeyPressed(key, flags, id);
    };
    const auto last = static_cast<int64_t>(values.size()) - 1;
    if (pressed(ImGuiKey_LeftArrow)) --cursor_;
    if (pressed(ImGuiKey_RightArrow)) ++cursor_;
    if (pressed(ImGuiKey_Home)) cursor_ = 0;
    if (pressed(ImGuiKey_End)) cursor_ = last;
    cursor_ = std::clamp<int64_t>(cursor_, 0, last);
    constexpr std::pair<ImGuiKey, float> changes[] = {
        {ImGuiKey_UpArrow, 0.01f}, {ImGuiKey_DownArrow, -0.01f}, {ImGuiKey_PageUp, 0.1f}, {ImGuiKey_PageDown, -0.1f}};
    for (const auto& [key, share] : changes) {
        if (!pressed(key)) continue;
        const float by = share * (style.high - style.low);
        put(values, cursor_, values[static_cast<size_t>(cursor_)] + std::copysign(std::max(std::fabs(by), 0.01f), by), style, event);
        event.joins = !pressed(key, ImGuiInputFlags_None);
    }
}

ValueBarsEvent ValueBars::draw(Stage& stage, std::string_view name, std::vector<float>& values, Rect area, const ValueBarsStyle& style) {
    if (!(style.low < style.high))
        throw ValueError("value bars: from " + std::to_string(style.low) + " to " + std::to_string(style.high) + ", expected low < high");
    const Theme& t = theme();
    ValueBarsEvent event;
    const auto count = static_cast<int64_t>(values.size());
    if (count == 0) return event;
    const float column = std::min(area.w / static_cast<float>(count), t.px(widest));
    const bool written = column >= text_width("0.00", t.small_text) + t.px(4);
    const Rect bars{area.x, area.y, column * static_cast<float>(count), area.h - (written ? t.px(t.small_text + 4) : 0)};
    stage.place(name, bars);
    ImGui::SetCursorScreenPos(bars.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    ImGui::InvisibleButton("bars", {std::max(bars.w, 1.0f), std::max(bars.h, 1.0f)}, ImGuiButtonFlags_EnableNav);
    ImGui::PopID();
    cursor_ = std::clamp<int64_t>(cursor_, 0, count - 1);
    take_hand(stage, values, bars, style, event);
    const bool focused = ImGui::IsItemFocused();
    if (focused) take_keys(values, style, event);
    ImDrawList* list = ImGui::GetWindowDrawList();
    for (int64_t i = 0; i < count; ++i) {
        const float gap = std::min(t.px(3), column * 0.2f), value = values[static_cast<size_t>(i)];
        const Rect place{bars.x + static_cast<float>(i) * column + gap / 2, bars.y, column - gap, bars.h};
        const bool reached = style.reached < 0 || i < style.reached, now = style.reached > 0 && i + 1 == style.reached;
        const ImU32 ink = reached ? t.color.input : (t.color.input & 0x00ffffffu) | 0x50000000u;
        list->AddRectFilled(place.min(), place.max(), t.color.control, t.px(4));
        if (const float share = share_of(value, style); share > 0)
            list->AddRectFilled({place.x, place.bottom() - share * place.h}, place.max(), ink, t.px(4));
        if (now) list->AddRect(place.min(), place.max(), t.color.accent, t.px(4), 0, t.px(2));
        if (focused && i == cursor_) list->AddRect(place.inset(-1).min(), place.inset(-1).max(), t.color.text, t.px(4), 0, t.px(1));
        stage.place(std::string(name) + ":" + std::to_string(i), place);
        if (!written) continue;
        const std::string text = written_value(value, column - t.px(2));
        draw_text({place.x + (place.w - text_width(text.c_str(), t.small_text)) / 2, place.bottom() + t.px(3)}, text.c_str(), t.small_text,
                  reached ? t.color.text : t.color.text_soft);
    }
    return event;
}

}  // namespace trilens

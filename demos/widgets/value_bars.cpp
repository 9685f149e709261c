// The hand may pass several bars between two frames: all of them on its way are set.
#include "demos/widgets/value_bars.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float widest = 56;   // units

std::string two_decimals(float value) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", static_cast<double>(value));
    return text;
}

}  // namespace

ValueBarsEvent ValueBars::draw(Stage& stage, std::string_view name, std::vector<float>& values, Rect area, const ValueBarsStyle& style) {
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
    ImGui::InvisibleButton("bars", {bars.w, std::max(bars.h, 1.0f)}, ImGuiButtonFlags_EnableNav);
    ImGui::PopID();
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    const int64_t at = std::clamp<int64_t>(static_cast<int64_t>((pointer.x - bars.x) / column), 0, count - 1);
    const float wanted =
        std::clamp(style.low + (bars.bottom() - pointer.y) / std::max(bars.h, 1.0f) * (style.high - style.low), style.low, style.high);
    const auto put = [&](int64_t i, float value) {
        // Hundredths: what is written is what the network reads.
        value = std::clamp(std::round(value * 100) / 100, style.low, style.high);
        if (values[static_cast<size_t>(i)] == value) return;
        values[static_cast<size_t>(i)] = value;
        event.changed = true;
    };
    if (ImGui::IsItemActive() && ImGui::IsMouseDown(0)) {
        stage.claim_pointer();
        if (!dragging_) last_ = at, last_value_ = wanted;
        const int64_t step = at < last_ ? -1 : 1;
        for (int64_t i = last_;; i += step) {
            const float share = at == last_ ? 1.0f : static_cast<float>(i - last_) / static_cast<float>(at - last_);
            put(i, last_value_ + share * (wanted - last_value_));
            if (i == at) break;
        }
        event.joins = dragging_;
        dragging_ = dragging_ || event.changed;
        last_ = cursor_ = at;
        last_value_ = wanted;
    } else {
        dragging_ = false;
    }
    cursor_ = std::clamp<int64_t>(cursor_, 0, count - 1);
    const bool focused = ImGui::IsItemFocused() && ImGui::GetIO().NavVisible;
    if (focused) {
        const ImGuiID id = ImGui::GetItemID();
        for (const ImGuiKey key : {ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow}) {
            ImGui::SetKeyOwner(key, id);
            if (!ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id)) continue;
            if (key == ImGuiKey_LeftArrow) cursor_ = std::max<int64_t>(cursor_ - 1, 0);
            if (key == ImGuiKey_RightArrow) cursor_ = std::min(cursor_ + 1, count - 1);
            const float by = key == ImGuiKey_UpArrow ? 0.01f : key == ImGuiKey_DownArrow ? -0.01f : 0;
            if (by != 0) put(cursor_, values[static_cast<size_t>(cursor_)] + by * (style.high - style.low)), event.joins = true;
        }
    }
    ImDrawList* list = ImGui::GetWindowDrawList();
    for (int64_t i = 0; i < count; ++i) {
        const float gap = std::min(t.px(3), column * 0.2f), value = values[static_cast<size_t>(i)];
        const Rect place{bars.x + static_cast<float>(i) * column + gap / 2, bars.y, column - gap, bars.h};
        const bool reached = style.reached < 0 || i < style.reached;
        const float top = place.bottom() - (value - style.low) / (style.high - style.low) * place.h;
        const ImU32 ink = reached ? t.color.input : (t.color.input & 0x00ffffffu) | 0x50000000u;
        list->AddRectFilled(place.min(), place.max(), t.color.control, t.px(4));
        list->AddRectFilled({place.x, top}, place.max(), ink, t.px(4));
        if (focused && i == cursor_) list->AddRect(place.min(), place.max(), t.color.accent, t.px(4), 0, t.px(2));
        stage.place(std::string(name) + ":" + std::to_string(i), place);
        if (!written) continue;
        const std::string text = two_decimals(value);
        draw_text({place.x + (place.w - text_width(text.c_str(), t.small_text)) / 2, place.bottom() + t.px(3)}, text.c_str(), t.small_text,
                  reached ? t.color.text : t.color.text_soft);
    }
    return event;
}

}  // namespace trilens

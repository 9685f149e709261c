// A line of text above a track; ticks where the allowed positions lie far enough apart to be told from each other.
#include "demos/widgets/timeline.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "demos/text/text.h"
#include "demos/widgets/theme.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr float text_height = 20, knob_radius = 9, least_tick_gap = 7;   // units

struct Track {
    std::span<const int64_t> positions;
    float from, to;   // of the knob's middle

    double span() const { return std::max(static_cast<double>(positions.back() - positions.front()), 1.0); }
    float place(int64_t position) const {
        const double share = static_cast<double>(position - positions.front()) / span();
        return from + static_cast<float>(std::clamp(share, 0.0, 1.0)) * (to - from);
    }
    double value(float x) const { return static_cast<double>(positions.front()) + static_cast<double>((x - from) / (to - from)) * span(); }

    void draw(Rect area, int64_t now, bool lit) const {
        const Theme& t = theme();
        ImDrawList* list = ImGui::GetWindowDrawList();
        const float y = std::floor(area.y + area.h / 2), half = t.px(3), knob = place(now), least = t.px(least_tick_gap);
        list->AddRectFilled({from - half, y - half}, {to + half, y + half}, t.color.control_active, half);
        list->AddRectFilled({from - half, y - half}, {knob, y + half}, t.color.accent, half);
        bool apart = true;
        for (size_t i = 1; i < positions.size() && apart; ++i) apart = place(positions[i]) - place(positions[i - 1]) >= least;
        for (size_t i = 0; i < positions.size() && apart; ++i) {
            const float x = std::floor(place(positions[i])) + 0.5f;
            list->AddLine({x, y + t.px(6)}, {x, y + t.px(11)}, t.color.text_soft);
        }
        list->AddCircleFilled({knob, y}, t.px(knob_radius), t.color.accent);
        list->AddCircleFilled({knob, y}, t.px(knob_radius) * 0.42f, t.color.card);
        if (lit) list->AddCircle({knob, y}, t.px(knob_radius + 2), t.color.accent, 0, t.px(1.5f));
    }
};

// What the keyboard asks for, if the track has it: the allowed position before or after, or an end. These keys then move no focus.
int64_t by_keys(std::span<const int64_t> positions, int64_t now) {
    if (!ImGui::IsItemFocused()) return now;
    const ImGuiID id = ImGui::GetItemID();
    const auto pressed = [id](ImGuiKey key) {
        ImGui::SetKeyOwner(key, id);
        return ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id);
    };
    const bool less = pressed(ImGuiKey_LeftArrow), more = pressed(ImGuiKey_RightArrow), first = pressed(ImGuiKey_Home),
               last = pressed(ImGuiKey_End);
    if (first) return positions.front();
    if (last) return positions.back();
    const auto above = std::upper_bound(positions.begin(), positions.end(), now),
               below = std::lower_bound(positions.begin(), positions.end(), now);
    if (more && above != positions.end()) return *above;
    if (less && below != positions.begin()) return *(below - 1);
    return now;
}

}  // namespace

int64_t nearest_position(std::span<const int64_t> positions, double place) {
    const auto above = std::lower_bound(positions.begin(), positions.end(), place,
                                        [](int64_t position, double value) { return static_cast<double>(position) < value; });
    if (above == positions.begin()) return *above;
    if (above == positions.end()) return positions.back();
    return static_cast<double>(*above) - place < place - static_cast<double>(*(above - 1)) ? *above : *(above - 1);
}

float timeline_height() { return theme().px(text_height + theme().control_height); }

std::optional<int64_t> draw_timeline(Stage& stage, std::string_view name, std::span<const int64_t> positions, int64_t now, int64_t last,
                                     Rect area) {
    const Theme& t = theme();
    if (positions.empty()) return std::nullopt;
    const auto wrong = std::adjacent_find(positions.begin(), positions.end(), [](int64_t a, int64_t b) { return a >= b; });
    if (wrong != positions.end())
        throw ValueError("timeline: position " + std::to_string(*(wrong + 1)) + " follows " + std::to_string(*wrong) +
                         ", expected ascending ones");
    draw_text(area.min(), say(Text::timeline_step, {std::to_string(now), std::to_string(last)}).c_str(), t.small_text, t.color.text,
              area.w);
    area.cut_top(t.px(text_height));
    area.h = t.px(t.control_height);
    stage.place(name, area);
    const float margin = t.px(knob_radius + 2);
    const Track track{positions, area.x + margin, std::max(area.right() - margin, area.x + margin + 1)};

    ImGui::SetCursorScreenPos(area.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    ImGui::InvisibleButton("track", {std::max(area.w, 1.0f), area.h}, ImGuiButtonFlags_EnableNav);
    ImGui::PopID();
    const bool lit = ImGui::IsItemHovered() || ImGui::IsItemActive();
    int64_t chosen = by_keys(positions, now);
    if (ImGui::IsItemActive() && ImGui::IsMouseDown(0)) {
        stage.claim_pointer();
        chosen = nearest_position(positions, track.value(ImGui::GetIO().MousePos.x));
    }
    track.draw(area, chosen, lit);
    if (chosen == now) return std::nullopt;
    stage.again();
    return chosen;
}

}  // namespace trilens

// Cells are whole device pixels unless there are more of them than pixels; what is in sight is one texture, painted anew only when it shows
// something else.
#include "demos/transformer/heads_map.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <tuple>

#include "demos/text/text.h"
#include "demos/widgets/image_texture.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/number_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float largest_cell = 44, small_cell = 14, cell_with_number = 32, zoom_step = 1.5f, longest_label = 74;  // units

}  // namespace

void HeadsMap::lay_out(const Stage& stage, const HeadsMapContent& content, float width, float height) {
    const Theme& t = theme();
    pixel_ = 1 / stage.device_pixels;
    all_rows_ = static_cast<int64_t>(content.queries.size());
    all_columns_ = static_cast<int64_t>(content.keys.size());
    const auto whole = [this](float side) { return side < 4 * pixel_ ? side : std::floor(side / pixel_ + 1e-3f) * pixel_; };
    fit_ = whole(std::min({width / static_cast<float>(all_columns_), height / static_cast<float>(all_rows_), t.px(largest_cell)}));
    cell_ = whole(std::clamp(t.px(wanted_), fit_, std::max(fit_, t.px(largest_cell))));
    rows_ = std::clamp<int64_t>(static_cast<int64_t>(height / cell_ + 1e-3f), 1, all_rows_);
    columns_ = std::clamp<int64_t>(static_cast<int64_t>(width / cell_ + 1e-3f), 1, all_columns_);
    scroll_to(first_);
}

void HeadsMap::scroll_to(HeadsCell first) {
    first_ = {std::clamp<int64_t>(first.query, 0, all_rows_ - rows_), std::clamp<int64_t>(first.key, 0, all_columns_ - columns_)};
}

void HeadsMap::show(HeadsCell at) {
    const auto from = [](int64_t first, int64_t count, int64_t wanted) {
        return wanted < first ? wanted : wanted >= first + count ? wanted - count + 1 : first;
    };
    scroll_to({from(first_.query, rows_, at.query), from(first_.key, columns_, at.key)});
}

// The cell at that place stays there; without a place that in the middle.
void HeadsMap::zoom(float factor, std::optional<ImVec2> at) {
    const Theme& t = theme();
    const ImVec2 from = at ? ImVec2{at->x - cells_.x, at->y - cells_.y} : ImVec2{cells_.w / 2, cells_.h / 2};
    const float row = static_cast<float>(first_.query) + from.y / cell_, column = static_cast<float>(first_.key) + from.x / cell_;
    const float side = factor > 1 ? std::max(cell_ * factor, cell_ + pixel_) : std::min(cell_ * factor, cell_ - pixel_);
    wanted_ = side <= fit_ ? 0 : std::min(side / t.scale, largest_cell);
    const float now = std::max(fit_, t.px(wanted_));
    // Counts in sight are those of the next frame, which clamps.
    first_ = {std::max<int64_t>(0, std::lround(row - from.y / now)), std::max<int64_t>(0, std::lround(column - from.x / now))};
}

Rect HeadsMap::place(HeadsCell at, int64_t rows, int64_t columns) const {
    return {cells_.x + static_cast<float>(at.key - first_.key) * cell_, cells_.y + static_cast<float>(at.query - first_.query) * cell_,
            static_cast<float>(columns) * cell_, static_cast<float>(rows) * cell_};
}

void HeadsMap::paint(Stage& stage, std::string_view name, const HeadsMapContent& content, Rect area, bool whole) const {
    const auto wide = std::max<int64_t>(1, std::lround(area.w * stage.device_pixels));
    const auto high = std::max<int64_t>(1, std::lround(area.h * stage.device_pixels));
    ImageTextures::Entry& entry = stage.textures.get(name, static_cast<int>(wide), static_cast<int>(high));
    const std::span<const float> values = content.colored.empty() ? content.values : content.colored;
    const MapPart part = whole ? MapPart{values, all_columns_, 0, 0, all_rows_, all_columns_}
                               : MapPart{values, all_columns_, first_.query, first_.key, rows_, columns_};
    char look[160];
    std::snprintf(look, sizeof look, "%d %a %a %lld %lld %lld %lld %lld ", static_cast<int>(content.scale.map),
                  static_cast<double>(content.scale.low), static_cast<double>(content.scale.high), static_cast<long long>(part.row),
                  static_cast<long long>(part.column), static_cast<long long>(part.rows), static_cast<long long>(part.columns),
                  static_cast<long long>(all_columns_));
    const std::string all = look + content.look;
    if (entry.look != all) {
        entry.look = all;
        if (values.empty()) std::ranges::fill(entry.texture.pixels(), content.scale.color(1));
        else paint_map(entry.texture.pixels().data(), wide, wide, high, part, content.scale);
        entry.texture.upload();
    }
    ImGui::GetWindowDrawList()->AddImage(entry.texture.reference(), area.min(), area.max());
}

void HeadsMap::draw_labels(const HeadsMapContent& content, float left, float top) const {
    draw_row_labels({content.queries, first_.query, rows_, cell_, content.current.query},
                    {left, cells_.y, cells_.x - left - theme().px(4), cells_.h});
    draw_column_labels({content.keys, first_.key, columns_, cell_, content.current.key},
                       {cells_.x, top, cells_.w, cells_.y - top - theme().px(4)});
}

// Numbers where there is room for them, the row and column of the current cell, and what the inspector marks.
void HeadsMap::draw_over(const Stage& stage, const HeadsMapContent& content) const {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->PushClipRect({cells_.x - t.px(3), cells_.y - t.px(3)}, {cells_.right() + t.px(3), cells_.bottom() + t.px(3)}, true);
    if (cell_ >= t.px(cell_with_number) && !content.values.empty())
        for (int64_t y = first_.query; y < first_.query + rows_; ++y)
            for (int64_t x = first_.key; x < first_.key + columns_; ++x) {
                const auto at = static_cast<size_t>(y * all_columns_ + x);
                const float value = content.values[at], color = content.colored.empty() ? value : content.colored[at];
                const std::string text = short_number(value);
                const Rect box = place({y, x});
                const float wide = text_width(text.c_str(), t.small_text - 2);
                draw_text({box.x + (box.w - wide) / 2, box.y + box.h / 2 - t.px(t.small_text - 2) / 2}, text.c_str(), t.small_text - 2,
                          ink_on(content.scale.color(color)));
            }
    const Rect row = place({content.current.query, first_.key}, 1, columns_), column = place({first_.query, content.current.key}, rows_, 1);
    list->AddRect(row.min(), row.max(), with_alpha(t.color.accent, 0.75f), 0, 0, t.px(1));
    list->AddRect(column.min(), column.max(), with_alpha(t.color.accent, 0.75f), 0, 0, t.px(1));
    if (!content.node.empty())
        for (const Mark& mark : stage.inspector.marks(content.node))
            if ((mark.map < 0 || mark.map == content.map) && mark.kind != Mark::Kind::subject)
                draw_mark(place({mark.y, mark.x}, mark.height, mark.width), mark.kind);
    draw_mark(place(content.current), Mark::Kind::subject);
    list->PopClipRect();
}

void HeadsMap::take_pointer(Stage& stage, bool clicked, HeadsMapEvent& event) {
    const ImVec2 at = ImGui::GetIO().MousePos;
    const bool scrolls = rows_ < all_rows_ || columns_ < all_columns_;
    if (ImGui::IsItemActivated()) grabbed_ = first_;
    if (ImGui::IsItemActive() && ImGui::IsMouseDown(0) && scrolls && !was_tap()) {
        const ImVec2 from = ImGui::GetIO().MouseClickedPos[0];
        scroll_to({grabbed_.query - std::lround((at.y - from.y) / cell_), grabbed_.key - std::lround((at.x - from.x) / cell_)});
        stage.claim_pointer();
        return;
    }
    if (!ImGui::IsItemHovered() || !cells_.contains(at)) return;
    event.hovered = {std::min(first_.query + static_cast<int64_t>((at.y - cells_.y) / cell_), all_rows_ - 1),
                     std::min(first_.key + static_cast<int64_t>((at.x - cells_.x) / cell_), all_columns_ - 1)};
    if (clicked && was_tap() && ImGui::IsMouseReleased(0)) event.clicked = event.hovered;
}

void HeadsMap::take_wheel() {
    const ImGuiIO& io = ImGui::GetIO();
    if (!ImGui::IsItemHovered()) return;
    if (io.KeyCtrl && io.MouseWheel != 0) zoom(io.MouseWheel > 0 ? zoom_step : 1 / zoom_step, io.MousePos);
    const float across = io.MouseWheelH != 0 ? -io.MouseWheelH : io.KeyShift ? -io.MouseWheel : 0;
    if (across != 0 && !io.KeyCtrl)
        scroll_to({first_.query, first_.key + std::lround(across * std::max(3.0f, static_cast<float>(columns_) / 8))});
}

void HeadsMap::take_keys(HeadsCell at, HeadsMapEvent& event) {
    const ImGuiID id = ImGui::GetItemID();
    const auto pressed = [id](ImGuiKey key, ImGuiInputFlags flags = ImGuiInputFlags_Repeat) {
        ImGui::SetKeyOwner(key, id);
        return ImGui::IsKeyPressed(key, flags, id);
    };
    HeadsCell to = at;
    to.key += pressed(ImGuiKey_RightArrow) - pressed(ImGuiKey_LeftArrow);
    to.query += pressed(ImGuiKey_DownArrow) - pressed(ImGuiKey_UpArrow);
    if (pressed(ImGuiKey_Home)) to.key = 0;
    if (pressed(ImGuiKey_End)) to.key = all_columns_ - 1;
    to = {std::clamp<int64_t>(to.query, 0, all_rows_ - 1), std::clamp<int64_t>(to.key, 0, all_columns_ - 1)};
    if (pressed(ImGuiKey_Equal) || pressed(ImGuiKey_KeypadAdd)) zoom(zoom_step, {});
    if (pressed(ImGuiKey_Minus) || pressed(ImGuiKey_KeypadSubtract)) zoom(1 / zoom_step, {});
    if (!(to == at)) {
        event.hovered = to;
        event.by_keys = true;
        show(to);
    }
    for (const ImGuiKey key : {ImGuiKey_Enter, ImGuiKey_KeypadEnter, ImGuiKey_Space})
        if (pressed(key, ImGuiInputFlags_None)) event.clicked = event.hovered = to, event.by_keys = true;
}

HeadsMapEvent HeadsMap::draw(Stage& stage, std::string_view name, const HeadsMapContent& content, Rect area, float highest) {
    const Theme& t = theme();
    HeadsMapEvent event;
    const auto in_sight = [this] { return std::tuple(first_.query, first_.key, wanted_); };
    const float line = t.px(t.small_text + 4), title_width = t.px(18);
    float widest = 0;
    for (const std::string& label : content.queries) widest = std::max(widest, text_width(label.c_str(), 12));
    const float label_width = std::min(widest, t.px(longest_label)) + t.px(6), left = area.x + title_width;
    lay_out(stage, content, area.w - title_width - label_width - t.px(2), t.px(highest));
    const float above = column_labels_height({content.keys, first_.key, columns_, cell_}, t.px(longest_label)) + t.px(4);
    const auto snap = [this](float at) { return std::round(at / pixel_) * pixel_; };
    cells_ = {snap(left + label_width), snap(area.y + line + above), static_cast<float>(columns_) * cell_,
              static_cast<float>(rows_) * cell_};

    draw_text({cells_.x, area.y}, say(Text::heads_key_axis), t.small_text, t.color.text_soft, area.right() - cells_.x);
    const auto before = in_sight();
    const char* down = say(Text::heads_query_axis);
    draw_turned_text({area.x, cells_.y + std::max(std::min(cells_.h, text_width(down, t.small_text)), t.px(30))}, down, t.small_text,
                     t.color.text_soft);
    paint(stage, std::string(name) + ".picture", content, cells_, false);
    stage.place(name, cells_);
    if (!content.node.empty()) stage.place(content.node, cells_);
    ImGui::SetCursorScreenPos(cells_.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    const bool clicked = ImGui::InvisibleButton("cells", {std::max(cells_.w, 1.0f), std::max(cells_.h, 1.0f)}, ImGuiButtonFlags_EnableNav);
    ImGui::PopID();
    take_pointer(stage, clicked, event);
    take_wheel();
    if (ImGui::IsItemFocused()) take_keys(event.hovered.value_or(content.current), event);
    draw_labels(content, left, area.y + line);
    draw_over(stage, content);
    const float bottom = cells_.bottom() + t.px(6);
    event.height = bottom - area.y + draw_bottom(stage, name, content, {cells_.x, bottom, area.right() - cells_.x, 0});
    if (in_sight() != before) stage.again();
    return event;
}

// The colour bar, and where cells are small what it takes to come closer.
float HeadsMap::draw_bottom(Stage& stage, std::string_view name, const HeadsMapContent& content, Rect area) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const std::string low = number(static_cast<double>(content.scale.low)),
                      high = content.greatest ? content.greatest : number(static_cast<double>(content.scale.high));
    const float low_width = text_width(low.c_str(), t.small_text), bar = t.px(90), x = area.x + low_width + t.px(6);
    draw_text(area.min(), low.c_str(), t.small_text, t.color.text_soft);
    constexpr int steps = 24;
    for (int i = 0; i < steps; ++i) {
        const float from = static_cast<float>(i) / steps, to = static_cast<float>(i + 1) / steps;
        const ImU32 a = map_color(content.scale.map, from), b = map_color(content.scale.map, to);
        list->AddRectFilledMultiColor({x + bar * from, area.y + t.px(4)}, {x + bar * to, area.y + t.px(12)}, a, b, b, a);
    }
    draw_text({x + bar + t.px(6), area.y}, high.c_str(), t.small_text, t.color.text_soft);
    stage.place(std::string(name) + ".colours", {area.x, area.y, x + bar - area.x, t.px(14)});
    float used = t.px(t.small_text + 5);
    if (fit_ >= t.px(small_cell)) return used;
    area.cut_top(used);
    const std::string prefix(name);
    const float side = t.px(stage.touch ? t.touch_target : t.control_height), gap = t.px(4);
    const auto button = [&](const char* part, const char* label, Text help, bool enabled) {
        const float width = std::max(side, text_width(label, t.text) + t.px(20));
        const bool pressed = draw_button(stage, (prefix + part).c_str(), label, {area.x, area.y, width, side}, false, enabled);
        if (ImGui::IsItemHovered(ImGuiHoveredFlags_DelayNormal | ImGuiHoveredFlags_NoNavOverride)) draw_tooltip(say(help));
        area.cut_left(width + gap);
        return pressed;
    };
    if (button(".zoom_out", "-", Text::heads_zoom_out, cell_ > fit_)) zoom(1 / zoom_step, {});
    if (button(".zoom_in", "+", Text::heads_zoom_in, cell_ + pixel_ <= t.px(largest_cell))) zoom(zoom_step, {});
    if (button(".zoom_fit", say(Text::heads_zoom_fit), Text::heads_zoom_fit_help, wanted_ > 0)) wanted_ = 0;
    float high_used = side;
    if (rows_ < all_rows_ || columns_ < all_columns_) {
        const float most = t.px(72) / static_cast<float>(std::max(all_rows_, all_columns_));
        const Rect overview{area.x + gap, area.y, static_cast<float>(all_columns_) * most, static_cast<float>(all_rows_) * most};
        draw_overview(stage, prefix + ".overview", content, overview);
        high_used = std::max(side, overview.h);
    }
    return used + high_used + t.px(4);
}

void HeadsMap::draw_overview(Stage& stage, std::string_view name, const HeadsMapContent& content, Rect area) {
    paint(stage, std::string(name) + ".picture", content, area, true);
    stage.place(name, area);
    ImGui::SetCursorScreenPos(area.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    ImGui::InvisibleButton("overview", {std::max(area.w, 1.0f), std::max(area.h, 1.0f)});
    ImGui::PopID();
    const float row = area.h / static_cast<float>(all_rows_), column = area.w / static_cast<float>(all_columns_);
    if (ImGui::IsItemActive()) {
        const ImVec2 at = ImGui::GetIO().MousePos;
        scroll_to({std::lround((at.y - area.y) / row) - rows_ / 2, std::lround((at.x - area.x) / column) - columns_ / 2});
        stage.claim_pointer();
    }
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_DelayNormal | ImGuiHoveredFlags_NoNavOverride)) draw_tooltip(say(Text::heads_overview_help));
    const Rect window{area.x + static_cast<float>(first_.key) * column, area.y + static_cast<float>(first_.query) * row,
                      static_cast<float>(columns_) * column, static_cast<float>(rows_) * row};
    draw_mark(window, Mark::Kind::subject);
}

}  // namespace trilens

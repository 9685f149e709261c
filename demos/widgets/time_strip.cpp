// One texture a strip, of the visible columns; a cell is a whole number of device pixels and drawn 1:1.
#include "demos/widgets/time_strip.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>

#include "demos/text/text.h"
#include "demos/widgets/image_texture.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/tensor_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float tallest_row = 12, title_height = 19, full_drag = 140;   // units; a drag so far crosses the whole scale

}  // namespace

struct TimeStrip::Strip {
    std::string_view name;
    const Tensor& tensor;
    TimeAxis& axis;
    int64_t units;
    ColorScale scale;
    Rect cells;
    float row;

    Rect cell(const Cell& at) const { return {axis.x(at.first), cells.y + static_cast<float>(at.second) * row, axis.column(), row}; }
    std::optional<Cell> cell_at(ImVec2 place) const {
        const int64_t step = axis.step_at(place.x), unit = static_cast<int64_t>(std::floor((place.y - cells.y) / row));
        return step >= 0 && unit >= 0 && unit < units ? std::optional(Cell{step, unit}) : std::nullopt;
    }
    int64_t flat(const Cell& at) const { return at.first * units + at.second; }
    float value(const Cell& at) const { return tensor.data()[flat(at)]; }
    float range() const { return std::max(scale.high - scale.low, 1e-3f); }
};

ImTextureRef TimeStrip::texture_of(Stage& stage, const Strip& s) {
    const auto column = static_cast<int64_t>(std::lround(s.axis.column() * stage.device_pixels));
    const auto row = std::max<int64_t>(1, std::lround(s.row * stage.device_pixels));
    const int64_t width = s.axis.count() * column, height = s.units * row;
    ImageTextures::Entry& entry = stage.textures.get(s.name, static_cast<int>(width), static_cast<int>(height));
    char look[128];
    std::snprintf(look, sizeof look, "%d %d %a %a %d %d", theme().dark, static_cast<int>(s.scale.map), static_cast<double>(s.scale.low),
                  static_cast<double>(s.scale.high), static_cast<int>(column), static_cast<int>(row));
    const float* first = s.tensor.data() + s.axis.first() * s.units;
    const auto count = static_cast<size_t>(s.axis.count() * s.units);
    if (entry.look == look && entry.values.size() == count && std::memcmp(entry.values.data(), first, count * sizeof(float)) == 0)
        return entry.texture.reference();
    entry.look = look;
    entry.values.assign(first, first + count);
    uint32_t* to = entry.texture.pixels().data();
    for (int64_t unit = 0; unit < s.units; ++unit) {
        uint32_t* line = to + unit * row * width;
        for (int64_t t = 0; t < s.axis.count(); ++t) std::fill_n(line + t * column, column, s.scale.color(first[t * s.units + unit]));
        for (int64_t copy = 1; copy < row; ++copy) std::memcpy(line + copy * width, line, static_cast<size_t>(width) * sizeof(uint32_t));
    }
    entry.texture.upload();
    return entry.texture.reference();
}

void TimeStrip::draw_title(const Strip& s, const char* title, Rect area) {
    const Theme& t = theme();
    std::string range = number(static_cast<double>(s.scale.low)) + " .. " + number(static_cast<double>(s.scale.high));
    const float width = text_width(range.c_str(), t.small_text);
    draw_text(area.min(), title, t.small_text, t.color.text, area.w - width - t.px(40));
    draw_text({area.right() - width, area.y}, range.c_str(), t.small_text, t.color.text_soft);
    const float bar = t.px(30), x = area.right() - width - bar - t.px(6), y = area.y + t.px(4);
    for (int i = 0; i < 10; ++i)
        ImGui::GetWindowDrawList()->AddRectFilled({x + bar * static_cast<float>(i) / 10, y},
                                                  {x + bar * static_cast<float>(i + 1) / 10, y + t.px(7)},
                                                  map_color(s.scale.map, (static_cast<float>(i) + 0.5f) / 10));
}

namespace {

// The steps and units that a mark covers, whichever way the inspector folds the tensor's shape.
struct MarkedCells {
    int64_t step, steps, unit, units;
};

MarkedCells marked_cells(const Mark& mark, const Shape& shape, int64_t units) {
    const int64_t all = shape[0];
    if (is_vector(shape)) return units == 1 ? MarkedCells{mark.x, mark.width, 0, 1} : MarkedCells{0, all, mark.x, mark.width};
    if (shape.rank() < 3) return {mark.y, mark.height, mark.x, mark.width};
    return mark.map < 0 ? MarkedCells{0, all, mark.x, mark.width} : MarkedCells{mark.map, 1, mark.x, mark.width};
}

}  // namespace

// Later steps are faint, the reached one is framed, held cells have a pin, the inspector's marks stand above all.
void TimeStrip::draw_over(const Stage& stage, const Strip& s, const TimeStripStyle& style) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    if (style.reached >= 0 && style.reached < s.axis.last()) {
        const float x = s.axis.x(std::max(style.reached, s.axis.first()));
        list->AddRectFilled({x, s.cells.y}, s.cells.max(), (t.color.card & 0x00ffffffu) | 0xc0000000u);
    }
    if (const int64_t now = style.reached - 1; style.reached < s.axis.steps() && now >= s.axis.first() && now < s.axis.last())
        list->AddRect({s.axis.x(now), s.cells.y - 1}, {s.axis.x(now + 1), s.cells.bottom() + 1}, t.color.accent, 0, 0, t.px(1.5f));
    for (const Cell& held : style.held) {
        if (held.first < s.axis.first() || held.first >= s.axis.last() || held.second >= s.units) continue;
        const Rect cell = s.cell(held);
        const ImVec2 middle{cell.x + cell.w / 2, cell.y + cell.h / 2};
        list->AddCircleFilled(middle, t.px(4), t.color.card);
        list->AddCircleFilled(middle, t.px(2.8f), t.color.warning);
    }
    for (const Mark& mark : stage.inspector.marks(s.name)) {
        const MarkedCells marked = marked_cells(mark, s.tensor.shape(), s.units);
        const int64_t from = std::max(marked.step, s.axis.first()), to = std::min(marked.step + marked.steps, s.axis.last());
        if (from >= to) continue;
        Rect cells = s.cell({from, marked.unit});
        cells.w *= static_cast<float>(to - from);
        cells.h *= static_cast<float>(marked.units);
        draw_mark(cells, mark.kind);
    }
}

void TimeStrip::take_pointer(Stage& stage, const Strip& s, const TimeStripStyle& style, bool clicked, TimeStripEvent& event) {
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    const std::optional<Cell> under = ImGui::IsItemHovered() ? s.cell_at(pointer) : std::nullopt;
    if (under && !dragging_) {
        event.hovered = under;
        const Element element{std::string(s.name), s.flat(*under), style.gradient};
        stage.inspector.hover(element);
        if (clicked && ImGui::IsMouseReleased(0) && was_tap()) stage.inspector.pin(element);
        if (style.editable && ImGui::IsMouseDoubleClicked(0)) event.released = under;
    }
    if (ImGui::IsItemActivated() && ImGui::IsMouseDown(0)) {
        by_keys_ = dragging_ = false;
        start_y_ = pointer.y;
        grabbed_ = s.cell_at(pointer);
        if (grabbed_) cursor_ = *grabbed_;
        if (stage.touch) {
            const Element* pinned = stage.inspector.pinned_element();
            const bool here = pinned && pinned->node == s.name;
            grabbed_ = here ? std::optional(Cell{pinned->index / s.units, pinned->index % s.units}) : std::nullopt;
        }
    }
}

// The scale follows the values, and a held value may be the greatest: how far a drag goes is settled when it begins.
void TimeStrip::take_drag(Stage& stage, const Strip& s, const TimeStripStyle& style, TimeStripEvent& event) {
    if (!ImGui::IsItemActive() || !ImGui::IsMouseDown(0)) dragging_ = false;
    else if (style.editable && grabbed_ && grabbed_->first < s.axis.steps() && grabbed_->second < s.units) {
        const float y = ImGui::GetIO().MousePos.y;
        stage.claim_pointer();
        if (!dragging_ && std::fabs(y - start_y_) > theme().px(6)) {
            dragging_ = event.began = true;
            start_value_ = s.value(*grabbed_);
            range_ = s.range();
        }
        if (!dragging_) return;
        event.wanted = start_value_ + (start_y_ - y) / theme().px(full_drag) * range_;
        if (style.range) event.wanted = std::clamp(*event.wanted, style.range->first, style.range->second);
        event.dragged = *grabbed_;
        stage.inspector.hover({std::string(s.name), s.flat(*grabbed_), false});
    }
}

void TimeStrip::take_keys(Stage& stage, const Strip& s, const TimeStripStyle& style, TimeStripEvent& event) {
    const ImGuiID id = ImGui::GetItemID();
    const auto pressed = [id](ImGuiKey key, ImGuiInputFlags flags = ImGuiInputFlags_Repeat) {
        ImGui::SetKeyOwner(key, id);
        return ImGui::IsKeyPressed(key, flags, id);
    };
    const Cell before = cursor_;
    cursor_.first += pressed(ImGuiKey_RightArrow) - pressed(ImGuiKey_LeftArrow);
    cursor_.second += pressed(ImGuiKey_DownArrow) - pressed(ImGuiKey_UpArrow);
    if (cursor_ != before) by_keys_ = true;
    cursor_ = {std::clamp<int64_t>(cursor_.first, 0, s.axis.steps() - 1), std::clamp<int64_t>(cursor_.second, 0, s.units - 1)};
    if (cursor_ != before) {
        const int64_t first = s.axis.first();
        s.axis.show(cursor_.first);
        if (s.axis.first() != first) stage.again();   // what stands above is drawn already
    }
    const Element element{std::string(s.name), s.flat(cursor_), style.gradient};
    for (const ImGuiKey key : {ImGuiKey_Enter, ImGuiKey_KeypadEnter, ImGuiKey_Space})
        if (pressed(key, ImGuiInputFlags_None)) stage.inspector.pin(element);
    if (by_keys_ && !event.hovered) {
        event.hovered = cursor_;
        stage.inspector.hover(element);
    }
    if (!style.editable) return;
    const int more = pressed(ImGuiKey_Equal) || pressed(ImGuiKey_KeypadAdd),
              less = pressed(ImGuiKey_Minus) || pressed(ImGuiKey_KeypadSubtract);
    if (more != less) {
        event.wanted = s.value(cursor_) + static_cast<float>(more - less) * s.range() / 20;
        if (style.range) event.wanted = std::clamp(*event.wanted, style.range->first, style.range->second);
        event.dragged = cursor_;
        for (const ImGuiKey key : {ImGuiKey_Equal, ImGuiKey_KeypadAdd, ImGuiKey_Minus, ImGuiKey_KeypadSubtract})
            event.began |= pressed(key, ImGuiInputFlags_None);
    }
    if (pressed(ImGuiKey_Delete) || pressed(ImGuiKey_Backspace)) event.released = cursor_;
}

TimeStripEvent TimeStrip::draw(Stage& stage, std::string_view name, TimeAxis& axis, Rect area, const TimeStripStyle& style) {
    const Theme& t = theme();
    TimeStripEvent event;
    if (!stage.graph || !stage.graph->contains(name)) return event;
    const Node& node = stage.graph->node(stage.graph->find(name).node);
    const Tensor& tensor = style.gradient ? node.gradient : node.value;
    if (tensor.empty() || tensor.elements() == 0 || tensor.extent(0) != axis.steps()) return event;
    const int64_t units = tensor.elements() / tensor.extent(0);
    const float pixel = 1 / stage.device_pixels;
    const float row =
        std::max(pixel, std::floor(std::min(t.px(style.highest) / static_cast<float>(units), t.px(tallest_row)) / pixel) * pixel);
    const float below_title = style.title ? t.px(title_height) : 0, top = std::round((area.y + below_title) / pixel) * pixel;
    const Strip s{name,
                  tensor,
                  axis,
                  units,
                  style.range ? ColorScale{style.map, style.range->first, style.range->second}
                              : ColorScale::of(style.map, tensor.data(), tensor.elements()),
                  {axis.left(), top, axis.width(), row * static_cast<float>(units)},
                  row};
    if (style.title) draw_title(s, style.title, area);
    ImGui::GetWindowDrawList()->AddImage(texture_of(stage, s), s.cells.min(), s.cells.max());
    stage.place(name, s.cells);
    event.height = s.cells.bottom() - area.y;

    ImGui::SetCursorScreenPos(s.cells.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    const bool clicked =
        ImGui::InvisibleButton("cells", {std::max(s.cells.w, 1.0f), std::max(s.cells.h, 1.0f)}, ImGuiButtonFlags_EnableNav);
    ImGui::PopID();
    take_pointer(stage, s, style, clicked, event);
    take_drag(stage, s, style, event);
    if (ImGui::IsItemFocused()) take_keys(stage, s, style, event);
    else by_keys_ = false;
    draw_over(stage, s, style);
    return event;
}

}  // namespace trilens

// One texture a strip, of the visible columns; a cell is a whole number of device pixels and drawn 1:1.
#include "demos/widgets/time_strip.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>

#include "demos/text/text.h"
#include "demos/widgets/image_texture.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float tallest_row = 12, title_height = 19, full_drag = 140;   // units; a drag so far crosses the whole scale

struct Strip {
    std::string_view name;
    const Tensor& tensor;
    const TimeAxis& axis;
    int64_t units;
    ColorScale scale;
    Rect cells;
    float row;
};

ImTextureRef texture_of(Stage& stage, const Strip& s) {
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

Rect cell_of(const Strip& s, int64_t step, int64_t unit) {
    return {s.axis.x(step), s.cells.y + static_cast<float>(unit) * s.row, s.axis.column(), s.row};
}

void draw_title(const Strip& s, const char* title, Rect area) {
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

// Later steps are faint, the reached one is framed, held cells have a pin, the inspector's marks stand above all.
void draw_over(Stage& stage, const Strip& s, const TimeStripStyle& style) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    if (style.reached >= 0 && style.reached < s.axis.last()) {
        const float x = s.axis.x(std::max(style.reached, s.axis.first()));
        list->AddRectFilled({x, s.cells.y}, s.cells.max(), (t.color.card & 0x00ffffffu) | 0xc0000000u);
    }
    if (const int64_t now = style.reached - 1; style.reached < s.axis.steps() && now >= s.axis.first() && now < s.axis.last())
        list->AddRect({s.axis.x(now), s.cells.y - 1}, {s.axis.x(now + 1), s.cells.bottom() + 1}, t.color.accent, 0, 0, t.px(1.5f));
    for (const auto& [step, unit] : style.held) {
        if (step < s.axis.first() || step >= s.axis.last() || unit >= s.units) continue;
        const Rect cell = cell_of(s, step, unit);
        const ImVec2 middle{cell.x + cell.w / 2, cell.y + cell.h / 2};
        list->AddCircleFilled(middle, t.px(4), t.color.card);
        list->AddCircleFilled(middle, t.px(2.8f), t.color.warning);
    }
    for (const Mark& mark : stage.inspector.marks(s.name))
        for (int64_t step = std::max(mark.y, s.axis.first()); step < std::min(mark.y + mark.height, s.axis.last()); ++step) {
            Rect cells = cell_of(s, step, mark.x);
            cells.h *= static_cast<float>(mark.width);
            draw_mark(cells, mark.kind);
        }
}

}  // namespace

TimeStripEvent TimeStrip::draw(Stage& stage, std::string_view name, const TimeAxis& axis, Rect area, const TimeStripStyle& style) {
    const Theme& t = theme();
    TimeStripEvent event;
    if (!stage.graph || !stage.graph->contains(name)) return event;
    const Node& node = stage.graph->node(stage.graph->find(name).node);
    const Tensor& tensor = style.gradient ? node.gradient : node.value;
    if (tensor.empty() || tensor.extent(0) != axis.steps()) return event;
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
    const bool clicked = ImGui::InvisibleButton("cells", {std::max(s.cells.w, 1.0f), std::max(s.cells.h, 1.0f)});
    ImGui::PopID();
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    const int64_t step = axis.step_at(pointer.x), unit = static_cast<int64_t>((pointer.y - s.cells.y) / row);
    const bool inside = ImGui::IsItemHovered() && step >= 0 && unit >= 0 && unit < units;
    if (inside && !dragging_) {
        event.hovered = {step, unit};
        const Element element{std::string(name), step * units + unit, style.gradient};
        stage.inspector.hover(element);
        if (clicked && was_tap()) stage.inspector.pin(element);
        if (style.editable && ImGui::IsMouseDoubleClicked(0)) event.released = {step, unit};
    }
    if (ImGui::IsItemActivated()) step_ = step, unit_ = unit, start_y_ = pointer.y, dragging_ = false;
    if (!ImGui::IsItemActive()) dragging_ = false;
    if (style.editable && ImGui::IsItemActive() && step_ >= 0 && unit_ >= 0 && unit_ < units && step_ < axis.steps()) {
        stage.claim_pointer();
        if (!dragging_ && std::fabs(pointer.y - start_y_) > t.px(6)) {
            dragging_ = event.began = true;
            start_value_ = tensor.data()[step_ * units + unit_];
        }
        if (dragging_) {
            const float range = std::max(s.scale.high - s.scale.low, 1e-3f);
            event.wanted = start_value_ + (start_y_ - pointer.y) / t.px(full_drag) * range;
            event.dragged = {step_, unit_};
            stage.inspector.hover({std::string(name), step_ * units + unit_, false});
        }
    }
    draw_over(stage, s, style);
    return event;
}

}  // namespace trilens

// Rectangles, a cell each: some hundreds of them are in sight at once. Marks are those of the inspector, found element by element.
#include "demos/transformer/layer_strip.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "demos/widgets/number_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float widest = 46, number_width = 35;  // units
constexpr ImGuiKey used_keys[] = {ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_Home, ImGuiKey_End};

// Whether a mark over a node of this shape covers an element, as the inspector folds shapes: [.., H, W], or a vector in one row.
bool covers(const Mark& mark, const Shape& shape, int64_t flat) {
    int64_t rows = 1;
    for (int axis = 0; axis < shape.rank() - 1; ++axis) rows *= shape[axis];
    if (rows == 1 || shape.rank() < 2) return flat >= mark.x && flat < mark.x + mark.width;
    const int64_t width = shape[-1], height = shape[-2], map = flat / (width * height), y = flat / width % height, x = flat % width;
    return (mark.map < 0 || mark.map == map) && y >= mark.y && y < mark.y + mark.height && x >= mark.x && x < mark.x + mark.width;
}

}  // namespace

StageStrips::Layout StageStrips::lay_out(const Stage& stage, const StripContent& content, Rect area) {
    const Theme& t = theme();
    const float pixel = 1 / stage.device_pixels;
    Layout out{};
    out.count = std::max<int64_t>(1, static_cast<int64_t>(content.values.size()));
    const auto most = std::max<int64_t>(1, static_cast<int64_t>(area.w / t.px(content.least_cell)));
    out.lines = (out.count + most - 1) / most;
    out.columns = (out.count + out.lines - 1) / out.lines;
    out.cell = std::max(pixel, std::floor(std::min(area.w / static_cast<float>(out.columns), t.px(widest)) / pixel) * pixel);
    out.line = std::round(t.px(out.lines > 1 ? std::min(content.line, 14.0f) : content.line) / pixel) * pixel;
    out.cells = {std::round(area.x / pixel) * pixel, std::round(area.y / pixel) * pixel, out.cell * static_cast<float>(out.columns),
                 out.line * static_cast<float>(out.lines)};
    return out;
}

void StageStrips::draw_cells(const StripContent& content, const Layout& layout) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const bool numbers = layout.cell >= t.px(number_width) && layout.line >= t.px(16);
    const float size = t.small_text - 2;
    for (int64_t i = 0; i < static_cast<int64_t>(content.values.size()); ++i) {
        const Rect cell = layout.at(i);
        if (content.reached >= 0 && i >= content.reached) {
            list->AddRectFilled(cell.min(), {cell.right(), cell.bottom()}, t.color.control);
            continue;
        }
        const ImU32 color = content.scale.color(content.values[static_cast<size_t>(i)]);
        list->AddRectFilled(cell.min(), cell.max(), color);
        if (!numbers) continue;
        const std::string text = short_number(content.values[static_cast<size_t>(i)]);
        draw_text({cell.x + (cell.w - text_width(text.c_str(), size)) / 2, cell.y + (cell.h - t.px(size)) / 2 - t.px(1)}, text.c_str(),
                  size, ink_on(color));
    }
    if (content.parts > 0)
        for (int64_t i = content.parts; i < layout.count; i += content.parts) {
            if (i % layout.columns == 0) continue;
            const Rect cell = layout.at(i);
            list->AddLine({cell.x, cell.y}, {cell.x, cell.bottom()}, t.color.text, t.px(1.5f));
        }
}

void StageStrips::draw_marks(Stage& stage, const StripContent& content, const Layout& layout) {
    const Element first = content.element(0);
    if (first.node.empty() || !stage.graph || !stage.graph->contains(first.node)) return;
    const Shape& shape = stage.graph->find(first.node).shape();
    for (const Mark& mark : stage.inspector.marks(first.node)) {
        // Cells beside each other in one line are marked together.
        int64_t from = -1;
        for (int64_t i = 0; i <= layout.count; ++i) {
            const bool inside = i < layout.count && covers(mark, shape, content.element(i).index);
            const bool ends = from >= 0 && (!inside || i % layout.columns == 0);
            if (ends) {
                const Rect a = layout.at(from), b = layout.at(i - 1);
                draw_mark({a.x, a.y, b.right() - a.x, a.h}, mark.kind);
                from = -1;
            }
            if (inside && from < 0) from = i;
        }
    }
}

void StageStrips::take_keys(const Layout& layout, std::string_view name, StripEvent& event) {
    const ImGuiID id = ImGui::GetItemID();
    for (const ImGuiKey key : used_keys) ImGui::SetKeyOwner(key, id);
    const auto pressed = [id](ImGuiKey key) { return ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id); };
    int64_t& cursor = cursors_.try_emplace(std::string(name), -1).first->second;
    const int64_t before = cursor;
    if (pressed(ImGuiKey_RightArrow)) ++cursor;
    if (pressed(ImGuiKey_LeftArrow)) --cursor;
    if (pressed(ImGuiKey_Home)) cursor = 0;
    if (pressed(ImGuiKey_End)) cursor = layout.count - 1;
    if (cursor != before || cursor >= 0) cursor = std::clamp<int64_t>(cursor, 0, layout.count - 1);
    if (cursor >= 0 && event.hovered < 0) event.hovered = cursor;
}

StripEvent StageStrips::draw(Stage& stage, std::string_view name, const StripContent& content, Rect area) {
    const Theme& t = theme();
    const Layout layout = lay_out(stage, content, area);
    StripEvent event;
    event.height = layout.cells.bottom() - area.y;
    stage.place(name, layout.cells);
    ImGui::SetCursorScreenPos(layout.cells.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    const bool pressed = ImGui::InvisibleButton("cells", {layout.cells.w, layout.cells.h}, ImGuiButtonFlags_EnableNav);
    ImGui::PopID();
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    if (ImGui::IsItemHovered() && layout.cells.contains(pointer)) {
        const auto line = static_cast<int64_t>((pointer.y - layout.cells.y) / layout.line);
        const auto column = static_cast<int64_t>((pointer.x - layout.cells.x) / layout.cell);
        const int64_t index = line * layout.columns + column;
        if (column < layout.columns && index < layout.count) event.hovered = index;
    }
    const bool by_hand = pressed && ImGui::IsMouseReleased(0);
    if (ImGui::IsItemFocused()) take_keys(layout, name, event);
    if (event.hovered >= 0) {
        if (by_hand ? was_tap() : pressed) event.clicked = event.hovered;
        const Element element = content.element(event.hovered);
        if (!element.node.empty()) {
            stage.inspector.hover(element);
            if (event.clicked >= 0) stage.inspector.pin(element);
        }
    }
    if (!ImGui::IsRectVisible(layout.cells.min(), layout.cells.max())) return event;
    draw_cells(content, layout);
    ImDrawList* list = ImGui::GetWindowDrawList();
    for (const int64_t framed : {content.current, event.hovered})
        if (framed >= 0 && framed < layout.count) {
            const Rect cell = layout.at(framed);
            list->AddRect(cell.inset(-t.px(1)).min(), cell.inset(-t.px(1)).max(), framed == content.current ? t.color.accent : t.color.text,
                          t.px(1), 0, t.px(2));
        }
    draw_marks(stage, content, layout);
    return event;
}

}  // namespace trilens

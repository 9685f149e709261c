// One texture a map, painted when it comes into sight. A cell is a whole number of device pixels where there is room for that, else the
// texture is squeezed.
#include "demos/transformer/layer_map.h"

#include <algorithm>
#include <cmath>

#include "demos/widgets/image_texture.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float tallest_row = 14, widest_column = 46;  // units

struct Layout {
    Rect cells;
    float row, column;  // units
    int64_t texels_x, texels_y;  // of a cell
};

Layout lay_out(const Stage& stage, const StageMapContent& content, Rect area) {
    const Theme& t = theme();
    const float pixel = 1 / stage.device_pixels;
    const auto fit = [pixel](float units) { return units >= pixel ? std::floor(units / pixel + 0.001f) * pixel : units; };
    Layout out{};
    const auto steps = static_cast<float>(content.vectors.steps), width = static_cast<float>(content.vectors.width);
    out.row = fit(std::min(t.px(tallest_row), t.px(content.highest) / steps));
    out.column = fit(std::min(t.px(widest_column), area.w / width));
    out.texels_x = std::max<int64_t>(1, std::lround(out.column / pixel));
    out.texels_y = std::max<int64_t>(1, std::lround(out.row / pixel));
    out.cells = {std::round(area.x / pixel) * pixel, std::round(area.y / pixel) * pixel, out.column * width, out.row * steps};
    return out;
}

void paint(ImageTexture& texture, const StageMapContent& content, const Layout& layout) {
    const TokenVectors& v = content.vectors;
    uint32_t* line = texture.pixels().data();
    const int64_t width = v.width * layout.texels_x;
    for (int64_t step = 0; step < v.steps; ++step) {
        for (int64_t column = 0; column < v.width; ++column)
            std::fill_n(line + column * layout.texels_x, layout.texels_x,
                        content.scale.color(v.tensor.data()[v.flat(step + v.before, column)]));
        for (int64_t copy = 1; copy < layout.texels_y; ++copy) std::copy_n(line, width, line + copy * width);
        line += layout.texels_y * width;
    }
    texture.upload();
}

void draw_marks(const Stage& stage, const StageMapContent& content, const Layout& layout) {
    const TokenVectors& v = content.vectors;
    for (const Mark& mark : stage.inspector.marks(content.node)) {
        if (v.steps == 1 || (mark.map >= 0 && v.first > 0)) continue;
        const int64_t first = mark.map < 0 ? 0 : mark.map * v.size + mark.x, last = mark.map < 0 ? v.width : first + mark.width;
        if (first >= v.width || mark.y >= v.steps) continue;
        draw_mark({layout.cells.x + static_cast<float>(first) * layout.column, layout.cells.y + static_cast<float>(mark.y) * layout.row,
                   static_cast<float>(std::min(last, v.width) - first) * layout.column,
                   static_cast<float>(std::min(mark.height, v.steps - mark.y)) * layout.row},
                  mark.kind);
    }
}

}  // namespace

StageMapEvent draw_stage_map(Stage& stage, std::string_view name, const StageMapContent& content, Rect area) {
    const Theme& t = theme();
    const TokenVectors& v = content.vectors;
    const Layout layout = lay_out(stage, content, area);
    StageMapEvent event;
    event.height = layout.cells.bottom() - area.y;
    stage.place(name, layout.cells);
    ImGui::SetCursorScreenPos(layout.cells.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    const bool pressed = ImGui::InvisibleButton("map", {std::max(layout.cells.w, 1.0f), std::max(layout.cells.h, 1.0f)});
    ImGui::PopID();
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    if (ImGui::IsItemHovered() && layout.cells.contains(pointer)) {
        event.token = v.before + std::min(static_cast<int64_t>((pointer.y - layout.cells.y) / layout.row), v.steps - 1);
        event.column = std::min(static_cast<int64_t>((pointer.x - layout.cells.x) / layout.column), v.width - 1);
        event.clicked = pressed && was_tap();
        const Element element{content.node, v.flat(event.token, event.column), content.gradient};
        stage.inspector.hover(element);
        if (event.clicked) stage.inspector.pin(element);
    }
    if (!ImGui::IsRectVisible(layout.cells.min(), layout.cells.max())) return event;
    ImageTextures::Entry& entry = stage.textures.get(std::string(name) + ".map", static_cast<int>(v.width * layout.texels_x),
                                                     static_cast<int>(v.steps * layout.texels_y));
    const std::string look = content.look + (content.gradient ? " gradient " : " ") + std::to_string(content.scale.low) + " " +
                             std::to_string(content.scale.high) + " " + std::to_string(static_cast<int>(content.scale.map)) + " " +
                             std::to_string(v.first);
    if (entry.look != look) {
        paint(entry.texture, content, layout);
        entry.look = look;
    }
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddImage(entry.texture.reference(), layout.cells.min(), layout.cells.max());
    for (int64_t part = v.size; part < v.width; part += v.size) {
        const float x = layout.cells.x + static_cast<float>(part) * layout.column;
        list->AddLine({x, layout.cells.y}, {x, layout.cells.bottom()}, t.color.text, t.px(1.5f));
    }
    if (v.has(content.token)) {
        const float y = layout.cells.y + static_cast<float>(content.token - v.before) * layout.row;
        list->AddRect({layout.cells.x - t.px(2), y - t.px(1)}, {layout.cells.right() + t.px(2), y + layout.row + t.px(1)}, t.color.accent,
                      t.px(1), 0, t.px(1.5f));
    }
    draw_marks(stage, content, layout);
    return event;
}

}  // namespace trilens

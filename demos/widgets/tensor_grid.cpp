// The maps of a tensor as one texture. Cells are a whole number of device pixels and the texture is drawn 1:1, so linear
// sampling shows hard edges; where that would be a very large texture cells take fewer texels, at least 8.
#include "demos/widgets/tensor_grid.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>

#include "demos/text/text.h"
#include "demos/widgets/grid_layout.h"
#include "demos/widgets/image_texture.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float title_height = 20, bar_height = 22;  // units
constexpr int64_t largest_texture = 1 << 20;                         // texels

// How many texels a map and the gap between maps take; a map is drawn 1:1 unless it is too large or has less than a pixel for a cell.
struct Texels {
    int64_t map_width, map_height, gap_x, gap_y;
};

Texels texels_of(const GridLayout& layout, int64_t elements) {
    const GridFolding& f = layout.fold;
    const auto least = static_cast<int64_t>(layout.columns * layout.rows > 1);
    const auto gap = [&](int64_t texels, float pixels) {
        return std::max<int64_t>(least, std::lround(layout.gap * static_cast<float>(texels) / pixels));
    };
    Texels out{};
    if (f.strips()) {
        out.map_width = std::max<int64_t>(f.width, std::lround(layout.map_width()));
        out.map_height = std::lround(layout.map_height());
    } else {
        int64_t wide = std::max<int64_t>(1, static_cast<int64_t>(layout.cell_width)),
                high = std::max<int64_t>(1, static_cast<int64_t>(layout.cell_height));
        while (std::min(wide, high) > 8 && elements * wide * high > largest_texture) wide = (wide + 1) / 2, high = (high + 1) / 2;
        out.map_width = wide * f.width;
        out.map_height = high * f.height;
    }
    out.gap_x = gap(out.map_width, layout.map_width());
    out.gap_y = gap(out.map_height, layout.map_height());
    return out;
}

// Fills one row of cells of all maps that stand beside each other, then repeats it downwards.
void paint(std::span<uint32_t> pixels, int64_t pitch, const Tensor& tensor, const GridLayout& layout, const ColorScale& scale,
           const Texels& texels) {
    const GridFolding& f = layout.fold;
    std::fill(pixels.begin(), pixels.end(), theme().color.card & 0x00ffffff);  // transparent, and no dark rim where it is blended
    const float* values = tensor.data();
    const int64_t cell_height = texels.map_height / f.height;
    const auto edge = [&](int64_t x) { return x * texels.map_width / f.width; };
    for (int64_t row = 0; row < layout.rows; ++row)
        for (int64_t y = 0; y < f.height; ++y) {
            uint32_t* line = pixels.data() + (row * (texels.map_height + texels.gap_y) + y * cell_height) * pitch;
            for (int64_t column = 0; column < layout.columns; ++column) {
                const int64_t map = row * layout.columns + column;
                if (map >= f.maps) break;
                uint32_t* out = line + column * (texels.map_width + texels.gap_x);
                for (int64_t x = 0; x < f.width && y * f.width + x < f.cells; ++x)
                    std::fill(out + edge(x), out + edge(x + 1), scale.color(values[map * f.cells + y * f.width + x]));
            }
            for (int64_t copy = 1; copy < cell_height; ++copy)
                std::memcpy(line + copy * pitch, line, static_cast<size_t>(pitch) * sizeof(uint32_t));
        }
}

ImTextureRef texture_of(Stage& stage, std::string_view name, const Tensor& tensor, const GridLayout& layout, const ColorScale& scale) {
    const Texels texels = texels_of(layout, tensor.elements());
    const int64_t width = layout.columns * texels.map_width + (layout.columns - 1) * texels.gap_x;
    const int64_t height = layout.rows * texels.map_height + (layout.rows - 1) * texels.gap_y;
    ImageTextures::Entry& entry = stage.textures.get(name, static_cast<int>(width), static_cast<int>(height));
    char look[128];
    std::snprintf(look, sizeof look, "%d %d %a %a %d %d %d", theme().dark, static_cast<int>(scale.map), static_cast<double>(scale.low),
                  static_cast<double>(scale.high), static_cast<int>(texels.map_width), static_cast<int>(layout.columns),
                  static_cast<int>(layout.fold.width));
    const std::span<const float> values = tensor.values();
    const bool same = entry.look == look && entry.values.size() == values.size() &&
                      std::memcmp(entry.values.data(), values.data(), values.size_bytes()) == 0;
    if (!same) {
        entry.look = look;
        entry.values.assign(values.begin(), values.end());
        paint(entry.texture.pixels(), width, tensor, layout, scale, texels);
        entry.texture.upload();
    }
    return entry.texture.reference();
}

std::string short_form(float value) {
    char text[24];
    std::snprintf(text, sizeof text, "%.2g", static_cast<double>(value));
    return text;
}

void draw_scale_bar(const ColorScale& scale, ImVec2 at, float width) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    std::string low = number(scale.low), high = number(scale.high);
    const auto wide = [&](const std::string& text) { return text_width(text.c_str(), t.small_text); };
    // Where both do not fit beside each other, two digits say enough.
    if (wide(low) + wide(high) + t.px(12) > width) low = short_form(scale.low), high = short_form(scale.high);
    const float low_width = wide(low), high_width = wide(high);
    const float bar = std::clamp(width - low_width - high_width - t.px(12), 0.0f, t.px(96)), top = at.y + t.px(5), height = t.px(8);
    draw_text(at, low.c_str(), t.small_text, t.color.text_soft);
    float x = std::floor(at.x + low_width + t.px(6));
    constexpr int steps = 24;
    for (int i = 0; i < steps; ++i) {
        const float from = bar * static_cast<float>(i) / steps, to = bar * static_cast<float>(i + 1) / steps;
        const ImU32 a = map_color(scale.map, static_cast<float>(i) / steps), b = map_color(scale.map, static_cast<float>(i + 1) / steps);
        list->AddRectFilledMultiColor({x + from, top}, {x + to, top + height}, a, b, b, a);
    }
    draw_text({x + bar + t.px(6), at.y}, high.c_str(), t.small_text, t.color.text_soft);
}

void draw_marks(const Stage& stage, std::string_view name, const GridLayout& layout, Rect maps) {
    const float unit = 1 / stage.device_pixels, cell_width = layout.cell_width * unit, cell_height = layout.cell_height * unit;
    const GridFolding& f = layout.fold;
    for (Mark mark : stage.inspector.marks(name)) {
        if (f.vector)
            mark = mark.width == 1 ? Mark{mark.kind, 0, mark.x / f.width, mark.x % f.width} : Mark{mark.kind, 0, 0, 0, f.height, f.width};
        for (int64_t map = std::max<int64_t>(mark.map, 0); map < (mark.map < 0 ? f.maps : std::min(mark.map + 1, f.maps)); ++map) {
            const ImVec2 a{maps.x + layout.left(map) * unit + static_cast<float>(mark.x) * cell_width,
                           maps.y + layout.top(map) * unit + static_cast<float>(mark.y) * cell_height};
            draw_mark({a.x, a.y, static_cast<float>(mark.width) * cell_width, static_cast<float>(mark.height) * cell_height}, mark.kind);
        }
    }
}

std::optional<GridCell> cell_at(const GridLayout& layout, Rect maps, ImVec2 pointer, float unit) {
    const GridFolding& f = layout.fold;
    const ImVec2 at{(pointer.x - maps.x) / unit, (pointer.y - maps.y) / unit};
    const float pitch_x = layout.map_width() + layout.gap, pitch_y = layout.map_height() + layout.gap;
    const auto column = static_cast<int64_t>(at.x / pitch_x), row = static_cast<int64_t>(at.y / pitch_y);
    const auto x = static_cast<int64_t>((at.x - static_cast<float>(column) * pitch_x) / layout.cell_width);
    const auto y = static_cast<int64_t>((at.y - static_cast<float>(row) * pitch_y) / layout.cell_height);
    const int64_t map = row * layout.columns + column;
    if (column >= layout.columns || map >= f.maps || x >= f.width || y >= f.height || y * f.width + x >= f.cells) return std::nullopt;
    return GridCell{map, y, x, map * f.cells + y * f.width + x};
}

std::optional<GridCell> draw(Stage& stage, std::string_view name, const Tensor& tensor, Rect area, const GridStyle& style, bool inspect) {
    const Theme& t = theme();
    const float unit = 1 / stage.device_pixels;
    if (style.title) {
        draw_text(area.min(), style.title, t.small_text, t.color.text_soft, area.w);
        area.cut_top(t.px(title_height));
    }
    if (tensor.empty()) return std::nullopt;
    const bool open_height = area.h <= 0;
    const float below = style.scale_bar ? t.px(bar_height) : 0;
    const GridFolding folding = fold(tensor.shape(), style.vector_width);
    const GridSpace room{area.w / unit, std::max(area.h - below, 1.0f) / unit, open_height, t.px(1) / unit};
    const GridLayout layout = style.filled ? arrange_filled(folding, room) : arrange(folding, room, style.max_cell, style.columns);
    const ColorScale scale = style.scale ? ColorScale{style.map, style.scale->low, style.scale->high}
                                         : ColorScale::of(style.map, tensor.data(), tensor.elements());
    const Rect maps{std::round(area.x / unit) * unit, std::round(area.y / unit) * unit, layout.width() * unit, layout.height() * unit};
    ImGui::GetWindowDrawList()->AddImage(texture_of(stage, name, tensor, layout, scale), maps.min(), maps.max());
    stage.place(name, maps);

    ImGui::SetCursorScreenPos(maps.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    const bool released = ImGui::InvisibleButton("maps", {std::max(maps.w, 1.0f), std::max(maps.h, 1.0f)});
    const bool hovered = ImGui::IsItemHovered();
    ImGui::PopID();
    std::optional<GridCell> cell;
    if (hovered) cell = cell_at(layout, maps, ImGui::GetIO().MousePos, unit);
    if (cell && inspect) {
        stage.inspector.hover({std::string(name), cell->flat, style.gradient});
        if (released && was_tap()) stage.inspector.pin({std::string(name), cell->flat, style.gradient});
    }
    draw_marks(stage, name, layout, maps);
    if (style.scale_bar) draw_scale_bar(scale, {maps.x, maps.bottom() + t.px(4)}, area.w);
    return cell;
}

}  // namespace

std::optional<GridCell> draw_tensor(Stage& stage, std::string_view name, Rect area, const GridStyle& style) {
    const bool found = stage.graph && stage.graph->contains(name);
    if (!found) return draw(stage, name, Tensor(), area, style, false);
    const Node& node = stage.graph->node(stage.graph->find(name).node);
    return draw(stage, name, style.gradient ? node.gradient : node.value, area, style, true);
}

std::optional<GridCell> draw_tensor(Stage& stage, std::string_view name, const Tensor& tensor, Rect area, const GridStyle& style) {
    return draw(stage, name, tensor, area, style, false);
}

float tensor_height(const Stage& stage, const Shape& shape, float width, const GridStyle& style) {
    const Theme& t = theme();
    const GridFolding folding = fold(shape, style.vector_width);
    const float unit = 1 / stage.device_pixels, extra = (style.title ? t.px(title_height) : 0) + (style.scale_bar ? t.px(bar_height) : 0);
    return arrange(folding, {width / unit, 0, true, t.px(1) / unit}, style.max_cell, style.columns).height() * unit + extra;
}

}  // namespace trilens

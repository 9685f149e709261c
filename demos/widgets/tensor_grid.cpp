// The maps of a tensor as one texture. Cells are a whole number of device pixels and the texture is drawn 1:1, so linear
// sampling shows hard edges; where that would be a very large texture cells take fewer texels, at least 8.
#include "demos/widgets/tensor_grid.h"

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

constexpr float title_height = 20, bar_height = 22, map_gap = 4;  // units
constexpr int64_t largest_texture = 1 << 20;                         // texels

// How a shape is folded: `maps` pictures of height x width cells; a vector is one picture, perhaps with empty cells at its end.
struct Folding {
    int64_t maps = 0, height = 0, width = 0;
    int64_t cells = 0;  // of one map that have a value
    bool vector = false;
};

Folding fold(const Shape& shape, const GridStyle& style) {
    const int64_t count = shape.elements();
    if (!is_vector(shape)) {
        const int64_t height = shape[-2], width = shape[-1], size = std::max<int64_t>(height * width, 1);
        return {count / size, height, width, size, false};
    }
    int64_t width = style.vector_width;
    if (width <= 0) {
        width = std::max<int64_t>(1, static_cast<int64_t>(std::ceil(std::sqrt(static_cast<double>(count)))));
        while (width < count && count % width != 0) ++width;
    }
    return {count > 0 ? 1 : 0, (count + width - 1) / width, width, count, true};
}

// Where everything stands, in device pixels; cell is a whole number, or less than 1 for a tensor larger than its place.
struct Layout {
    Folding fold;
    int64_t columns = 1, rows = 1;
    float cell = 1, gap = 0;

    float width() const { return static_cast<float>(columns * fold.width) * cell + static_cast<float>(columns - 1) * gap; }
    float height() const { return static_cast<float>(rows * fold.height) * cell + static_cast<float>(rows - 1) * gap; }
};

int64_t natural_columns(int64_t maps) {
    auto columns = static_cast<int64_t>(std::ceil(std::sqrt(static_cast<double>(maps))));
    while (columns < maps && maps % columns != 0) ++columns;
    return std::max<int64_t>(columns, 1);
}

Layout arrange(const Folding& fold, float width, float height, float max_cell, float gap, int64_t wanted_columns) {
    Layout best{.fold = fold, .gap = std::round(gap)};
    float best_cell = -1;
    for (int64_t columns = 1; columns <= std::max<int64_t>(fold.maps, 1); ++columns) {
        if (wanted_columns > 0 && columns != std::min(wanted_columns, std::max<int64_t>(fold.maps, 1))) continue;
        const int64_t rows = (fold.maps + columns - 1) / columns;
        const float x = (width - static_cast<float>(columns - 1) * best.gap) / static_cast<float>(columns * fold.width);
        const float y = (height - static_cast<float>(rows - 1) * best.gap) / static_cast<float>(rows * fold.height);
        float cell = std::min({x, y, max_cell});
        if (cell >= 1) cell = std::floor(cell);
        if (cell > best_cell) {
            best_cell = cell;
            best.columns = columns;
            best.rows = rows;
        }
    }
    best.cell = std::max(best_cell, 0.05f);
    return best;
}

// Fills one row of cells of all maps that stand beside each other, `texels` wide each, then repeats it downwards.
void paint(std::span<uint32_t> pixels, int64_t pitch, const Tensor& tensor, const Layout& layout, const ColorScale& scale, int64_t texels,
           int64_t gap) {
    const Folding& f = layout.fold;
    std::fill(pixels.begin(), pixels.end(), theme().color.card & 0x00ffffff);  // transparent, and no dark rim where it is blended
    const float* values = tensor.data();
    for (int64_t row = 0; row < layout.rows; ++row)
        for (int64_t y = 0; y < f.height; ++y) {
            uint32_t* line = pixels.data() + (row * (f.height * texels + gap) + y * texels) * pitch;
            for (int64_t column = 0; column < layout.columns; ++column) {
                const int64_t map = row * layout.columns + column;
                if (map >= f.maps) break;
                uint32_t* out = line + column * (f.width * texels + gap);
                for (int64_t x = 0; x < f.width && y * f.width + x < f.cells; ++x, out += texels)
                    std::fill_n(out, texels, scale.color(values[map * f.cells + y * f.width + x]));
            }
            for (int64_t copy = 1; copy < texels; ++copy)
                std::memcpy(line + copy * pitch, line, static_cast<size_t>(pitch) * sizeof(uint32_t));
        }
}

ImTextureRef texture_of(Stage& stage, std::string_view name, const Tensor& tensor, const Layout& layout, const ColorScale& scale) {
    int64_t texels = std::max<int64_t>(1, static_cast<int64_t>(layout.cell));
    while (texels > 8 && tensor.elements() * texels * texels > largest_texture) texels = (texels + 1) / 2;
    const int64_t gap =
        std::max<int64_t>(layout.columns * layout.rows > 1 ? 1 : 0, std::lround(layout.gap * static_cast<float>(texels) / layout.cell));
    const Folding& f = layout.fold;
    const int64_t width = layout.columns * f.width * texels + (layout.columns - 1) * gap;
    const int64_t height = layout.rows * f.height * texels + (layout.rows - 1) * gap;
    ImageTextures::Entry& entry = stage.textures.get(name, static_cast<int>(width), static_cast<int>(height));
    char look[128];
    std::snprintf(look, sizeof look, "%d %d %a %a %d %d %d", theme().dark, static_cast<int>(scale.map), static_cast<double>(scale.low),
                  static_cast<double>(scale.high), static_cast<int>(texels), static_cast<int>(layout.columns), static_cast<int>(f.width));
    const std::span<const float> values = tensor.values();
    const bool same = entry.look == look && entry.values.size() == values.size() &&
                      std::memcmp(entry.values.data(), values.data(), values.size_bytes()) == 0;
    if (!same) {
        entry.look = look;
        entry.values.assign(values.begin(), values.end());
        paint(entry.texture.pixels(), width, tensor, layout, scale, texels, gap);
        entry.texture.upload();
    }
    return entry.texture.reference();
}

void draw_scale_bar(const ColorScale& scale, ImVec2 at, float width) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const std::string low = number(scale.low), high = number(scale.high);
    const float low_width = text_width(low.c_str(), t.small_text), high_width = text_width(high.c_str(), t.small_text);
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

void draw_marks(const Stage& stage, std::string_view name, const Layout& layout, Rect maps) {
    const Theme& t = theme();
    const float unit = 1 / stage.device_pixels, cell = layout.cell * unit, gap = layout.gap * unit;
    const Folding& f = layout.fold;
    ImDrawList* list = ImGui::GetWindowDrawList();
    for (Mark mark : stage.inspector.marks(name)) {
        if (f.vector)
            mark = mark.width == 1 ? Mark{mark.kind, 0, mark.x / f.width, mark.x % f.width} : Mark{mark.kind, 0, 0, 0, f.height, f.width};
        const bool subject = mark.kind == Mark::Kind::subject;
        const ImU32 color = subject ? t.color.accent : mark.kind == Mark::Kind::patch ? t.color.mark : t.color.mark_field;
        for (int64_t map = std::max<int64_t>(mark.map, 0); map < (mark.map < 0 ? f.maps : std::min(mark.map + 1, f.maps)); ++map) {
            const float left = maps.x + static_cast<float>(map % layout.columns) * (static_cast<float>(f.width) * cell + gap);
            const float top = maps.y + static_cast<float>(map / layout.columns) * (static_cast<float>(f.height) * cell + gap);
            const ImVec2 a{left + static_cast<float>(mark.x) * cell, top + static_cast<float>(mark.y) * cell};
            const ImVec2 b{a.x + static_cast<float>(mark.width) * cell, a.y + static_cast<float>(mark.height) * cell};
            list->AddRect({a.x - t.px(2), a.y - t.px(2)}, {b.x + t.px(2), b.y + t.px(2)}, IM_COL32(0, 0, 0, 200), t.px(2), 0, t.px(3.5f));
            list->AddRect({a.x - t.px(2), a.y - t.px(2)}, {b.x + t.px(2), b.y + t.px(2)}, IM_COL32(255, 255, 255, 235), t.px(2), 0,
                          t.px(2.2f));
            list->AddRect({a.x - t.px(1), a.y - t.px(1)}, {b.x + t.px(1), b.y + t.px(1)}, color, t.px(2), 0, t.px(2));
        }
    }
}

std::optional<Cell> cell_at(const Layout& layout, Rect maps, ImVec2 pointer, float unit) {
    const Folding& f = layout.fold;
    const float cell = layout.cell * unit, gap = layout.gap * unit;
    const float pitch_x = static_cast<float>(f.width) * cell + gap, pitch_y = static_cast<float>(f.height) * cell + gap;
    const auto column = static_cast<int64_t>((pointer.x - maps.x) / pitch_x), row = static_cast<int64_t>((pointer.y - maps.y) / pitch_y);
    const auto x = static_cast<int64_t>((pointer.x - maps.x - static_cast<float>(column) * pitch_x) / cell);
    const auto y = static_cast<int64_t>((pointer.y - maps.y - static_cast<float>(row) * pitch_y) / cell);
    const int64_t map = row * layout.columns + column;
    if (column >= layout.columns || map >= f.maps || x >= f.width || y >= f.height || y * f.width + x >= f.cells) return std::nullopt;
    return Cell{map, y, x, map * f.cells + y * f.width + x};
}

std::optional<Cell> draw(Stage& stage, std::string_view name, const Tensor& tensor, Rect area, const GridStyle& style, bool inspect) {
    const Theme& t = theme();
    const float unit = 1 / stage.device_pixels;
    if (style.title) {
        draw_text(area.min(), style.title, t.small_text, t.color.text_soft, area.w);
        area.cut_top(t.px(title_height));
    }
    if (tensor.empty()) return std::nullopt;
    const bool open_height = area.h <= 0;
    const float below = style.scale_bar ? t.px(bar_height) : 0;
    const Folding folding = fold(tensor.shape(), style);
    const int64_t columns = style.columns > 0 ? style.columns : open_height ? natural_columns(folding.maps) : 0;
    const float room = open_height ? 1e6f : std::max(area.h - below, 1.0f);
    const Layout layout = arrange(folding, area.w / unit, room / unit, t.px(style.max_cell) / unit, t.px(map_gap) / unit, columns);
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
    std::optional<Cell> cell;
    if (hovered) cell = cell_at(layout, maps, ImGui::GetIO().MousePos, unit);
    if (cell && inspect) {
        stage.inspector.hover({std::string(name), cell->flat});
        if (released && was_tap()) stage.inspector.pin({std::string(name), cell->flat});
    }
    draw_marks(stage, name, layout, maps);
    if (style.scale_bar) draw_scale_bar(scale, {maps.x, maps.bottom() + t.px(4)}, area.w);
    return cell;
}

}  // namespace

bool is_vector(const Shape& shape) {
    const int rank = shape.rank();
    return rank <= 1 || shape.elements() == shape[-1] || (rank > 2 && shape[-1] * shape[-2] == 1);
}

std::optional<Cell> draw_tensor(Stage& stage, std::string_view name, Rect area, const GridStyle& style) {
    const bool found = stage.graph && stage.graph->contains(name);
    if (!found) return draw(stage, name, Tensor(), area, style, false);
    const Node& node = stage.graph->node(stage.graph->find(name).node);
    return draw(stage, name, style.gradient ? node.gradient : node.value, area, style, true);
}

std::optional<Cell> draw_tensor(Stage& stage, std::string_view name, const Tensor& tensor, Rect area, const GridStyle& style) {
    return draw(stage, name, tensor, area, style, false);
}

float tensor_height(const Stage& stage, const Shape& shape, float width, const GridStyle& style) {
    const Theme& t = theme();
    const Folding folding = fold(shape, style);
    const float unit = 1 / stage.device_pixels, extra = (style.title ? t.px(title_height) : 0) + (style.scale_bar ? t.px(bar_height) : 0);
    const int64_t columns = style.columns > 0 ? style.columns : natural_columns(folding.maps);
    return arrange(folding, width / unit, 1e6f / unit, t.px(style.max_cell) / unit, t.px(map_gap) / unit, columns).height() * unit + extra;
}

}  // namespace trilens

// Dear ImGui sets text in one direction: turned text is set as ever, at a place that is in sight, and its corners moved.
#include "demos/transformer/heads_picture.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float label_size = 12;  // units

// The value of the cells [row, row_end) x [column, column_end) that stands out most.
float strongest(const MapPart& part, int64_t row, int64_t row_end, int64_t column, int64_t column_end) {
    float best = 0;
    for (int64_t y = row; y < row_end; ++y)
        for (int64_t x = column; x < column_end; ++x) {
            const float value = part.values[static_cast<size_t>(y * part.all_columns + x)];
            if (std::fabs(value) > std::fabs(best)) best = value;
        }
    return best;
}

int64_t every(float pitch) { return std::max<int64_t>(1, static_cast<int64_t>(std::ceil(theme().px(label_size + 1) / pitch))); }

// Whether the labels stand in their columns without being turned.
bool fits(const AxisLabels& axis) {
    for (int64_t i = axis.first; i < axis.first + axis.count; ++i)
        if (text_width(axis.labels[static_cast<size_t>(i)].c_str(), label_size) > axis.pitch - theme().px(2)) return false;
    return true;
}

// Which labels are drawn: those in step, and not so near the current one that it covers them.
bool is_drawn(const AxisLabels& axis, int64_t at, int64_t step) {
    return at == axis.current || ((at - axis.first) % step == 0 && (axis.current < 0 || std::llabs(at - axis.current) >= step));
}

}  // namespace

void paint_map(uint32_t* pixels, int64_t pitch, int64_t width, int64_t height, const MapPart& part, const ColorScale& scale) {
    const auto from = [](int64_t pixel, int64_t cells, int64_t all) { return pixel * cells / all; };
    int64_t last_row = -1, last_end = -1;
    for (int64_t y = 0; y < height; ++y) {
        uint32_t* line = pixels + y * pitch;
        const int64_t row = from(y, part.rows, height), row_end = std::max(row + 1, from(y + 1, part.rows, height));
        if (row == last_row && row_end == last_end) {
            std::memcpy(line, line - pitch, static_cast<size_t>(width) * sizeof(uint32_t));
            continue;
        }
        last_row = row;
        last_end = row_end;
        int64_t last_column = -1;
        for (int64_t x = 0; x < width; ++x) {
            const int64_t column = from(x, part.columns, width), end = std::max(column + 1, from(x + 1, part.columns, width));
            line[x] = column == last_column && end == column + 1
                          ? line[x - 1]
                          : scale.color(strongest(part, part.row + row, part.row + row_end, part.column + column, part.column + end));
            last_column = column;
        }
    }
}

void draw_turned_text(ImVec2 at, const char* text, float size, ImU32 color, float length) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 from = list->GetClipRectMin();
    const int before = list->VtxBuffer.Size;
    draw_text(from, text, size, color, length);
    const ImVec2 origin{std::floor(from.x), std::floor(from.y)};
    const float x = std::floor(at.x), y = std::floor(at.y);
    for (int i = before; i < list->VtxBuffer.Size; ++i) {
        ImVec2& corner = list->VtxBuffer[i].pos;
        corner = {x + corner.y - origin.y, y - (corner.x - origin.x)};
    }
}

void draw_row_labels(const AxisLabels& axis, Rect area) {
    const Theme& t = theme();
    const int64_t step = every(axis.pitch);
    for (int64_t at = axis.first; at < axis.first + axis.count; ++at) {
        if (!is_drawn(axis, at, step)) continue;
        const char* label = axis.labels[static_cast<size_t>(at)].c_str();
        const float wide = std::min(text_width(label, label_size), area.w);
        const float y = area.y + (static_cast<float>(at - axis.first) + 0.5f) * axis.pitch, x = area.right() - wide,
                    half = t.px(label_size) / 2;
        if (at == axis.current)
            ImGui::GetWindowDrawList()->AddRectFilled({x - t.px(3), y - half - t.px(1)}, {area.right() + t.px(2), y + half + t.px(2)},
                                                      t.color.accent_soft, t.px(3));
        draw_text({x, y - half}, label, label_size, at == axis.current ? t.color.text : t.color.text_soft, area.w);
    }
}

void draw_column_labels(const AxisLabels& axis, Rect area, bool below) {
    const Theme& t = theme();
    const bool flat = fits(axis);
    const int64_t step = flat ? 1 : every(axis.pitch);
    for (int64_t at = axis.first; at < axis.first + axis.count; ++at) {
        if (!is_drawn(axis, at, step)) continue;
        const char* label = axis.labels[static_cast<size_t>(at)].c_str();
        const float wide = text_width(label, label_size), middle = area.x + (static_cast<float>(at - axis.first) + 0.5f) * axis.pitch;
        const float half = t.px(label_size) / 2, high = flat ? t.px(label_size + 1) : std::min(wide, area.h);
        const float across = flat ? wide : 2 * half, top = below ? area.y : area.bottom() - high;
        const bool current = at == axis.current;
        if (current)
            ImGui::GetWindowDrawList()->AddRectFilled({middle - across / 2 - t.px(2), top - t.px(2)},
                                                      {middle + across / 2 + t.px(2), top + high + t.px(2)}, t.color.accent_soft, t.px(3));
        const ImU32 ink = current ? t.color.text : t.color.text_soft;
        if (flat) draw_text({middle - wide / 2, top}, label, label_size, ink);
        else draw_turned_text({middle - half, top + high}, label, label_size, ink, area.h);
    }
}

float column_labels_height(const AxisLabels& axis, float most) {
    if (fits(axis)) return theme().px(label_size + 3);
    float high = 0;
    for (int64_t i = axis.first; i < axis.first + axis.count;
         i += every(axis.pitch))  // those that are always drawn: the current one may be cut
        high = std::max(high, text_width(axis.labels[static_cast<size_t>(i)].c_str(), label_size));
    return std::min(high + theme().px(2), most);
}

ImU32 head_color(int64_t head) {
    const Theme& t = theme();
    const ImU32 more[] = {t.color.text_soft, t.color.mark_field};
    return head < 6 ? t.color.series[head] : more[(head - 6) % 2];
}

ImU32 with_alpha(ImU32 color, float alpha) {
    return (color & 0x00ffffffu) | (static_cast<ImU32>(std::lround(std::clamp(alpha, 0.0f, 1.0f) * 255)) << 24);
}

}  // namespace trilens

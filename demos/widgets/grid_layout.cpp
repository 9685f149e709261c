// Layouts of cells: the largest whole cells that fit; strips fill the width.
#include "demos/widgets/grid_layout.h"

#include <algorithm>
#include <cmath>

#include "demos/widgets/tensor_grid.h"

namespace trilens {

namespace {

constexpr float map_gap = 4;                           // units
constexpr float least_strip = 10, tallest_strip = 26;  // units: the height of a 1-D map
constexpr int64_t most_strips = 32;                    // one below the other, where the height is open

int64_t natural_columns(int64_t maps) {
    auto columns = static_cast<int64_t>(std::ceil(std::sqrt(static_cast<double>(maps))));
    while (columns < maps && maps % columns != 0) ++columns;
    return std::max<int64_t>(columns, 1);
}

// 1-D maps one below the other; in several columns where they would be thinner than the least strip.
GridLayout arrange_strips(const GridFolding& fold, const GridSpace& room, float max_cell) {
    GridLayout out{.fold = fold, .gap = std::round(map_gap * room.unit)};
    const float least = least_strip * room.unit, tallest = tallest_strip * room.unit;
    const auto height_for = [&](int64_t rows) {
        if (room.open) return (rows > 12 ? 12.0f : rows > 4 ? 18.0f : tallest_strip) * room.unit;
        return (room.height - static_cast<float>(rows - 1) * out.gap) / static_cast<float>(rows);
    };
    out.rows = fold.maps;
    for (int64_t columns = 1; columns <= fold.maps; ++columns) {
        const int64_t rows = (fold.maps + columns - 1) / columns;
        if (room.width < static_cast<float>(columns * fold.width)) break;  // less than a pixel for a cell
        if (room.open ? rows > most_strips : height_for(rows) < least) continue;
        out.columns = columns;
        out.rows = rows;
        break;
    }
    if (!room.open && height_for(out.rows) < least) out.gap = std::round(out.gap / 2);
    const auto columns = static_cast<float>(out.columns);
    const float width = std::min((room.width - (columns - 1) * out.gap) / columns, 2 * max_cell * static_cast<float>(fold.width));
    out.cell_width = std::max(std::floor(width), 1.0f) / static_cast<float>(fold.width);
    out.cell_height = std::max(1.0f, std::floor(std::min(height_for(out.rows), tallest)));
    return out;
}

}  // namespace

bool is_vector(const Shape& shape) {
    const int rank = shape.rank();
    return rank <= 1 || (rank < 4 && shape.elements() == shape[-1]) || (rank > 2 && shape[-1] * shape[-2] == 1);
}

GridFolding fold(const Shape& shape, int vector_width) {
    const int64_t count = shape.elements();
    if (!is_vector(shape)) {
        const int64_t height = shape[-2], width = shape[-1], size = std::max<int64_t>(height * width, 1);
        return {count / size, height, width, size, false};
    }
    int64_t width = vector_width;
    if (width <= 0) {
        width = std::max<int64_t>(1, static_cast<int64_t>(std::ceil(std::sqrt(static_cast<double>(count)))));
        while (width < count && count % width != 0) ++width;
    }
    return {count > 0 ? 1 : 0, (count + width - 1) / width, width, count, true};
}

GridLayout arrange_filled(const GridFolding& fold, const GridSpace& space) {
    return {.fold = fold,
            .rows = fold.maps,
            .cell_width = space.width / static_cast<float>(fold.width),
            .cell_height = space.height / static_cast<float>(fold.maps * fold.height)};
}

GridLayout arrange(const GridFolding& fold, const GridSpace& room, float largest_cell, int columns_wanted) {
    const float max_cell = largest_cell * room.unit, width = room.width, height = room.open ? 1e6f : room.height;
    if (fold.strips()) return arrange_strips(fold, room, max_cell);
    const int64_t wanted_columns = columns_wanted > 0 ? columns_wanted : room.open ? natural_columns(fold.maps) : 0;
    GridLayout best{.fold = fold, .gap = std::round(map_gap * room.unit)};
    float best_cell = -1;
    for (int64_t columns = 1; columns <= std::max<int64_t>(fold.maps, 1); ++columns) {
        if (wanted_columns > 0 && columns != std::min(wanted_columns, std::max<int64_t>(fold.maps, 1))) continue;
        const int64_t rows = (fold.maps + columns - 1) / columns;
        const float x = (width - static_cast<float>(columns - 1) * best.gap) / static_cast<float>(columns * fold.width);
        const float y = (height - static_cast<float>(rows - 1) * best.gap) / static_cast<float>(rows * fold.height);
        float cell = std::min({x, y, max_cell});
        if (cell >= 1) cell = std::floor(cell);
        // Of arrangements with equal cells, one without a ragged last row.
        const bool tidier = cell == best_cell && fold.maps % columns == 0 && fold.maps % best.columns != 0;
        if (cell > best_cell || tidier) {
            best_cell = cell;
            best.columns = columns;
            best.rows = rows;
        }
    }
    best.cell_width = best.cell_height = std::max(best_cell, 0.05f);
    return best;
}

}  // namespace trilens

// The grid is read off two cells' receptive fields; comparing sorts every cell into those that see padding and those that do not.
#include "demos/cnn/equivariance.h"

#include <algorithm>
#include <cmath>

#include "engine/autograd/receptive_field.h"

namespace trilens {

LayerGrid layer_grid(const Graph& graph, int layer, int input) {
    const Shape& shape = graph.node(layer).value.shape();
    const int64_t rows = shape[-2], columns = shape[-1];
    const auto field = [&](int64_t row, int64_t column) {
        return receptive_field(graph, layer, row * columns + column, input).value_or(Box{});
    };
    const Box first = field(0, 0), next = field(std::min<int64_t>(1, rows - 1), std::min<int64_t>(1, columns - 1));
    LayerGrid grid{first.top, first.left, first.height(), first.width(), 1, 1, graph.node(input).value.shape()};
    grid.step_y = std::max<int64_t>(next.top - first.top, 1);
    grid.step_x = std::max<int64_t>(next.left - first.left, 1);
    return grid;
}

Motion LayerGrid::in_cells(const Motion& motion) const {
    Motion cells = motion;
    cells.right /= static_cast<float>(step_x);
    cells.down /= static_cast<float>(step_y);
    return cells;
}

Place LayerGrid::center() const {
    const Place pixel = middle_of(picture);
    const auto cell = [](float at, int64_t first, int64_t size, int64_t step) {
        return (at - static_cast<float>(first) - static_cast<float>(size - 1) / 2) / static_cast<float>(step);
    };
    return {cell(pixel.y, top, height, step_y), cell(pixel.x, left, width, step_x)};
}

bool LayerGrid::whole_step(const Motion& motion) const { return in_cells(motion).whole_shift(); }

bool LayerGrid::sees_inside(Place cell) const {
    const auto within = [](float at, int64_t first, int64_t size, int64_t step, int64_t extent) {
        const auto low = static_cast<int64_t>(std::floor(at)), high = static_cast<int64_t>(std::ceil(at));
        return first + low * step >= 0 && first + high * step + size <= extent;
    };
    return within(cell.y, top, height, step_y, picture[-2]) && within(cell.x, left, width, step_x, picture[-1]);
}

Comparison compare(const Tensor& moved, const Tensor& expected, const LayerGrid& grid, const Motion& motion) {
    const InverseMap map(grid.in_cells(motion), grid.center());
    const int64_t rows = moved.extent(-2), columns = moved.extent(-1), size = rows * columns;
    Comparison out;
    for (int64_t cell = 0; cell < size; ++cell) {
        const Place place{static_cast<float>(cell / columns), static_cast<float>(cell % columns)};
        const bool inside = grid.sees_inside(place) && grid.sees_inside(map.source(place.y, place.x));
        out.inside += inside;
        float& largest = inside ? out.largest_inside : out.largest_at_border;
        for (int64_t at = cell; at < moved.elements(); at += size) {
            const float apart = std::fabs(moved.data()[at] - expected.data()[at]);
            largest = std::isnan(apart) ? INFINITY : std::max(largest, apart);
            out.largest_value = std::max(out.largest_value, std::fabs(moved.data()[at]));
        }
    }
    return out;
}

}  // namespace trilens

// Angles are computed in double by multiplications and additions alone, which are the same everywhere, and reduced to one turn there: a
// position of some hundreds would cost float32 three digits of the angle.
#include "engine/autograd/positions.h"

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "engine/autograd/operation.h"
#include "engine/kernels/attention.h"
#include "engine/math.h"

namespace trilens {
namespace {

// 10000^-x for x in [0, 1]: the exponential's series at a 1024th of the argument, squared ten times; off by less than 1e-12.
double frequency(double x) {
    constexpr double log_10000 = 9.210340371976182736;
    const double y = -x * log_10000 / 1024;
    double power = 1, term = 1;
    for (int n = 1; n <= 8; ++n) {
        term *= y / n;
        power += term;
    }
    for (int i = 0; i < 10; ++i) power *= power;
    return power;
}

// The angle of pair i of `width` columns at this position, within half a turn of 0.
float angle_of(int64_t position, int64_t pair, int64_t width) {
    const double angle = static_cast<double>(position) * frequency(static_cast<double>(2 * pair) / static_cast<double>(width));
    constexpr double turn = 2 * std::numbers::pi;
    return static_cast<float>(angle - turn * std::floor(angle / turn + 0.5));
}

void check(int64_t count, int64_t width, int64_t first) {
    if (count < 0 || width < 0 || first < 0)
        throw ValueError("positions: " + std::to_string(count) + " of width " + std::to_string(width) + " from " + std::to_string(first) +
                         ", expected none below 0");
}

std::string angle_text(int64_t position, int64_t pair, int64_t width) {
    return std::to_string(position) + " / 10000^(" + std::to_string(2 * pair) + "/" + std::to_string(width) + ")";
}

}  // namespace

Tensor sinusoidal_encoding(int64_t count, int64_t width, int64_t first) {
    check(count, width, first);
    Tensor table = Tensor::uninitialized(Shape{count, width});
    for (int64_t t = 0; t < count; ++t)
        for (int64_t j = 0; j < width; ++j) {
            const float angle = angle_of(first + t, j / 2, width);
            table.data()[t * width + j] = j % 2 == 0 ? math::sin(angle) : math::cos(angle);
        }
    return table;
}

Value sinusoidal_encoding(Graph& graph, int64_t count, int64_t width, int64_t first) {
    Node node;
    node.operation = "sinusoidal_encoding";
    node.value = sinusoidal_encoding(count, width, first);
    node.explain = [table = node.value, width, first](const Graph&, int64_t index) {
        const int64_t column = index % width;
        return Explanation{Explanation::Kind::function,
                           table.data()[index],
                           (column % 2 == 0 ? "sin(" : "cos(") + angle_text(first + index / width, column / 2, width) + ")",
                           {}};
    };
    return graph.record(std::move(node));
}

Value rotate_by_position(Value x, int64_t first) {
    const Shape& shape = x.shape();
    if (shape.rank() < 2 || shape[-1] % 2 != 0)
        throw ShapeError("rotate_by_position: x is " + shape.text() + ", expected [.., T, d] with an even d");
    const int64_t count = shape[-2], width = shape[-1], pairs = width / 2;
    check(count, width, first);
    const int64_t outer = count * width > 0 ? shape.elements() / (count * width) : 0;
    Tensor cosines = Tensor::uninitialized(Shape{count, pairs}), sines = Tensor::uninitialized(Shape{count, pairs});
    for (int64_t at = 0; at < count * pairs; ++at) {
        const float angle = angle_of(first + at / pairs, at % pairs, width);
        cosines.data()[at] = math::cos(angle);
        sines.data()[at] = math::sin(angle);
    }
    const auto rotate = [=](bool back, const float* from, float* to) {
        kernels::rotate_pairs(outer, count, width, cosines.data(), sines.data(), back, from, to);
    };
    Tensor y = Tensor::uninitialized(shape);
    rotate(false, x.tensor().data(), y.data());
    return record(
        "rotate_by_position", Reach::everything, {x}, y,
        [x, rotate](Graph& graph, const Tensor& dy) { send_back(graph, x, [&](float* dx) { rotate(true, dy.data(), dx); }); },
        [=](const Graph&, int64_t index) {
            const int64_t column = index % width, step = index / width % count, at = step * pairs + column / 2;
            const std::string angle = angle_text(first + step, column / 2, width);
            const float cosine = cosines.data()[at], sine = sines.data()[at];
            if (column % 2 == 0)
                return Explanation{Explanation::Kind::sum,
                                   y.data()[index],
                                   "x_0 cos(a) - x_1 sin(a), a = " + angle,
                                   {term(x, index, cosine), term(x, index + 1, -sine)}};
            return Explanation{Explanation::Kind::sum,
                               y.data()[index],
                               "x_1 cos(a) + x_0 sin(a), a = " + angle,
                               {term(x, index, cosine), term(x, index - 1, sine)}};
        });
}

}  // namespace trilens

// Broadcasting arithmetic. The gradient of a repeated operand is the sum over its repetitions.
#include "engine/autograd/elementwise.h"

#include <algorithm>

#include "engine/autograd/operation.h"
#include "engine/kernels/elementwise.h"
#include "engine/kernels/reduction.h"
#include "engine/math.h"

namespace trilens {
namespace {

// Strides of `shape` seen as `out`: 0 along axes that are repeated.
void strides_within(const Shape& shape, const Shape& out, int64_t* strides) {
    int64_t stride = 1;
    for (int axis = out.rank() - 1; axis >= 0; --axis) {
        const int own = axis - (out.rank() - shape.rank());
        strides[axis] = own < 0 || shape[own] == 1 ? 0 : stride;
        if (own >= 0) stride *= shape[own];
    }
}

kernels::Broadcast broadcast_of(const Shape& a, const Shape& b, const Shape& out) {
    kernels::Broadcast shape;
    shape.rank = out.rank();
    std::ranges::copy(out.extents(), shape.extents);
    strides_within(a, out, shape.a_strides);
    strides_within(b, out, shape.b_strides);
    return shape;
}

Tensor compute(kernels::Binary operation, const Tensor& a, const Tensor& b, const Shape& out) {
    Tensor y = Tensor::uninitialized(out);
    if (a.shape() == b.shape()) kernels::binary(operation, y.elements(), a.data(), b.data(), y.data());
    else kernels::binary(operation, broadcast_of(a.shape(), b.shape(), out), a.data(), b.data(), y.data());
    return y;
}

// Sums what was repeated, back to `shape`.
Tensor folded(const Tensor& gradient, const Shape& shape) {
    if (gradient.shape() == shape) return gradient;
    kernels::Reduction reduction;
    reduction.rank = gradient.rank();
    std::ranges::copy(gradient.shape().extents(), reduction.extents);
    for (int axis = 0; axis < gradient.rank(); ++axis) {
        const int own = axis - (gradient.rank() - shape.rank());
        reduction.reduced[axis] = own < 0 || (shape[own] == 1 && gradient.shape()[axis] != 1);
    }
    Tensor out = Tensor::uninitialized(shape);
    kernels::sum_axes(reduction, gradient.data(), out.data());
    return out;
}

int64_t source_index(const Shape& shape, const Shape& out, int64_t index) {
    int64_t strides[Shape::max_rank];
    strides_within(shape, out, strides);
    int64_t source = 0;
    for (int axis = out.rank() - 1; axis >= 0; --axis) {
        source += index % out[axis] * strides[axis];
        index /= out[axis];
    }
    return source;
}

// gradients(dy, a, b, y) gives the gradients of a and of b in y's shape; derivatives(a, b) those at one element.
template <typename Gradients, typename Derivatives>
Value arithmetic(const char* name, const char* formula, kernels::Binary operation, Value a, Value b, Gradients gradients,
                 Derivatives derivatives) {
    const Shape out = broadcast_shape(name, a.shape(), b.shape());
    const Tensor y = compute(operation, a.tensor(), b.tensor(), out);
    const Reach reach = a.shape() == b.shape() ? Reach::element : Reach::everything;
    return record(
        name, reach, {a, b}, y,
        [=](Graph& graph, const Tensor& dy) {
            if (graph.node(a.node).requires_gradient) graph.add_gradient(a.node, folded(gradients(dy, true), a.shape()));
            if (graph.node(b.node).requires_gradient) graph.add_gradient(b.node, folded(gradients(dy, false), b.shape()));
        },
        [=](const Graph&, int64_t index) {
            const int64_t at_a = source_index(a.shape(), out, index), at_b = source_index(b.shape(), out, index);
            const auto [da, db] = derivatives(a.tensor().data()[at_a], b.tensor().data()[at_b]);
            return Explanation{Explanation::Kind::function, y.data()[index], formula, {term(a, at_a, da), term(b, at_b, db)}};
        });
}

Tensor times(const Tensor& dy, float factor) {
    Tensor out = Tensor::uninitialized(dy.shape());
    kernels::scale(dy.elements(), factor, dy.data(), out.data());
    return out;
}

// y = f(x) of one element; backward(dy, dx); derivative(x, y).
template <typename Forward, typename Backward, typename Derivative>
Value function(const char* name, std::string formula, Value x, Forward forward, Backward backward, Derivative derivative) {
    Tensor y = Tensor::uninitialized(x.shape());
    forward(y.elements(), x.tensor().data(), y.data());
    return record(
        name, Reach::element, {x}, y,
        [=](Graph& graph, const Tensor& dy) {
            Tensor dx = Tensor::uninitialized(dy.shape());
            backward(x.tensor(), y, dy, dx);
            graph.add_gradient(x.node, dx);
        },
        [=](const Graph&, int64_t index) {
            const float value = y.data()[index];
            return Explanation{Explanation::Kind::function, value, formula, {term(x, index, derivative(x.tensor().data()[index], value))}};
        });
}

}  // namespace

Shape broadcast_shape(const std::string& operation, const Shape& a, const Shape& b) {
    const int rank = std::max(a.rank(), b.rank());
    int64_t extents[Shape::max_rank];
    for (int axis = 0; axis < rank; ++axis) {
        const int from_end = axis - rank;
        const int64_t of_a = -from_end <= a.rank() ? a[from_end] : 1, of_b = -from_end <= b.rank() ? b[from_end] : 1;
        if (of_a != of_b && of_a != 1 && of_b != 1) throw ShapeError(misfit(operation, a, b, "shapes that broadcast"));
        extents[axis] = of_a == 1 ? of_b : of_a;
    }
    return Shape(std::span<const int64_t>(extents, static_cast<size_t>(rank)));
}

Value add(Value a, Value b) {
    return arithmetic(
        "add", "a + b", kernels::Binary::add, a, b, [](const Tensor& dy, bool) { return dy; },
        [](float, float) { return std::pair(1.0f, 1.0f); });
}

Value subtract(Value a, Value b) {
    return arithmetic(
        "subtract", "a - b", kernels::Binary::subtract, a, b, [](const Tensor& dy, bool of_a) { return of_a ? dy : times(dy, -1); },
        [](float, float) { return std::pair(1.0f, -1.0f); });
}

Value multiply(Value a, Value b) {
    return arithmetic(
        "multiply", "a * b", kernels::Binary::multiply, a, b,
        [=](const Tensor& dy, bool of_a) { return compute(kernels::Binary::multiply, dy, (of_a ? b : a).tensor(), dy.shape()); },
        [](float left, float right) { return std::pair(right, left); });
}

Value divide(Value a, Value b) {
    return arithmetic(
        "divide", "a / b", kernels::Binary::divide, a, b,
        [=](const Tensor& dy, bool of_a) {
            const Tensor da = compute(kernels::Binary::divide, dy, b.tensor(), dy.shape());
            if (of_a) return da;
                          // d(a / b)/db = -(a / b) / b
            const Tensor quotient = compute(kernels::Binary::divide, a.tensor(), b.tensor(), dy.shape());
            return times(compute(kernels::Binary::multiply, da, quotient, dy.shape()), -1);
        },
        [](float left, float right) { return std::pair(1 / right, -(left / right) / right); });
}

Value scale(Value x, float factor) {
    return function(
        "scale", std::to_string(factor) + " x", x,
        [=](int64_t count, const float* from, float* to) { kernels::scale(count, factor, from, to); },
        [=](const Tensor&, const Tensor&, const Tensor& dy, Tensor& dx) { kernels::scale(dy.elements(), factor, dy.data(), dx.data()); },
        [=](float, float) { return factor; });
}

Value exp(Value x) {
    return function(
        "exp", "exp(x)", x, kernels::exp_forward,
        [](const Tensor&, const Tensor& y, const Tensor& dy, Tensor& dx) {
            kernels::binary(kernels::Binary::multiply, dy.elements(), dy.data(), y.data(), dx.data());
        },
        [](float, float y) { return y; });
}

Value log(Value x) {
    return function(
        "log", "log(x)", x, kernels::log_forward,
        [](const Tensor& from, const Tensor&, const Tensor& dy, Tensor& dx) {
            kernels::binary(kernels::Binary::divide, dy.elements(), dy.data(), from.data(), dx.data());
        },
        [](float from, float) { return 1 / from; });
}

Value sqrt(Value x) {
    return function(
        "sqrt", "sqrt(x)", x, kernels::sqrt_forward,
        [](const Tensor&, const Tensor& y, const Tensor& dy, Tensor& dx) {
            kernels::sqrt_backward(dy.elements(), y.data(), dy.data(), dx.data());
        },
        [](float, float y) { return 0.5f / y; });
}

Value square(Value x) {
    return function(
        "square", "x^2", x,
        [](int64_t count, const float* from, float* to) { kernels::binary(kernels::Binary::multiply, count, from, from, to); },
        [](const Tensor& from, const Tensor&, const Tensor& dy, Tensor& dx) {
            kernels::binary(kernels::Binary::multiply, dy.elements(), dy.data(), from.data(), dx.data());
            kernels::scale(dx.elements(), 2, dx.data(), dx.data());
        },
        [](float from, float) { return 2 * from; });
}

}  // namespace trilens

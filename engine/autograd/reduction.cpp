// Reductions. The way back repeats the gradient along what was summed.
#include "engine/autograd/reduction.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "engine/autograd/operation.h"
#include "engine/kernels/elementwise.h"
#include "engine/kernels/movement.h"
#include "engine/kernels/reduction.h"

namespace trilens {
namespace {

// What is summed, and the strides of the result seen in the shape of x (0 along what is summed).
struct Plan {
    kernels::Reduction reduction;
    Shape out;
    int64_t out_strides[Shape::max_rank] = {};
    int64_t summed = 1;
};

Plan plan_of(const std::string& operation, const Shape& shape, std::initializer_list<int> axes, bool keep_axes) {
    Plan plan;
    plan.reduction.rank = shape.rank();
    std::ranges::copy(shape.extents(), plan.reduction.extents);
    if (axes.size() == 0) std::fill_n(plan.reduction.reduced, shape.rank(), true);
    for (const int axis : axes) {
        const int from_start = axis < 0 ? axis + shape.rank() : axis;
        if (from_start < 0 || from_start >= shape.rank() || plan.reduction.reduced[from_start])
            throw ShapeError(operation + ": axis " + std::to_string(axis) + " of " + shape.text());
        plan.reduction.reduced[from_start] = true;
    }
    std::vector<int64_t> extents;
    int64_t stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
        if (plan.reduction.reduced[axis]) {
            plan.summed *= shape[axis];
            if (keep_axes) extents.insert(extents.begin(), 1);
        } else {
            plan.out_strides[axis] = stride;
            stride *= shape[axis];
            extents.insert(extents.begin(), shape[axis]);
        }
    }
    plan.out = Shape(std::span<const int64_t>(extents));
    return plan;
}

// dx: the gradient repeated along what was summed, times a factor.
Tensor repeated(const Plan& plan, const Shape& shape, const Tensor& dy, float factor) {
    kernels::StridedCopy copy;
    copy.rank = shape.rank();
    std::ranges::copy(shape.extents(), copy.extents);
    std::ranges::copy(plan.out_strides, copy.source_strides);
    int64_t stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
        copy.target_strides[axis] = stride;
        stride *= shape[axis];
    }
    Tensor dx = Tensor::uninitialized(shape);
    kernels::copy_strided(copy, dy.data(), dx.data());
    if (factor != 1) kernels::scale(dx.elements(), factor, dx.data(), dx.data());
    return dx;
}

// The elements of x behind element `index` of the result, in row-major order.
std::vector<int64_t> sources(const Plan& plan, const Shape& shape, int64_t index) {
    std::vector<int64_t> out;
    for (int64_t flat = 0; flat < shape.elements(); ++flat) {
        int64_t target = 0;
        for (int64_t axis = shape.rank() - 1, rest = flat; axis >= 0; --axis) {
            target += rest % shape[static_cast<int>(axis)] * plan.out_strides[axis];
            rest /= shape[static_cast<int>(axis)];
        }
        if (target == index) out.push_back(flat);
    }
    return out;
}

Value summed(std::string operation, std::string formula, Value x, const Plan& plan, float factor) {
    Tensor y = Tensor::uninitialized(plan.out);
    kernels::sum_axes(plan.reduction, x.tensor().data(), y.data());
    if (factor != 1) kernels::scale(y.elements(), factor, y.data(), y.data());
    return record(
        std::move(operation), Reach::everything, {x}, y,
        [=](Graph& graph, const Tensor& dy) { graph.add_gradient(x.node, repeated(plan, x.shape(), dy, factor)); },
        [=](const Graph&, int64_t index) {
            Explanation explanation{Explanation::Kind::function, y.data()[index], formula, {}};
            for (const int64_t source : sources(plan, x.shape(), index)) explanation.terms.push_back(term(x, source, factor));
            return explanation;
        });
}

}  // namespace

Value sum(Value x, std::initializer_list<int> axes, bool keep_axes) {
    return summed("sum", "sum(x)", x, plan_of("sum", x.shape(), axes, keep_axes), 1);
}

Value mean(Value x, std::initializer_list<int> axes, bool keep_axes) {
    const Plan plan = plan_of("mean", x.shape(), axes, keep_axes);
    if (plan.summed == 0) throw ShapeError("mean: over nothing, x is " + x.shape().text());
    return summed("mean", "sum(x) / " + std::to_string(plan.summed), x, plan, 1.0f / static_cast<float>(plan.summed));
}

Value max(Value x, int axis, bool keep_axis) {
    const Shape& shape = x.shape();
    const Plan plan = plan_of("max", shape, {axis}, keep_axis);
    if (plan.summed == 0) throw ShapeError("max: over nothing, x is " + shape.text());
    const int along = axis < 0 ? axis + shape.rank() : axis;
    int64_t outer = 1, inner = 1;
    for (int i = 0; i < shape.rank(); ++i) (i < along ? outer : inner) *= i == along ? 1 : shape[i];
    const int64_t count = shape[along];
    Tensor y = Tensor::uninitialized(plan.out);
    const auto winners = std::make_shared<std::vector<int32_t>>(static_cast<size_t>(y.elements()));
    kernels::max_axis(outer, count, inner, x.tensor().data(), y.data(), winners->data());
    const auto source = [=](int64_t index, int64_t position) { return (index / inner * count + position) * inner + index % inner; };
    return record(
        "max", Reach::everything, {x}, y,
        [=](Graph& graph, const Tensor& dy) {
            Tensor dx(x.shape());
            for (int64_t i = 0; i < dy.elements(); ++i) dx.data()[source(i, (*winners)[static_cast<size_t>(i)])] = dy.data()[i];
            graph.add_gradient(x.node, dx);
        },
        [=](const Graph&, int64_t index) {
            Explanation explanation{Explanation::Kind::maximum, y.data()[index], "max(x)", {}};
            for (int64_t i = 0; i < count; ++i)
                explanation.terms.push_back(term(x, source(index, i), i == (*winners)[static_cast<size_t>(index)] ? 1.0f : 0.0f));
            return explanation;
        });
}

}  // namespace trilens

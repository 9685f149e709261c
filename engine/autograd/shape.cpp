// Each is one strided copy, and back one strided addition; reshape shares storage and copies nothing.
#include "engine/autograd/shape.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "engine/autograd/operation.h"
#include "engine/kernels/movement.h"

namespace trilens {
namespace {

void contiguous_strides(const Shape& shape, int64_t* strides) {
    int64_t stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
        strides[axis] = stride;
        stride *= shape[axis];
    }
}

int checked_axis(const std::string& operation, const Shape& shape, int axis) {
    const int from_start = axis < 0 ? axis + shape.rank() : axis;
    if (from_start < 0 || from_start >= shape.rank())
        throw ShapeError(operation + ": axis " + std::to_string(axis) + " of " + shape.text());
    return from_start;
}

// Where element `index` of a copy with these source strides came from.
int64_t source_of(const kernels::StridedCopy& copy, int64_t index) {
    int64_t source = 0;
    for (int axis = copy.rank - 1; axis >= 0; --axis) {
        source += index % copy.extents[axis] * copy.source_strides[axis];
        index /= copy.extents[axis];
    }
    return source;
}

kernels::StridedCopy reversed(kernels::StridedCopy copy) {
    std::swap(copy.source_strides, copy.target_strides);
    return copy;
}

// y = a strided view of x from `offset` on, made contiguous.
Value rearranged(std::string operation, Value x, const Shape& out, kernels::StridedCopy copy, int64_t offset) {
    Tensor y = Tensor::uninitialized(out);
    copy.rank = out.rank();
    std::ranges::copy(out.extents(), copy.extents);
    contiguous_strides(out, copy.target_strides);
    kernels::copy_strided(copy, x.tensor().data() + offset, y.data());
    return record(
        std::move(operation), Reach::everything, {x}, y,
        [=](Graph& graph, const Tensor& dy) {
            Tensor dx(x.shape());
            kernels::add_strided(reversed(copy), dy.data(), dx.data() + offset);
            graph.add_gradient(x.node, dx);
        },
        [=](const Graph&, int64_t index) {
            return Explanation{Explanation::Kind::sum, y.data()[index], "x", {term(x, offset + source_of(copy, index))}};
        });
}

}  // namespace

Value reshape(Value x, const Shape& shape) {
    if (shape.elements() != x.tensor().elements()) throw ShapeError(misfit("reshape", x.shape(), shape, "the same number of elements"));
    return record(
        "reshape", Reach::everything, {x}, x.tensor().reshaped(shape),
        [x](Graph& graph, const Tensor& dy) { graph.add_gradient(x.node, dy.reshaped(x.shape())); },
        [x](const Graph&, int64_t index) { return Explanation{Explanation::Kind::sum, x.tensor().data()[index], "x", {term(x, index)}}; });
}

Value flatten(Value x) {
    if (x.shape().rank() < 1) throw ShapeError("flatten: x is a scalar, expected [N, ...]");
    int64_t rest = 1;
    for (int axis = 1; axis < x.shape().rank(); ++axis) rest *= x.shape()[axis];
    return reshape(x, Shape{x.shape()[0], rest});
}

Value permute(Value x, std::initializer_list<int> axes) {
    const Shape& shape = x.shape();
    std::vector<int> sorted(axes);
    std::ranges::sort(sorted);
    for (int i = 0; i < static_cast<int>(sorted.size()); ++i)
        if (sorted[static_cast<size_t>(i)] != i || static_cast<int>(sorted.size()) != shape.rank())
            throw ShapeError("permute: axes do not name each axis of " + shape.text() + " once");
    if (static_cast<int>(axes.size()) != shape.rank())
        throw ShapeError("permute: " + std::to_string(axes.size()) + " axes for " + shape.text());
    int64_t strides[Shape::max_rank], extents[Shape::max_rank];
    contiguous_strides(shape, strides);
    kernels::StridedCopy copy;
    int at = 0;
    for (const int axis : axes) {
        extents[at] = shape[axis];
        copy.source_strides[at++] = strides[axis];
    }
    return rearranged("permute", x, Shape(std::span<const int64_t>(extents, axes.size())), copy, 0);
}

Value transpose(Value x) {
    const Shape& shape = x.shape();
    if (shape.rank() < 2) throw ShapeError("transpose: x is " + shape.text() + ", expected at least two axes");
    int64_t extents[Shape::max_rank];
    std::ranges::copy(shape.extents(), extents);
    kernels::StridedCopy copy;
    contiguous_strides(shape, copy.source_strides);
    const int last = shape.rank() - 1;
    std::swap(extents[last], extents[last - 1]);
    std::swap(copy.source_strides[last], copy.source_strides[last - 1]);
    return rearranged("transpose", x, Shape(std::span<const int64_t>(extents, static_cast<size_t>(shape.rank()))), copy, 0);
}

Value slice(Value x, int axis, int64_t begin, int64_t end) {
    const Shape& shape = x.shape();
    const int along = checked_axis("slice", shape, axis);
    if (begin < 0 || begin > end || end > shape[along])
        throw ShapeError("slice: [" + std::to_string(begin) + ", " + std::to_string(end) + ") along axis " + std::to_string(axis) + " of " +
                         shape.text());
    int64_t extents[Shape::max_rank];
    std::ranges::copy(shape.extents(), extents);
    extents[along] = end - begin;
    kernels::StridedCopy copy;
    contiguous_strides(shape, copy.source_strides);
    return rearranged("slice", x, Shape(std::span<const int64_t>(extents, static_cast<size_t>(shape.rank()))), copy,
                      begin * copy.source_strides[along]);
}

Value concat(std::span<const Value> parts, int axis) {
    if (parts.empty()) throw ShapeError("concat: nothing to join");
    const Shape& first = parts[0].shape();
    const int along = checked_axis("concat", first, axis);
    int64_t extents[Shape::max_rank];
    std::ranges::copy(first.extents(), extents);
    extents[along] = 0;
    for (const Value& part : parts) {
        for (int other = 0; other < first.rank(); ++other)
            if (part.shape().rank() != first.rank() || (other != along && part.shape()[other] != first[other]))
                throw ShapeError(misfit("concat", first, part.shape(), "equal extents but along axis " + std::to_string(axis)));
        extents[along] += part.shape()[along];
    }
    const Shape out(std::span<const int64_t>(extents, static_cast<size_t>(first.rank())));

    // One copy for each part, into its own stretch of the axis.
    struct Piece {
        Value source;
        kernels::StridedCopy copy;
        int64_t begin, offset;
    };
    auto pieces = std::make_shared<std::vector<Piece>>();
    Tensor y = Tensor::uninitialized(out);
    int64_t begin = 0;
    Node node;
    for (const Value& part : parts) {
        Piece piece{part, {}, begin, 0};
        piece.copy.rank = first.rank();
        std::ranges::copy(part.shape().extents(), piece.copy.extents);
        contiguous_strides(part.shape(), piece.copy.source_strides);
        contiguous_strides(out, piece.copy.target_strides);
        piece.offset = begin * piece.copy.target_strides[along];
        kernels::copy_strided(piece.copy, part.tensor().data(), y.data() + piece.offset);
        begin += part.shape()[along];
        node.inputs.push_back(part.node);
        pieces->push_back(piece);
    }
    node.operation = "concat";
    node.value = y;
    node.backward = [pieces](Graph& graph, const Tensor& dy) {
        for (const Piece& piece : *pieces) {
            if (!graph.node(piece.source.node).requires_gradient) continue;
            Tensor dx = Tensor::uninitialized(piece.source.shape());
            kernels::copy_strided(reversed(piece.copy), dy.data() + piece.offset, dx.data());
            graph.add_gradient(piece.source.node, dx);
        }
    };
    node.explain = [pieces, y, out, along](const Graph&, int64_t index) {
        int64_t position[Shape::max_rank];
        unravel_index(out, index, {position, static_cast<size_t>(out.rank())});
        const auto after =
            std::ranges::find_if(*pieces, [&](const Piece& piece) { return position[along] < piece.begin + piece.source.shape()[along]; });
        position[along] -= after->begin;
        const int64_t source = flat_index(after->source.shape(), std::span<const int64_t>(position, static_cast<size_t>(out.rank())));
        return Explanation{Explanation::Kind::sum, y.data()[index], "x", {term(after->source, source)}};
    };
    return parts[0].graph->record(std::move(node));
}

}  // namespace trilens

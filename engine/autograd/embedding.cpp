// embedding on gather_rows and scatter_add_rows.
#include "engine/autograd/embedding.h"

#include <vector>

#include "engine/autograd/operation.h"
#include "engine/kernels/movement.h"

namespace trilens {

Value embedding(Value table, std::span<const int32_t> tokens, const Shape& token_shape) {
    const Shape& shape = table.shape();
    const auto count = static_cast<int64_t>(tokens.size());
    if (shape.rank() != 2 || token_shape.elements() != count)
        throw ShapeError(misfit("embedding", shape, token_shape, "a table [V, F] and " + std::to_string(count) + " tokens"));
    for (const int32_t token : tokens)
        if (token < 0 || token >= shape[0])
            throw ValueError("embedding: token " + std::to_string(token) + ", expected 0 to " + std::to_string(shape[0] - 1));
    const int64_t width = shape[1];
    std::vector<int64_t> extents(token_shape.extents().begin(), token_shape.extents().end());
    extents.push_back(width);
    Tensor y = Tensor::uninitialized(Shape(std::span<const int64_t>(extents)));
    const std::vector<int32_t> indices(tokens.begin(), tokens.end());
    kernels::gather_rows(count, width, table.tensor().data(), indices.data(), y.data());
    return record(
        "embedding", Reach::everything, {table}, y,
        [=](Graph& graph, const Tensor& dy) {
            Tensor dtable(table.shape());
            kernels::scatter_add_rows(count, width, dy.data(), indices.data(), dtable.data());
            graph.add_gradient(table.node, dtable);
        },
        [=](const Graph&, int64_t index) {
            const int64_t source = indices[static_cast<size_t>(index / width)] * width + index % width;
            return Explanation{Explanation::Kind::sum, y.data()[index], "table[token]", {term(table, source)}};
        });
}

}  // namespace trilens

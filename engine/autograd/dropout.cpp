// dropout: the mask is drawn once and used in both directions.
#include "engine/autograd/dropout.h"

#include "engine/autograd/operation.h"
#include "engine/kernels/elementwise.h"

namespace trilens {

Value dropout(Value x, float probability) {
    if (!(probability >= 0 && probability < 1))
        throw ValueError("dropout: probability " + std::to_string(probability) + ", expected 0 to below 1");
    if (!x.graph->training() || probability == 0) return x;
    Tensor mask = Tensor::uninitialized(x.shape());
    const float kept = 1 / (1 - probability);
    for (float& factor : mask.values()) factor = x.graph->random().uniform() < probability ? 0.0f : kept;
    Tensor y = Tensor::uninitialized(x.shape());
    kernels::binary(kernels::Binary::multiply, y.elements(), x.tensor().data(), mask.data(), y.data());
    return record(
        "dropout", Reach::element, {x}, y,
        [x, mask](Graph& graph, const Tensor& dy) {
            Tensor dx = Tensor::uninitialized(dy.shape());
            kernels::binary(kernels::Binary::multiply, dy.elements(), dy.data(), mask.data(), dx.data());
            graph.add_gradient(x.node, dx);
        },
        [x, y, mask](const Graph&, int64_t index) {
            return Explanation{Explanation::Kind::sum, y.data()[index], "x * mask", {term(x, index, mask.data()[index])}};
        });
}

}  // namespace trilens

// Grad-CAM and gradient times input: both start from the gradient of one class score.
#include "engine/attribution/grad_cam.h"

#include <algorithm>
#include <string>

#include "engine/kernels/elementwise.h"
#include "engine/kernels/reduction.h"

namespace trilens {
namespace {

// Fills the graph's gradients with those of one score. A node that the score does not depend on has gradient zero.
void backward_from_score(Graph& graph, std::string_view scores, int64_t class_index) {
    const Value node = graph.find(scores);
    const Shape& shape = node.shape();
    if (shape.rank() != 2 || shape[0] != 1) throw ShapeError("attribution: scores are " + shape.text() + ", expected [1, classes]");
    if (class_index < 0 || class_index >= shape[1])
        throw ValueError("attribution: class " + std::to_string(class_index) + " of " + std::to_string(shape[1]));
    Tensor start(shape);
    start.data()[class_index] = 1;
    graph.clear_gradients();
    graph.backward(node, start);
}

Tensor gradient_of(const Graph& graph, Value value) {
    const Tensor& gradient = graph.node(value.node).gradient;
    return gradient.shape() == value.shape() ? gradient : Tensor(value.shape());
}

}  // namespace

Tensor grad_cam(Graph& graph, std::string_view maps, std::string_view scores, int64_t class_index) {
    const Value node = graph.find(maps);
    const Shape& shape = node.shape();
    if (shape.rank() != 4 || shape[0] != 1) throw ShapeError("grad_cam: maps are " + shape.text() + ", expected [1, C, H, W]");
    backward_from_score(graph, scores, class_index);

    const Tensor gradient = gradient_of(graph, node);
    const int64_t area = shape[2] * shape[3];
    Tensor cam(Shape{shape[2], shape[3]});
    for (int64_t channel = 0; channel < shape[1]; ++channel) {
        const float alpha = kernels::sum(area, gradient.data() + channel * area) / static_cast<float>(std::max<int64_t>(area, 1));
        kernels::add_scaled(area, alpha, node.tensor().data() + channel * area, cam.data());
    }
    kernels::relu_forward(area, cam.data(), cam.data());
    return cam;
}

Tensor gradient_times_input(Graph& graph, std::string_view input, std::string_view scores, int64_t class_index) {
    const Value node = graph.find(input);
    backward_from_score(graph, scores, class_index);
    Tensor product = Tensor::uninitialized(node.shape());
    kernels::binary(kernels::Binary::multiply, product.elements(), node.tensor().data(), gradient_of(graph, node).data(), product.data());
    return product;
}

}  // namespace trilens

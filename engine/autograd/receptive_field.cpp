// Walks from the node down to the ancestor and widens one box a node on the way.
#include "engine/autograd/receptive_field.h"

#include <algorithm>
#include <vector>

namespace trilens {
namespace {

Box everything(const Shape& shape) { return {0, 0, shape.rank() >= 2 ? shape[-2] : 1, shape.rank() >= 1 ? shape[-1] : 1}; }

Box united(const Box& a, const Box& b) {
    return {std::min(a.top, b.top), std::min(a.left, b.left), std::max(a.bottom, b.bottom), std::max(a.right, b.right)};
}

// What a box of a node's output needs of its input.
Box needed(const Node& node, const Box& box, const Shape& input) {
    if (node.reach == Reach::element && input == node.value.shape()) return box;
    if (node.reach != Reach::window) return everything(input);
    const Window& w = node.window;
    return {box.top * w.stride_height - w.padding_height, box.left * w.stride_width - w.padding_width,
            (box.bottom - 1) * w.stride_height - w.padding_height + w.dilation_height * (w.kernel_height - 1) + 1,
            (box.right - 1) * w.stride_width - w.padding_width + w.dilation_width * (w.kernel_width - 1) + 1};
}

}  // namespace

std::optional<Box> receptive_field(const Graph& graph, int node, int64_t index, int ancestor) {
    if (node < 0 || node >= graph.size() || ancestor < 0 || ancestor >= graph.size())
        throw ValueError("receptive_field: nodes " + std::to_string(node) + " and " + std::to_string(ancestor) + " of " +
                         std::to_string(graph.size()));
    const Shape& shape = graph.node(node).value.shape();
    if (index < 0 || index >= shape.elements())
        throw ValueError("receptive_field: element " + std::to_string(index) + " of " + shape.text());

    const int64_t width = shape.rank() >= 1 ? shape[-1] : 1, height = shape.rank() >= 2 ? shape[-2] : 1;
    const int64_t row = index / width % height, column = index % width;
    std::vector<std::optional<Box>> boxes(static_cast<size_t>(node) + 1);
    boxes.back() = Box{row, column, row + 1, column + 1};
    for (int id = node; id > ancestor; --id) {
        const auto& box = boxes[static_cast<size_t>(id)];
        if (!box) continue;
        for (const int input : graph.node(id).inputs) {
            // A window beside over the first input; the others are the kernel and the bias, whatever they come from.
            const bool beside = graph.node(id).reach == Reach::window && input != graph.node(id).inputs.front();
            if (beside || graph.node(input).operation == "parameter") continue;
            const Box wider = needed(graph.node(id), *box, graph.node(input).value.shape());
            auto& known = boxes[static_cast<size_t>(input)];
            known = known ? united(*known, wider) : wider;
        }
    }
    if (ancestor > node) return std::nullopt;
    return boxes[static_cast<size_t>(ancestor)];
}

Box clipped(const Box& box, const Shape& shape) {
    const Box all = everything(shape);
    return {std::clamp<int64_t>(box.top, 0, all.bottom), std::clamp<int64_t>(box.left, 0, all.right),
            std::clamp<int64_t>(box.bottom, 0, all.bottom), std::clamp<int64_t>(box.right, 0, all.right)};
}

}  // namespace trilens

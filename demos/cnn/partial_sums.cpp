// Windows are walked as the layer's explanation walks them: kernel rows, then columns, padding left out.
#include "demos/cnn/partial_sums.h"

#include <algorithm>
#include <string>

namespace trilens {

namespace {

// The sizes of a convolution, read from its node.
struct Sizes {
    int64_t channels, height, width, maps, out_height, out_width;
    Window window;

    Sizes(const Graph& graph, const Node& node) : window(node.window) {
        const Shape& x = graph.node(node.inputs[0]).value.shape();
        const Shape& y = node.value.shape();
        channels = x[1], height = x[2], width = x[3];
        maps = y[1], out_height = y[2], out_width = y[3];
    }
    int64_t weights() const { return window.kernel_height * window.kernel_width; }
};

// visit(position in the input map, position in the kernel) for all that the window of a cell covers.
template <typename Visit>
void walk_window(const Sizes& s, int64_t row, int64_t column, Visit&& visit) {
    const Window& w = s.window;
    for (int64_t m = 0; m < w.kernel_height; ++m) {
        const int64_t y = row * w.stride_height - w.padding_height + m * w.dilation_height;
        if (y < 0 || y >= s.height) continue;
        for (int64_t n = 0; n < w.kernel_width; ++n) {
            const int64_t x = column * w.stride_width - w.padding_width + n * w.dilation_width;
            if (x >= 0 && x < s.width) visit(y * s.width + x, m * w.kernel_width + n);
        }
    }
}

float sum_at(const Sizes& s, const float* input, const float* kernel, int64_t row, int64_t column) {
    float sum = 0;
    walk_window(s, row, column, [&](int64_t from, int64_t weight) { sum += input[from] * kernel[weight]; });
    return sum;
}

}  // namespace

void record_partial_sums(Graph& graph, int convolution, int64_t map, int64_t first, int64_t count) {
    const Node& node = graph.node(convolution);
    const Sizes s(graph, node);
    const int x = node.inputs[0], weight = node.inputs[1];
    for (int64_t c = std::max<int64_t>(first, 0); c < std::min(first + count, s.channels); ++c) {
        const float* input = graph.node(x).value.data() + c * s.height * s.width;
        const int64_t at = (map * s.channels + c) * s.weights();
        const float* kernel = graph.node(weight).value.data() + at;
        Tensor sums = Tensor::uninitialized(Shape{1, 1, s.out_height, s.out_width});
        for (int64_t cell = 0; cell < sums.elements(); ++cell)
            sums.data()[cell] = sum_at(s, input, kernel, cell / s.out_width, cell % s.out_width);
        Node partial;
        partial.operation = "partial_sum";
        partial.inputs = {x, weight};
        partial.reach = Reach::window;
        partial.window = s.window;
        partial.value = sums;
        partial.explain = [s, c, at, x, weight, sums](const Graph& of, int64_t cell) {
            Explanation out{Explanation::Kind::sum, sums.data()[cell], "sum(x * w) over input map " + std::to_string(c), {}};
            const Tensor &values = of.node(x).value, &weights = of.node(weight).value;
            walk_window(s, cell / s.out_width, cell % s.out_width, [&](int64_t from, int64_t k) {
                const int64_t position = c * s.height * s.width + from;
                out.terms.push_back({x, position, values.data()[position], weights.data()[at + k], weight, at + k});
            });
            return out;
        };
        graph.tap(graph.record(std::move(partial)), partial_prefix + std::to_string(c));
    }
}

float partial_sum(const Graph& graph, int convolution, int64_t map, int64_t cell, int64_t channel) {
    const Node& node = graph.node(convolution);
    const Sizes s(graph, node);
    return sum_at(s, graph.node(node.inputs[0]).value.data() + channel * s.height * s.width,
                  graph.node(node.inputs[1]).value.data() + (map * s.channels + channel) * s.weights(), cell / s.out_width,
                  cell % s.out_width);
}

float other_partial_sums(const Graph& graph, int convolution, int64_t map, int64_t cell, int64_t first, int64_t count) {
    float sum = 0;
    const int64_t channels = graph.node(graph.node(convolution).inputs[0]).value.shape()[1];
    for (int64_t c = 0; c < channels; ++c)
        if (c < first || c >= first + count) sum += partial_sum(graph, convolution, map, cell, c);
    return sum;
}

}  // namespace trilens

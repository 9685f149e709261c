// Norms are taken over the units of one step.
#include "demos/rnn/gradient_flow.h"

#include <algorithm>
#include <string>

#include "engine/errors.h"
#include "engine/kernels/reduction.h"
#include "engine/math.h"

namespace trilens {

namespace {

std::vector<float> row_norms(const Tensor& values) {
    std::vector<float> norms;
    if (values.empty()) return norms;
    const int64_t width = values.elements() / values.extent(0);
    for (int64_t t = 0; t < values.extent(0); ++t) {
        const float* row = values.data() + t * width;
        norms.push_back(math::sqrt(kernels::dot(width, row, row)));
    }
    return norms;
}

}  // namespace

std::vector<float> state_gradient_norms(const Graph& graph) { return row_norms(graph.node(graph.find("rnn.hidden").node).gradient); }

std::vector<float> dependence_on_inputs(const RnnWorkbench& bench, RnnCell cell, int64_t step) {
    if (step < 0 || step >= bench.steps())
        throw ValueError("step " + std::to_string(step) + " of " + std::to_string(bench.steps()) + " cannot depend on anything");
    Graph graph("rnn.");
    bench.model(cell)->forward(graph, bench.sequence());
    const Value hidden = graph.find("rnn.hidden");
    Tensor from(hidden.shape());
    const int64_t width = hidden.shape()[-1];
    std::copy_n(hidden.tensor().data() + step * width, width, from.data() + step * width);   // the derivative of 1/2 ||h||^2 is h
    graph.backward(hidden, from);
    return row_norms(graph.node(graph.find("rnn.input").node).gradient);
}

std::vector<float> mean_gate(const Graph& graph, const char* gate) {
    std::vector<float> means;
    const std::string name = std::string("rnn.") + gate;
    if (!graph.contains(name)) return means;
    const Tensor& values = graph.find(name).tensor();
    const int64_t width = values.shape()[-1];
    for (int64_t t = 0; t < values.extent(0); ++t)
        means.push_back(kernels::sum(width, values.data() + t * width) / static_cast<float>(width));
    return means;
}

}  // namespace trilens

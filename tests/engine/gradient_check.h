// What every operation must keep, checked on a graph that was built: gradients are finite differences, explanations lead back to values.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "engine/autograd/graph.h"

namespace trilens::checks {

using Inputs = std::vector<Value>;
using Operation = std::function<Value(const Inputs&)>;

inline Tensor random_tensor(const Shape& shape, Random& random, float size = 1) {
    Tensor tensor(shape);
    for (float& value : tensor.values()) value = size * random.normal();
    return tensor;
}

// The weight with which output `index` counts: every output differently.
inline float output_weight(int64_t index) { return 0.3f + 0.1f * static_cast<float>(index % 7) - 0.25f * static_cast<float>(index % 3); }

inline Tensor output_weights(const Shape& shape) {
    Tensor weights(shape);
    for (int64_t i = 0; i < weights.elements(); ++i) weights.data()[i] = output_weight(i);
    return weights;
}

inline Inputs inputs_of(Graph& graph, const std::vector<Tensor>& values) {
    Inputs inputs;
    for (size_t i = 0; i < values.size(); ++i) inputs.push_back(graph.input(values[i], "x" + std::to_string(i), true));
    return inputs;
}

// d (sum of weighted outputs) / d every element of every input, against the difference of two runs.
inline void gradient_is_finite_difference(const std::string& what, const std::vector<Tensor>& values, const Operation& operation) {
    const auto objective = [&](const std::vector<Tensor>& moved) {
        Graph graph;
        const Tensor y = operation(inputs_of(graph, moved)).tensor();
        double total = 0;
        for (int64_t i = 0; i < y.elements(); ++i) total += static_cast<double>(output_weight(i)) * static_cast<double>(y.data()[i]);
        return total;
    };
    Graph graph;
    const Inputs inputs = inputs_of(graph, values);
    const Value y = operation(inputs);
    graph.backward(y, output_weights(y.shape()));
    for (size_t i = 0; i < values.size(); ++i) {
        const Tensor& gradient = graph.node(inputs[i].node).gradient;
        REQUIRE_MESSAGE(gradient.shape() == values[i].shape(), what);
        for (int64_t at = 0; at < values[i].elements(); ++at) {
            const float step = 4e-3f;
            const auto shifted = [&](float by) {
                std::vector<Tensor> moved = values;
                moved[i] = values[i].clone();
                moved[i].data()[at] += by;
                return objective(moved);
            };
            const double numeric = (shifted(step) - shifted(-step)) / (2 * static_cast<double>(step));
            const double analytic = static_cast<double>(gradient.data()[at]);
            CHECK_MESSAGE(std::abs(numeric - analytic) <= 2e-3 + 2e-3 * std::abs(numeric),
                          what << ", input " << i << " element " << at << ": " << analytic << " for " << numeric);
        }
    }
}

// Every element of every node: its explanation has its value, names real elements, and sums add up to the bit.
inline void explanations_lead_back(const Graph& graph) {
    for (int id = 0; id < graph.size(); ++id) {
        const Node& node = graph.node(id);
        if (!node.explain) continue;
        for (int64_t at = 0; at < node.value.elements(); ++at) {
            const Explanation explanation = graph.explain(id, at);
            REQUIRE(explanation.value == node.value.data()[at]);
            REQUIRE_FALSE(explanation.formula.empty());
            float sum = 0;
            for (const Term& term : explanation.terms) {
                REQUIRE(term.value == graph.node(term.node).value.data()[term.index]);
                if (term.factor_node >= 0) REQUIRE(term.factor == graph.node(term.factor_node).value.data()[term.factor_index]);
                sum += term.value * term.factor;
            }
            if (explanation.kind == Explanation::Kind::sum)
                CHECK_MESSAGE(sum == explanation.value, node.operation << " " << node.name << " element " << at);
        }
    }
}

// After backward(): the gradient of every element of these nodes is the sum of what explain_gradient() lists.
inline void gradient_explanations_add_up(const Graph& graph, const Inputs& nodes) {
    for (const Value& value : nodes)
        for (int64_t at = 0; at < value.tensor().elements(); ++at) {
            const Explanation explanation = graph.explain_gradient(value.node, at);
            double sum = 0;
            for (const Term& term : explanation.terms) sum += static_cast<double>(term.value) * static_cast<double>(term.factor);
            CHECK_MESSAGE(sum == doctest::Approx(explanation.value).epsilon(1e-4).scale(0.1),
                          graph.node(value.node).operation << " element " << at);
        }
}

inline bool same_bits(const Tensor& a, const Tensor& b) { return a.shape() == b.shape() && checksum(a) == checksum(b); }

}  // namespace trilens::checks

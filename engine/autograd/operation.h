// How an operation records itself: what every family of operations shares, and nobody else needs.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "engine/autograd/graph.h"

namespace trilens {

using BackwardFunction = std::function<void(Graph&, const Tensor& gradient)>;
using ExplainFunction = std::function<Explanation(const Graph&, int64_t index)>;

inline Value record(std::string operation, Reach reach, std::initializer_list<Value> inputs, Tensor value, BackwardFunction backward,
                    ExplainFunction explain, const Window& window = {}) {
    Node node;
    node.operation = std::move(operation);
    node.value = std::move(value);
    for (const Value& input : inputs) node.inputs.push_back(input.node);
    node.reach = reach;
    node.window = window;
    node.backward = std::move(backward);
    node.explain = std::move(explain);
    return inputs.begin()->graph->record(std::move(node));
}

// A term whose factor is a number, and one whose factor is an element of another node.
inline Term term(Value source, int64_t index, float factor = 1) {
    return {source.node, index, source.tensor().data()[index], factor, -1, 0};
}
inline Term term(Value source, int64_t index, Value weight, int64_t weight_index) {
    return {source.node, index, source.tensor().data()[index], weight.tensor().data()[weight_index], weight.node, weight_index};
}

// Sends back to `to` the gradient that compute(float*) writes, all of it; nothing is computed if nobody asked for it.
template <typename Compute>
void send_back(Graph& graph, Value to, Compute compute) {
    if (!graph.node(to.node).requires_gradient) return;
    Tensor gradient = Tensor::uninitialized(to.shape());
    compute(gradient.data());
    graph.add_gradient(to.node, std::move(gradient));
}

// The message of a ShapeError: the operation and the shapes it was given.
inline std::string misfit(const std::string& operation, const Shape& a, const Shape& b, const std::string& expected) {
    return operation + ": " + a.text() + " and " + b.text() + ", expected " + expected;
}

}  // namespace trilens

// Every run is the model's own forward pass; only where it starts differs.
#include "demos/rnn/continuation.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/errors.h"

namespace trilens {

namespace {

int64_t numbers_per_step(const SequencePlan& plan) { return plan.vocabulary > 0 ? 1 : plan.features; }

Shape shape_of(const SequencePlan& plan, int64_t steps) { return plan.vocabulary > 0 ? Shape{steps} : Shape{steps, plan.features}; }

Tensor tensor_of(std::span<const float> values, const Shape& shape) {
    Tensor out = Tensor::uninitialized(shape);
    std::ranges::copy(values, out.data());
    return out;
}

Tensor last_row(const Tensor& rows) {
    const int64_t width = rows.shape()[-1];
    return tensor_of(rows.values().last(static_cast<size_t>(width)), Shape{width});
}

}  // namespace

Continuation::Continuation(std::shared_ptr<SequenceModel> model, const Tensor& inputs, SequenceLook look)
    : model_(std::move(model)), look_(std::move(look)) {
    if (model_->plan().bidirectional)
        throw ValueError("continuation: the network reads from both ends, expected one that only reads forward");
    if (model_->plan().layers > 1) read_.assign(inputs.values().begin(), inputs.values().end());
    run(inputs, look_);
    steps_ = inputs.extent(0);
}

void Continuation::read(std::span<const float> input) {
    const SequencePlan& plan = model_->plan();
    if (static_cast<int64_t>(input.size()) != numbers_per_step(plan))
        throw ShapeError("continuation: a step of " + std::to_string(input.size()) + " numbers, expected " +
                         std::to_string(numbers_per_step(plan)));
    ++steps_;
    if (plan.layers > 1) {
        read_.insert(read_.end(), input.begin(), input.end());
        run(tensor_of(read_, shape_of(plan, steps_)), look_);
        return;
    }
    SequenceLook from_here;
    from_here.initial_hidden = hidden_;
    if (!cell_.empty()) from_here.initial_cell = cell_;
    run(tensor_of(input, shape_of(plan, 1)), from_here);
}

void Continuation::run(const Tensor& inputs, const SequenceLook& look) {
    Graph graph;
    scores_ = last_row(model_->forward(graph, inputs, look).tensor());
    states_ = graph.find("hidden").tensor();
    hidden_ = last_row(states_);
    if (graph.contains("cell_state")) cell_ = last_row(graph.find("cell_state").tensor());
}

}  // namespace trilens

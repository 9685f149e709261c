// From a batch to time-major sequences, through the stack, to scores.
#include "engine/models/sequence_model.h"

#include <algorithm>
#include <cmath>

#include "engine/autograd/dropout.h"
#include "engine/autograd/embedding.h"
#include "engine/autograd/linear.h"
#include "engine/autograd/loss.h"
#include "engine/autograd/shape.h"
#include "engine/nn/initialization.h"

namespace trilens {
namespace {

void check(const SequencePlan& plan) {
    const auto at_least = [](const char* what, int64_t value, int64_t least) {
        if (value < least)
            throw ValueError(std::string("sequence model: ") + what + " " + std::to_string(value) + ", expected at least " +
                             std::to_string(least));
    };
    at_least("vocabulary", plan.vocabulary, 0);
    at_least("embedding", plan.embedding, 0);
    at_least("features", plan.features, 1);
    at_least("layers", plan.layers, 1);
    at_least("outputs", plan.outputs, plan.regression ? 1 : 2);
    if (plan.regression && plan.head == SequencePlan::Head::last)
        throw ValueError("sequence model: values are predicted at every step, expected Head::every");
}

int64_t width_of(const SequencePlan& plan) {
    return plan.vocabulary == 0 ? plan.features : plan.embedding > 0 ? plan.embedding : plan.vocabulary;
}

int64_t state_width(const SequencePlan& plan) { return plan.hidden_size * (plan.bidirectional ? 2 : 1); }

// Token numbers in the order of time; how long each sequence is. A token after the end of its sequence reads as number 0.
struct Tokens {
    std::vector<int32_t> numbers, lengths;
    Shape shape;
};

Tokens tokens_of(const Tensor& inputs, int64_t vocabulary) {
    const bool batched = inputs.rank() == 2;
    if (!batched && inputs.rank() != 1)
        throw ShapeError("sequence model: tokens are " + inputs.shape().text() + ", expected [N, T] or [T]");
    const int64_t batch = batched ? inputs.extent(0) : 1, steps = inputs.shape()[-1];
    Tokens out{std::vector<int32_t>(static_cast<size_t>(batch * steps)), std::vector<int32_t>(static_cast<size_t>(batch)),
               batched ? Shape{steps, batch} : Shape{steps}};
    for (int64_t n = 0; n < batch; ++n) {
        int64_t length = 0;
        for (int64_t t = 0; t < steps; ++t) {
            const float token = inputs.data()[n * steps + t];
            if (token == -1) continue;
            if (!(token >= 0 && token < static_cast<float>(vocabulary)) || token != std::floor(token) || length != t)
                throw ValueError("sequence model: token " + std::to_string(token) + " at step " + std::to_string(t) + ", expected 0 to " +
                                 std::to_string(vocabulary - 1) + ", or -1 after the end");
            out.numbers[static_cast<size_t>(t * batch + n)] = static_cast<int32_t>(token);
            length = t + 1;
        }
        out.lengths[static_cast<size_t>(n)] = static_cast<int32_t>(length);
    }
    return out;
}

Tensor one_hot(const Tokens& tokens, int64_t vocabulary) {
    std::vector<int64_t> extents(tokens.shape.extents().begin(), tokens.shape.extents().end());
    extents.push_back(vocabulary);
    Tensor out{Shape(std::span<const int64_t>(extents))};
    for (size_t i = 0; i < tokens.numbers.size(); ++i) out.data()[static_cast<int64_t>(i) * vocabulary + tokens.numbers[i]] = 1;
    return out;
}

// [N, T, F] to [T, N, F].
Tensor in_order_of_time(const Tensor& inputs, int64_t features) {
    if (inputs.rank() == 2 && inputs.shape()[-1] == features) return inputs;
    if (inputs.rank() != 3 || inputs.shape()[-1] != features)
        throw ShapeError("sequence model: inputs are " + inputs.shape().text() + ", expected [N, T, " + std::to_string(features) +
                         "] or [T, " + std::to_string(features) + "]");
    const int64_t batch = inputs.extent(0), steps = inputs.extent(1);
    Tensor out = Tensor::uninitialized(Shape{steps, batch, features});
    for (int64_t n = 0; n < batch; ++n)
        for (int64_t t = 0; t < steps; ++t)
            std::copy_n(inputs.data() + (n * steps + t) * features, features, out.data() + (t * batch + n) * features);
    return out;
}

}  // namespace

SequenceModel::SequenceModel(const SequencePlan& plan, Random& random) : plan_(plan) {
    check(plan);
    if (plan.vocabulary > 0 && plan.embedding > 0) {
        Tensor table = Tensor::uninitialized(Shape{plan.vocabulary, plan.embedding});
        for (float& value : table.values()) value = random.uniform(-0.05f, 0.05f);   // as Keras
        embedding_ = {"embedding.weight", std::move(table), Tensor()};
    }
    int64_t width = width_of(plan);
    for (int layer = 0; layer < plan.layers; ++layer) {
        const std::string prefix = layer == 0 ? "" : "layer" + std::to_string(layer + 1) + ".";
        for (const char* direction : {"", "reverse."})
            if (*direction == 0 || plan.bidirectional)
                layers_.push_back(
                    std::make_unique<RecurrentLayer>(prefix + direction, plan.cell, width, plan.hidden_size, plan.spectral_radius, random));
        width = state_width(plan);
    }
    output_weight_ = {"W_ho", glorot_uniform(Shape{plan.outputs, width}, width, plan.outputs, random), Tensor()};
    output_bias_ = {"b_o", Tensor(Shape{plan.outputs}), Tensor()};
}

std::vector<Parameter*> SequenceModel::parameters() {
    std::vector<Parameter*> all;
    if (!embedding_.name.empty()) all.push_back(&embedding_);
    for (const auto& layer : layers_)
        for (Parameter* parameter : layer->parameters()) all.push_back(parameter);
    all.push_back(&output_weight_);
    all.push_back(&output_bias_);
    return all;
}

Value SequenceModel::read(Graph& graph, const Tensor& inputs, std::vector<int32_t>& lengths) {
    if (plan_.vocabulary == 0) return graph.input(in_order_of_time(inputs, plan_.features), "input", !graph.training());
    Tokens tokens = tokens_of(inputs, plan_.vocabulary);
    lengths = std::move(tokens.lengths);
    if (plan_.embedding == 0) return graph.input(one_hot(tokens, plan_.vocabulary), "input", !graph.training());
    return graph.tap(dropout(embedding(graph.parameter(embedding_), tokens.numbers, tokens.shape), plan_.dropout), "input");
}

Value SequenceModel::states(Value x, const std::vector<int32_t>& lengths, const SequenceLook& look, bool last) {
    Graph& graph = *x.graph;
    RecurrentOptions options;
    options.lengths = lengths;
    options.held = look.held;
    options.skipped = look.skipped;
    if ((look.initial_hidden || look.initial_cell) && layers_.size() > 1)
        throw ValueError("sequence model: only a single layer can start from a given state");
    if (look.initial_hidden) options.initial_hidden = graph.input(*look.initial_hidden, "initial_hidden", true);
    if (look.initial_cell) options.initial_cell = graph.input(*look.initial_cell, "initial_cell", true);
    const size_t directions = plan_.bidirectional ? 2 : 1;
    for (size_t i = 0; i < layers_.size(); i += directions) {
        const bool final = last && i + directions == layers_.size();
        std::vector<Value> states;
        for (size_t direction = 0; direction < directions; ++direction) {
            options.reverse = direction == 1;
            const Value all = layers_[i + direction]->forward(x, options);
            options.held.clear();
            const int64_t end = options.reverse ? 1 : all.shape()[0];
            states.push_back(final ? slice(all, 0, end - 1, end) : all);
        }
        x = directions == 1 ? states[0] : concat(states, states[0].shape().rank() - 1);
    }
    return x;
}

Value SequenceModel::forward(Graph& graph, const Tensor& inputs, const SequenceLook& look) {
    std::vector<int32_t> lengths;
    const Value x = read(graph, inputs, lengths);
    if (x.shape()[0] == 0) throw ShapeError("sequence model: a sequence of no steps, expected at least one");
    const bool single = x.shape().rank() == 2, last = plan_.head == SequencePlan::Head::last && !(single && !plan_.bidirectional);
    Value state = states(x, lengths, look, last);
    if (last && !single) state = reshape(state, Shape{state.shape()[1], state.shape()[2]});
    if (plan_.head == SequencePlan::Head::last) state = dropout(state, plan_.dropout);
    const Value scores = graph.tap(dense(state, graph.parameter(output_weight_), graph.parameter(output_bias_)), "logits");
    if (!plan_.regression && !graph.training()) graph.tap(softmax(scores), "probabilities");
    return scores;
}

Outcome SequenceModel::loss(Graph& graph, const Batch& batch) {
    Value scores = forward(graph, batch.inputs);
    if (plan_.regression) return {mean_squared_error(scores, batch.targets), {}};
    if (scores.shape().rank() == 3) scores = reshape(scores, Shape{scores.shape()[0] * scores.shape()[1], plan_.outputs});
    return {cross_entropy(scores, batch.labels), scores};
}

}  // namespace trilens

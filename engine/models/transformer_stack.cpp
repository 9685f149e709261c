// From tokens to the last layer's output.
#include "engine/models/transformer_stack.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/autograd/dropout.h"
#include "engine/autograd/elementwise.h"
#include "engine/autograd/embedding.h"
#include "engine/autograd/linear.h"
#include "engine/autograd/positions.h"
#include "engine/autograd/shape.h"
#include "engine/math.h"
#include "engine/nn/initialization.h"

namespace trilens {
namespace {

void check(const StackSettings& settings) {
    const auto at_least = [&](const char* what, int64_t value, int64_t least) {
        if (value < least)
            throw ValueError(settings.name + ": " + what + " " + std::to_string(value) + ", expected at least " + std::to_string(least));
    };
    at_least("vocabulary", settings.vocabulary, 0);
    at_least("features", settings.features, 0);
    at_least("layers", settings.layers, 1);
    at_least("d_model", settings.layer.d_model, 1);
    if (settings.positions == Positions::learned) at_least("max_length", settings.max_length, 1);
}

Tensor normal(const Shape& shape, float deviation, Random& random) {
    Tensor tensor = Tensor::uninitialized(shape);
    for (float& value : tensor.values()) value = deviation * random.normal();
    return tensor;
}

// Token numbers, where one after the end of its sequence reads as 0, and how long each sequence is.
std::vector<int32_t> read_tokens(const std::string& name, const Tensor& inputs, int64_t vocabulary, std::vector<int32_t>& lengths) {
    if (inputs.rank() != 1 && inputs.rank() != 2)
        throw ShapeError(name + ": tokens are " + inputs.shape().text() + ", expected [N, T] or [T]");
    const int64_t steps = inputs.extent(-1), batch = inputs.rank() == 2 ? inputs.extent(0) : 1;
    std::vector<int32_t> tokens(static_cast<size_t>(batch * steps));
    lengths.assign(static_cast<size_t>(batch), 0);
    for (int64_t at = 0; at < batch * steps; ++at) {
        const float token = inputs.data()[at];
        if (token == -1) continue;
        int32_t& length = lengths[static_cast<size_t>(at / steps)];
        if (!(token >= 0 && token < static_cast<float>(vocabulary)) || token != std::floor(token) || length != at % steps)
            throw ValueError(name + ": token " + std::to_string(token) + " at step " + std::to_string(at % steps) + ", expected 0 to " +
                             std::to_string(vocabulary - 1) + ", or -1 after the end");
        tokens[static_cast<size_t>(at)] = static_cast<int32_t>(token);
        ++length;
    }
    return tokens;
}

std::vector<HeadMode> heads_of(const std::vector<std::vector<HeadMode>>& all, size_t layer) {
    return layer < all.size() ? all[layer] : std::vector<HeadMode>();
}

}  // namespace

TransformerStack::TransformerStack(const StackSettings& settings, Random& random) : settings_(settings) {
    check(settings);
    const int64_t width = settings.layer.d_model;
    const std::string prefix = settings.name + ".";
    if (settings.vocabulary > 0) {
        const float deviation = 1 / math::sqrt(static_cast<float>(width));
        embedding_ = {prefix + "embedding.weight", normal(Shape{settings.vocabulary, width}, deviation, random), Tensor()};
    } else if (settings.features > 0) {
        embedding_ = {prefix + "embedding.weight", glorot_uniform(Shape{width, settings.features}, settings.features, width, random),
                      Tensor()};
        embedding_bias_ = {prefix + "embedding.bias", Tensor(Shape{width}), Tensor()};
    }
    // 0.02, as BERT: small beside the token's vector.
    if (settings.class_token) class_token_ = {prefix + "class_token", normal(Shape{1, width}, 0.02f, random), Tensor()};
    if (settings.positions == Positions::learned)
        positions_ = {prefix + "positions.weight", normal(Shape{settings.max_length, width}, 0.02f, random), Tensor()};
    TransformerLayerSettings layer = settings.layer;
    layer.rotary = settings.positions == Positions::rotary;
    for (int64_t number = 0; number < settings.layers; ++number)
        layers_.push_back(std::make_unique<TransformerLayer>(prefix + std::to_string(number), layer, random));
    if (layer.norm == TransformerLayerSettings::Norm::pre) norm_ = std::make_unique<LayerNorm>(prefix + "norm", width, layer.norm_epsilon);
}

std::vector<Parameter*> TransformerStack::parameters() {
    std::vector<Parameter*> all;
    for (Parameter* parameter : {&embedding_, &embedding_bias_, &class_token_, &positions_})
        if (!parameter->name.empty()) all.push_back(parameter);
    for (const auto& layer : layers_)
        for (Parameter* parameter : layer->parameters()) all.push_back(parameter);
    if (norm_)
        for (Parameter* parameter : norm_->parameters()) all.push_back(parameter);
    return all;
}

Value TransformerStack::embed(Graph& graph, const Tensor& inputs, std::vector<int32_t>& lengths) {
    const int64_t width = settings_.layer.d_model;
    if (settings_.vocabulary > 0) {
        const std::vector<int32_t> tokens = read_tokens(settings_.name, inputs, settings_.vocabulary, lengths);
        const Value vectors = embedding(graph.parameter(embedding_), tokens, inputs.shape());
        return graph.tap(settings_.scale_embedding ? scale(vectors, math::sqrt(static_cast<float>(width))) : vectors, "embedding");
    }
    const int64_t features = settings_.features > 0 ? settings_.features : width;
    if ((inputs.rank() != 2 && inputs.rank() != 3) || inputs.extent(-1) != features)
        throw ShapeError(settings_.name + ": vectors are " + inputs.shape().text() + ", expected [N, T, " + std::to_string(features) +
                         "] or [T, " + std::to_string(features) + "]");
    lengths.assign(static_cast<size_t>(inputs.rank() == 3 ? inputs.extent(0) : 1), static_cast<int32_t>(inputs.extent(-2)));
    const Value vectors = graph.input(inputs, "vectors", !graph.training());
    if (settings_.features == 0) return vectors;
    return graph.tap(dense(vectors, graph.parameter(embedding_), graph.parameter(embedding_bias_)), "embedding");
}

Value TransformerStack::with_class_token(Value x) {
    const bool batched = x.shape().rank() == 3;
    const int64_t batch = batched ? x.shape()[0] : 1;
    const std::vector<int32_t> rows(static_cast<size_t>(batch), 0);
    const Value first = embedding(x.graph->parameter(class_token_), rows, batched ? Shape{batch, 1} : Shape{1});
    const Value both[] = {first, x};
    return concat(both, -2);
}

Value TransformerStack::with_positions(Value x, int64_t first) {
    Graph& graph = *x.graph;
    const int64_t steps = x.shape()[-2];
    if (settings_.positions == Positions::sinusoidal)
        return add(x, graph.tap(sinusoidal_encoding(graph, steps, settings_.layer.d_model, first), "positions"));
    if (settings_.positions != Positions::learned) return x;
    if (first + steps > settings_.max_length)
        throw ShapeError(settings_.name + ": " + std::to_string(first + steps) + " positions, expected at most " +
                         std::to_string(settings_.max_length));
    std::vector<int32_t> numbers(static_cast<size_t>(steps));
    std::iota(numbers.begin(), numbers.end(), static_cast<int32_t>(first));
    return add(x, graph.tap(embedding(graph.parameter(positions_), numbers, Shape{steps}), "positions"));
}

Value TransformerStack::forward(Graph& graph, const Tensor& inputs, const StackPass& pass, std::vector<int32_t>* lengths) {
    std::vector<int32_t> own;
    LayerPass layer_pass{pass.memory, {}, {}};
    const int64_t before = pass.kept ? pass.kept->length() : 0;
    Value x;
    {
        const Scope scope(graph, settings_.name);
        x = embed(graph, inputs, own);
        if (settings_.class_token) {
            x = with_class_token(x);
            for (int32_t& length : own) ++length;
        }
        const int64_t steps = x.shape()[-2];
        if (steps == 0) throw ShapeError(settings_.name + ": a sequence of no steps, expected at least one");
        if (pass.positions) x = with_positions(x, before);
        x = graph.tap(dropout(x, settings_.layer.dropout), "input");

        std::vector<int32_t> key_lengths = own;
        for (int32_t& length : key_lengths) length += static_cast<int32_t>(before);
        layer_pass.self.mask = attention_mask(graph, {pass.causal, before, key_lengths}, steps, before + steps);
        if (layer_pass.self.mask.graph) graph.tap(layer_pass.self.mask, "mask");
        if (pass.memory_steps > 0) layer_pass.cross.mask = attention_mask(graph, {false, 0, pass.memory_lengths}, steps, pass.memory_steps);
        if (layer_pass.cross.mask.graph) graph.tap(layer_pass.cross.mask, "cross_mask");
    }
    layer_pass.self.scaled = layer_pass.cross.scaled = pass.scaled;
    layer_pass.self.rotated = pass.positions;
    if (pass.kept) {
        pass.kept->self.resize(layers_.size());
        pass.kept->cross.resize(layers_.size());
    }
    for (size_t number = 0; number < layers_.size(); ++number) {
        layer_pass.self.heads = heads_of(pass.self_heads, number);
        layer_pass.cross.heads = heads_of(pass.cross_heads, number);
        layer_pass.self.kept = pass.kept ? &pass.kept->self[number] : nullptr;
        layer_pass.cross.kept = pass.kept ? &pass.kept->cross[number] : nullptr;
        x = layers_[number]->forward(x, layer_pass);
    }
    if (norm_) x = graph.tap(norm_->forward(x), settings_.name + ".norm");
    if (lengths) *lengths = std::move(own);
    return x;
}

}  // namespace trilens

// Stacks, the scores at their end, and what each kind of batch asks for.
#include "engine/models/transformer.h"

#include <string>
#include <utility>

#include "engine/autograd/linear.h"
#include "engine/autograd/loss.h"
#include "engine/autograd/shape.h"
#include "engine/nn/initialization.h"

namespace trilens {
namespace {

using Kind = TransformerPlan::Kind;
using Head = TransformerPlan::Head;

int64_t written_vocabulary(const TransformerPlan& plan) {
    return plan.kind == Kind::encoder_decoder && plan.target_vocabulary > 0 ? plan.target_vocabulary : plan.vocabulary;
}

bool has_scores(const TransformerPlan& plan) { return plan.kind != Kind::encoder || plan.head != Head::none; }

int64_t outputs_of(const TransformerPlan& plan) { return plan.outputs > 0 ? plan.outputs : written_vocabulary(plan); }

void check(const TransformerPlan& plan) {
    if (plan.outputs < 0 || plan.target_vocabulary < 0)
        throw ValueError("transformer: " + std::to_string(plan.outputs) + " outputs and a target vocabulary of " +
                         std::to_string(plan.target_vocabulary) + ", expected at least 0");
    if (plan.kind != Kind::encoder && written_vocabulary(plan) < 2)
        throw ValueError("transformer: a decoder with a vocabulary of " + std::to_string(written_vocabulary(plan)) +
                         ", expected at least 2");
    if (plan.kind != Kind::encoder && plan.outputs != 0 && plan.outputs != written_vocabulary(plan))
        throw ValueError("transformer: a decoder with " + std::to_string(plan.outputs) + " outputs, expected its vocabulary of " +
                         std::to_string(written_vocabulary(plan)));
    if (has_scores(plan) && outputs_of(plan) < 2)
        throw ValueError("transformer: " + std::to_string(outputs_of(plan)) + " outputs, expected at least 2");
    if (plan.tied && (written_vocabulary(plan) < 2 || outputs_of(plan) != written_vocabulary(plan)))
        throw ValueError("transformer: tied to a vocabulary of " + std::to_string(written_vocabulary(plan)) + " with " +
                         std::to_string(outputs_of(plan)) + " outputs, expected as many");
}

StackSettings stack_settings(const TransformerPlan& plan, bool decoder) {
    StackSettings settings;
    settings.name = decoder ? "decoder" : "encoder";
    settings.vocabulary = decoder ? written_vocabulary(plan) : plan.vocabulary;
    settings.features = decoder ? 0 : plan.features;
    settings.class_token = plan.kind == Kind::encoder && plan.head == Head::class_token;
    settings.layers = plan.layers;
    settings.layer = plan.layer;
    settings.layer.cross = decoder && plan.kind == Kind::encoder_decoder;
    settings.positions = plan.positions;
    settings.max_length = plan.max_length;
    settings.scale_embedding = plan.scale_embedding;
    return settings;
}

// Columns [begin, end) of tokens [N, T].
Tensor columns(const Tensor& tokens, int64_t begin, int64_t end) {
    const int64_t rows = tokens.extent(0), steps = tokens.extent(1);
    Tensor out = Tensor::uninitialized(Shape{rows, end - begin});
    for (int64_t row = 0; row < rows; ++row)
        for (int64_t t = begin; t < end; ++t) out.data()[row * (end - begin) + t - begin] = tokens.data()[row * steps + t];
    return out;
}

std::vector<int32_t> as_labels(const Tensor& tokens) { return {tokens.values().begin(), tokens.values().end()}; }

const Tensor& checked_texts(const Tensor& tokens) {
    if (tokens.rank() != 2 || tokens.extent(1) < 2)
        throw ShapeError("transformer: texts to learn are " + tokens.shape().text() + ", expected [N, T] with T of at least 2");
    return tokens;
}

}  // namespace

Transformer::Transformer(const TransformerPlan& plan, Random& random) : plan_(plan) {
    check(plan);
    if (plan.kind != Kind::decoder) encoder_ = std::make_unique<TransformerStack>(stack_settings(plan, false), random);
    if (plan.kind != Kind::encoder) decoder_ = std::make_unique<TransformerStack>(stack_settings(plan, true), random);
    if (!has_scores(plan) || plan.tied) return;
    const int64_t width = plan.layer.d_model, outputs = outputs_of(plan);
    logits_weight_ = {"logits.weight", glorot_uniform(Shape{outputs, width}, width, outputs, random), Tensor()};
    logits_bias_ = {"logits.bias", Tensor(Shape{outputs}), Tensor()};
}

std::vector<Parameter*> Transformer::parameters() {
    std::vector<Parameter*> all;
    for (TransformerStack* stack : {encoder_.get(), decoder_.get()})
        if (stack)
            for (Parameter* parameter : stack->parameters()) all.push_back(parameter);
    if (!logits_weight_.name.empty()) all.insert(all.end(), {&logits_weight_, &logits_bias_});
    return all;
}

std::vector<std::vector<HeadMode>> Transformer::modes(const TransformerLook& look, TransformerLook::Where where) const {
    std::vector<std::vector<HeadMode>> all;
    for (const TransformerLook::Head& head : look.heads) {
        const bool there = head.where == TransformerLook::Where::encoder   ? encoder_ != nullptr
                           : head.where == TransformerLook::Where::decoder ? decoder_ != nullptr
                                                                           : plan_.kind == Kind::encoder_decoder;
        if (!there || head.layer < 0 || head.layer >= plan_.layers || head.head < 0 || head.head >= plan_.layer.num_heads)
            throw ValueError("transformer: there is no head " + std::to_string(head.head) + " of layer " + std::to_string(head.layer) +
                             " there, " + std::to_string(plan_.layers) + " layers have " + std::to_string(plan_.layer.num_heads) +
                             " heads");
        if (head.where != where) continue;
        all.resize(static_cast<size_t>(plan_.layers), std::vector<HeadMode>(static_cast<size_t>(plan_.layer.num_heads), HeadMode::on));
        all[static_cast<size_t>(head.layer)][static_cast<size_t>(head.head)] = head.mode;
    }
    return all;
}

Value Transformer::scores(Value states) {
    Graph& graph = *states.graph;
    const Value scores = plan_.tied ? dense(states, graph.parameter((decoder_ ? decoder_ : encoder_)->table()))
                                    : dense(states, graph.parameter(logits_weight_), graph.parameter(logits_bias_));
    graph.tap(scores, "logits");
    if (!graph.training()) graph.tap(softmax(scores), "probabilities");
    return scores;
}

Memory Transformer::encode(Graph& graph, const Tensor& source, const TransformerLook& look) {
    if (!encoder_) throw ValueError("transformer: a decoder has nothing to encode");
    StackPass pass;
    pass.scaled = look.scaled;
    pass.positions = look.positions;
    pass.self_heads = modes(look, TransformerLook::Where::encoder);
    Memory memory;
    memory.states = encoder_->forward(graph, source, pass, &memory.lengths);
    memory.steps = memory.states.shape()[-2];
    return memory;
}

Value Transformer::decode(Graph& graph, const Tensor& tokens, const Memory& memory, const TransformerLook& look, KeptLayers* kept) {
    if (!decoder_) throw ValueError("transformer: an encoder has nothing to decode");
    if ((memory.steps > 0) != (plan_.kind == Kind::encoder_decoder))
        throw ValueError("transformer: a memory of " + std::to_string(memory.steps) + " steps, expected " +
                         (plan_.kind == Kind::encoder_decoder ? "the encoder's" : "none without an encoder"));
    StackPass pass;
    pass.causal = true;
    pass.memory = memory.states;
    pass.memory_lengths = memory.lengths;
    pass.memory_steps = memory.steps;
    pass.scaled = look.scaled;
    pass.positions = look.positions;
    pass.self_heads = modes(look, TransformerLook::Where::decoder);
    pass.cross_heads = modes(look, TransformerLook::Where::cross);
    pass.kept = kept;
    return scores(decoder_->forward(graph, tokens, pass));
}

Value Transformer::forward(Graph& graph, const Tensor& inputs, const TransformerLook& look) {
    if (plan_.kind == Kind::encoder_decoder)
        throw ValueError("transformer: an encoder and decoder without a target, expected source and target");
    if (plan_.kind == Kind::decoder) return decode(graph, inputs, {}, look);
    Value states = encode(graph, inputs, look).states;
    if (plan_.head == Head::none) return states;
    if (plan_.head == Head::class_token) {
        const bool batched = states.shape().rank() == 3;
        states = slice(states, -2, 0, 1);
        if (batched) states = reshape(states, Shape{states.shape()[0], states.shape()[2]});
    }
    return scores(states);
}

Value Transformer::forward(Graph& graph, const Tensor& source, const Tensor& target, const TransformerLook& look) {
    return decode(graph, target, encode(graph, source, look), look);
}

Outcome Transformer::loss(Graph& graph, const Batch& batch) {
    if (!has_scores(plan_))
        throw ValueError("transformer: an encoder without scores has no loss, expected Head::every or Head::class_token");
    if (plan_.kind == Kind::encoder && plan_.head == Head::class_token) {
        const Value scores = forward(graph, batch.inputs);
        return {cross_entropy(scores, batch.labels), scores};
    }
    Value scores;
    std::vector<int32_t> labels = batch.labels;
    if (plan_.kind == Kind::encoder_decoder) {
        const Tensor& texts = checked_texts(batch.targets);
        scores = forward(graph, batch.inputs, columns(texts, 0, texts.extent(1) - 1));
        labels = as_labels(columns(texts, 1, texts.extent(1)));
    } else if (plan_.kind == Kind::decoder && labels.empty()) {
        const Tensor& texts = checked_texts(batch.inputs);
        scores = forward(graph, columns(texts, 0, texts.extent(1) - 1));
        labels = as_labels(columns(texts, 1, texts.extent(1)));
    } else {
        scores = forward(graph, batch.inputs);
    }
    const int64_t outputs = scores.shape()[-1];
    const Value rows = reshape(scores, Shape{scores.tensor().elements() / outputs, outputs});
    return {cross_entropy(rows, labels), rows, std::move(labels)};
}

}  // namespace trilens

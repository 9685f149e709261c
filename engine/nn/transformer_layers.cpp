// A layer is a list of sub-layers, each wrapped in the same residual connection.
#include "engine/nn/transformer_layers.h"

#include "engine/autograd/activation.h"
#include "engine/autograd/dropout.h"
#include "engine/autograd/elementwise.h"
#include "engine/autograd/linear.h"
#include "engine/nn/initialization.h"

namespace trilens {
namespace {

AttentionSizes attention_sizes(const TransformerLayerSettings& settings, bool cross) {
    return {settings.d_model, settings.num_heads, settings.key_size, settings.rotary && !cross, settings.dropout};
}

const TransformerLayerSettings& checked(const std::string& name, const TransformerLayerSettings& settings) {
    if (settings.d_ff < 1) throw ValueError(name + ": d_ff " + std::to_string(settings.d_ff) + ", expected at least 1");
    if (!(settings.dropout >= 0 && settings.dropout < 1))
        throw ValueError(name + ": dropout " + std::to_string(settings.dropout) + ", expected 0 to below 1");
    if (!(settings.norm_epsilon > 0))
        throw ValueError(name + ": norm_epsilon " + std::to_string(settings.norm_epsilon) + ", expected above 0");
    return settings;
}

}  // namespace

FeedForward::FeedForward(const std::string& name, const TransformerLayerSettings& settings, Random& random)
    : activation_(settings.activation), dropout_(settings.dropout) {
    const int64_t width = settings.d_model, hidden = settings.d_ff;
    hidden_weight_ = {name + "ff.hidden.weight", glorot_uniform(Shape{hidden, width}, width, hidden, random), Tensor()};
    hidden_bias_ = {name + "ff.hidden.bias", Tensor(Shape{hidden}), Tensor()};
    out_weight_ = {name + "ff.out.weight", glorot_uniform(Shape{width, hidden}, hidden, width, random), Tensor()};
    out_bias_ = {name + "ff.out.bias", Tensor(Shape{width}), Tensor()};
}

Value FeedForward::forward(Value x) {
    Graph& graph = *x.graph;
    const Scope scope(graph, "ff");
    const Value sum = graph.tap(dense(x, graph.parameter(hidden_weight_), graph.parameter(hidden_bias_)), "sum");
    const bool is_relu = activation_ == TransformerLayerSettings::Activation::relu;
    const Value hidden = graph.tap(is_relu ? relu(sum) : gelu(sum), "hidden");
    return graph.tap(dense(dropout(hidden, dropout_), graph.parameter(out_weight_), graph.parameter(out_bias_)), "out");
}

TransformerLayer::TransformerLayer(std::string name, const TransformerLayerSettings& settings, Random& random)
    : name_(std::move(name)),
      settings_(checked(name_, settings)),
      attention_(name_ + ".", attention_sizes(settings, false), random),
      feed_forward_(name_ + ".", settings, random) {
    if (settings.cross) cross_.emplace(name_ + ".cross.", attention_sizes(settings, true), random);
    for (int number = 1; number <= (settings.cross ? 3 : 2); ++number)
        norms_.push_back(std::make_unique<LayerNorm>(name_ + ".norm" + std::to_string(number), settings.d_model, settings.norm_epsilon));
}

std::vector<Parameter*> TransformerLayer::parameters() {
    std::vector<Parameter*> all = attention_.parameters();
    const auto append = [&](const std::vector<Parameter*>& more) { all.insert(all.end(), more.begin(), more.end()); };
    if (cross_) append(cross_->parameters());
    append(feed_forward_.parameters());
    for (const auto& norm : norms_) append(norm->parameters());
    return all;
}

template <typename Sublayer>
Value TransformerLayer::residual(Value x, size_t number, Sublayer sublayer) {
    Graph& graph = *x.graph;
    const std::string digit = std::to_string(number);
    const auto norm = [&](Value value) { return graph.tap(norms_[number - 1]->forward(value), "norm" + digit); };
    const bool pre = settings_.norm == TransformerLayerSettings::Norm::pre;
    const Value y = dropout(sublayer(pre ? norm(x) : x), settings_.dropout);
    const Value sum = graph.tap(add(x, y), "add" + digit);
    return pre ? sum : norm(sum);
}

Value TransformerLayer::forward(Value x, const LayerPass& pass) {
    Graph& graph = *x.graph;
    const Scope scope(graph, name_);
    size_t number = 1;
    x = residual(x, number++, [&](Value value) { return attention_.self(value, pass.self); });
    if (cross_)
        x = residual(x, number++, [&](Value value) {
            const Scope inner(graph, "cross");
            return cross_->cross(value, pass.memory, pass.cross);
        });
    return residual(x, number, [&](Value value) { return feed_forward_.forward(value); });
}

}  // namespace trilens

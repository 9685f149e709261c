// FeedForward and TransformerLayer: an encoder's layer (attention, feed-forward) and a decoder's (causal attention, attention to the
// encoder, feed-forward), each sub-layer with a residual connection and layer norm. Vaswani et al. 2017, section 3.1 and figure 1.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/nn/multi_head_attention.h"
#include "engine/nn/norm_layers.h"

namespace trilens {

struct TransformerLayerSettings {
    int64_t d_model = 16, num_heads = 2, key_size = 8, d_ff = 64;
    // Where layer norm stands. post: norm(x + sublayer(x)), as in the paper. pre: x + sublayer(norm(x)), which trains deep stacks without a
    // warm-up (Xiong et al. 2020).
    enum class Norm { post, pre } norm = Norm::post;
    enum class Activation { relu, gelu } activation = Activation::relu;
    bool cross = false;  // also attends to an encoder's output
    bool rotary = false;  // positions by rotation, in self-attention
    float dropout = 0;  // of attention weights, hidden units and each sub-layer's output, as PyTorch's layers
    float norm_epsilon = 1e-5f;
    bool operator==(const TransformerLayerSettings&) const = default;
};

// W_2 f(W_1 x + b_1) + b_2, the same at every position. Taps "ff.sum" (before f) and "ff.hidden" [.., T, d_ff], "ff.out" [.., T, d_model].
class FeedForward {
public:
    // Parameters `name` + "ff.hidden.weight", .bias, "ff.out.weight", .bias; Glorot uniform, biases 0. Throws ValueError for a size below
    // 1.
    FeedForward(const std::string& name, const TransformerLayerSettings& settings, Random& random);
    FeedForward(const FeedForward&) = delete;
    FeedForward& operator=(const FeedForward&) = delete;

    Value forward(Value x);
    std::vector<Parameter*> parameters() { return {&hidden_weight_, &hidden_bias_, &out_weight_, &out_bias_}; }

private:
    TransformerLayerSettings::Activation activation_;
    float dropout_;
    Parameter hidden_weight_, hidden_bias_, out_weight_, out_bias_;
};

// What one pass through a layer is given besides its input.
struct LayerPass {
    Value memory{};  // the encoder's output [.., T_source, d_model]; cross only, and not needed where its keys are kept
    AttentionOptions self{}, cross{};
};

class TransformerLayer {
public:
    // `name` ("encoder.0") scopes its taps and begins its parameters' names ("encoder.0.q.weight"). Throws ValueError for sizes below 1,
    // dropout outside [0, 1) or norm_epsilon not above 0.
    TransformerLayer(std::string name, const TransformerLayerSettings& settings, Random& random);

    // x [.., T, d_model] -> the same shape. Taps of self-attention as they are ("q", "weights", "out", ..), of attention to the encoder
    // behind "cross.", "ff.*", and "add1", "norm1", "add2", "norm2" (with cross also "add3", "norm3"): the residual sums and norms in the
    // order in which they are computed.
    Value forward(Value x, const LayerPass& pass = {});
    std::vector<Parameter*> parameters();
    const TransformerLayerSettings& settings() const { return settings_; }

private:
    template <typename Sublayer>
    Value residual(Value x, size_t number, Sublayer sublayer);

    std::string name_;
    TransformerLayerSettings settings_;
    MultiHeadAttention attention_;
    std::optional<MultiHeadAttention> cross_;
    FeedForward feed_forward_;
    std::vector<std::unique_ptr<LayerNorm>> norms_;
};

}  // namespace trilens

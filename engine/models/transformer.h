// Transformer: what the Transformer room looks at and trains: an encoder (fill in the blank as BERT, or a class as ViT), a causal decoder
// (GPT), or both (translation). Vaswani et al. 2017; Devlin et al. 2019; Radford et al. 2018; Dosovitskiy et al. 2021.
//
// Batches (engine/data/data_set.h); tokens are floats, -1 after the end of a shorter sequence:
//   encoder, Head::every         inputs [N, T] tokens or [N, T, F] vectors, labels N * T classes, -1 where nothing is asked
//   encoder, Head::class_token   inputs the same, labels N classes
//   decoder                      inputs [N, T]; labels N * T, or none: every token's label is the token after it
//   encoder_decoder              inputs [N, T_source], targets [N, T_target] with the beginning's token first and the end's last
// One sequence may come without the batch's axis; what is tapped has none then.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/data/outcome.h"
#include "engine/models/transformer_stack.h"

namespace trilens {

struct TransformerPlan {
    enum class Kind { encoder, decoder, encoder_decoder } kind = Kind::encoder;
    int64_t vocabulary = 0;  // tokens read (the source's); 0: vectors
    int64_t target_vocabulary = 0;  // an encoder_decoder's; 0: `vocabulary`
    int64_t features = 0;  // of a vector read (the numbers of a patch); 0: d_model numbers, taken as they are
    TransformerLayerSettings
        layer{};  // d_model, num_heads, key_size, d_ff, norm, activation, dropout, norm_epsilon; the model itself sets cross and rotary
    int64_t layers = 2;  // of each stack
    Positions positions = Positions::sinusoidal;
    int64_t max_length = 64;  // learned positions: as many
    enum class Head { none, every, class_token } head = Head::every;  // of an encoder; a decoder's is every
    int64_t outputs = 0;  // classes; 0: the vocabulary of what is written
    bool scale_embedding = true;  // token vectors times sqrt(d_model)
    bool tied = false;  // scores are products with the embedding's own rows, without bias
    bool operator==(const TransformerPlan&) const = default;
};

// What is switched while the model is looked at.
struct TransformerLook {
    bool scaled = true;  // false: scores are not divided by sqrt(key_size)
    bool positions = true;  // false: no position is told
    enum class Where { encoder, decoder, cross };
    struct Head {
        Where where = Where::encoder;
        int64_t layer = 0, head = 0;
        HeadMode mode = HeadMode::off;
    };
    std::vector<Head> heads{};  // those that are not on; throws ValueError for one that is not there
};

// An encoder's output for a decoder.
struct Memory {
    Value states{};  // [.., T, d_model]; without a graph where every layer has kept its keys
    std::vector<int32_t> lengths{};
    int64_t steps = 0;
};

class Transformer {
public:
    // Weights drawn from `random`. Throws ValueError naming what makes no sense.
    Transformer(const TransformerPlan& plan, Random& random);
    Transformer(const Transformer&) = delete;
    Transformer& operator=(const Transformer&) = delete;

    const TransformerPlan& plan() const { return plan_; }
    // Those of the stacks ("encoder.embedding.weight", "encoder.0.q.weight", "decoder.0.cross.k.bias", ..: transformer_stack.h),
    // "logits.weight", "logits.bias".
    std::vector<Parameter*> parameters();

    // An encoder's or a decoder's scores: [N, T, outputs] or [T, outputs]; with a class token [N, outputs] or [1, outputs]; with Head::none
    // the last layer's [N, T, d_model] or [T, d_model]. Taps those of transformer_stack.h, "logits" and, unless the graph trains,
    // "probabilities".
    // Throws ShapeError or ValueError; so do the others.
    Value forward(Graph& graph, const Tensor& inputs, const TransformerLook& look = {});
    // An encoder_decoder's: `target` is what the decoder reads, beginning with the beginning's token.
    Value forward(Graph& graph, const Tensor& source, const Tensor& target, const TransformerLook& look = {});

    // The halves of these. With `kept`, `tokens` follow those whose keys are kept, and theirs are kept with them (decoding.h).
    Memory encode(Graph& graph, const Tensor& source, const TransformerLook& look = {});
    Value decode(Graph& graph, const Tensor& tokens, const Memory& memory = {}, const TransformerLook& look = {},
                 KeptLayers* kept = nullptr);

    // For a Trainer: mean cross-entropy; the scores, a row for each label, and where the batch has no labels the next tokens that are.
    Outcome loss(Graph& graph, const Batch& batch);

private:
    Value scores(Value states);
    std::vector<std::vector<HeadMode>> modes(const TransformerLook& look, TransformerLook::Where where) const;

    TransformerPlan plan_;
    std::unique_ptr<TransformerStack> encoder_, decoder_;
    Parameter logits_weight_, logits_bias_;
};

}  // namespace trilens

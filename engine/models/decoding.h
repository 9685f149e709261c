// Decoding: a causal model writes token after token. Keys and values of the tokens so far are kept, so that each new token costs one row
// instead of the whole prefix anew, with the same bits: a row of a product, of softmax and of layer norm is computed in one order whatever
// rows stand beside it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/models/sampling.h"
#include "engine/models/transformer.h"

namespace trilens {

// One text in the making. Copies go on independently (the branches of a beam search) and share what they have kept.
class Decoder {
public:
    // A decoder alone (GPT). Throws ValueError for a model without one, or with an encoder. The model must outlive it.
    explicit Decoder(Transformer& model, const TransformerLook& look = {});
    // A decoder with its encoder, which reads source [T] once. Throws as Transformer::encode.
    Decoder(Transformer& model, const Tensor& source, const TransformerLook& look = {});

    // Reads these tokens and returns the scores [vocabulary] of the token after the last. The second form leaves the pass in a graph of the
    // caller's, where queries are those of the new tokens and keys those of all. Throws ValueError for no tokens or one outside the
    // vocabulary.
    Tensor append(std::span<const int32_t> tokens);
    Tensor append(std::span<const int32_t> tokens, Graph& graph);
    int64_t length() const { return kept_.length(); }  // tokens read
    const Tensor& memory() const { return memory_; }  // the encoder's output [T_source, d_model], or empty

private:
    Transformer* model_;
    TransformerLook look_;
    Tensor memory_;
    std::vector<int32_t> memory_lengths_;
    KeptLayers kept_;
};

// A text with what it is worth.
struct Hypothesis {
    std::vector<int32_t> tokens;  // after the prompt; with the end's token, if it came to its end
    double log_probability = 0;  // the sum of the log probabilities of its tokens
    double score = 0;  // what hypotheses are ranked by: log_probability / length penalty
    bool finished = false;
};

struct DecodingSettings {
    int32_t end = -1;  // the token that ends a text; -1: none
    int64_t max_tokens = 64;  // a text has at most so many
};

// Writes one token after the other, each drawn from next_token_distribution; temperature 0 is greedy decoding. `scores` is not divided by a
// length.
// Throws ValueError for an empty prompt or fewer than one token.
Hypothesis generate(Decoder decoder, std::span<const int32_t> prompt, const DecodingSettings& settings, const Sampling& sampling,
                    Random& random);
Hypothesis generate_greedily(Decoder decoder, std::span<const int32_t> prompt, const DecodingSettings& settings);

// Beam search: of all texts that are one token longer only the best `width` are kept. Length penalty ((5 + length) / 6)^alpha: Wu et al.
// 2016, equation 14.
class BeamSearch {
public:
    // Throws ValueError for a width below 1, alpha below 0, and as generate().
    BeamSearch(Decoder decoder, std::span<const int32_t> prompt, int64_t width, float alpha, const DecodingSettings& settings);

    // Makes the texts one token longer; returns whether there is more to do. It ends when the best `width` have ended, or at max_tokens.
    bool step();
    bool done() const;
    // At most `width` texts, the best first; of equals the one whose earlier tokens were ranked higher, then the lower token number.
    const std::vector<Hypothesis>& beams() const { return beams_; }

private:
    DecodingSettings settings_;
    size_t width_;
    double alpha_;
    std::vector<Hypothesis> beams_;
    std::vector<Decoder> decoders_;  // one a beam
    std::vector<std::vector<float>> log_probabilities_;  // of the next token of each beam; empty for one that has ended
    int64_t steps_ = 0;
};

}  // namespace trilens

// TransformerStack: an encoder or a decoder from what it reads (tokens or vectors, with their positions) through its layers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/nn/transformer_layers.h"

namespace trilens {

enum class Positions { none, sinusoidal, learned, rotary };

struct StackSettings {
    std::string name = "encoder";     // "encoder", "decoder": before all taps and parameters
    int64_t vocabulary = 0;           // number of tokens; 0: vectors are read
    int64_t features = 0;             // of a vector that is projected to d_model; 0: d_model numbers, taken as they are
    bool class_token = false;         // a learned vector stands before the sequence
    int64_t layers = 1;
    TransformerLayerSettings layer{};
    Positions positions = Positions::sinusoidal;
    int64_t max_length = 64;          // learned positions: as many, the class token's included
    bool scale_embedding = true;      // token vectors times sqrt(d_model), Vaswani et al. 2017, section 3.4
};

// Keys and values of a decoder's tokens so far, of each layer.
struct KeptLayers {
    std::vector<KeptKeys> self, cross;
    int64_t length() const { return self.empty() ? 0 : self[0].length(); }
};

// What one pass through a stack is given besides its input.
struct StackPass {
    bool causal = false;
    Value memory{};                                  // [.., T_source, d_model]; a decoder's, unless its keys are kept
    std::vector<int32_t> memory_lengths{};           // of each source sequence; empty: as long as memory
    int64_t memory_steps = 0;                        // T_source; 0: no memory
    bool scaled = true, positions = true;            // see TransformerLook (transformer.h)
    std::vector<std::vector<HeadMode>> self_heads{}, cross_heads{};   // of each layer; empty: all on
    KeptLayers* kept = nullptr;
};

class TransformerStack {
public:
    // Throws ValueError naming what makes no sense.
    TransformerStack(const StackSettings& settings, Random& random);
    TransformerStack(const TransformerStack&) = delete;
    TransformerStack& operator=(const TransformerStack&) = delete;

    // Tokens [N, T] or [T], -1 after the end of a shorter sequence, or vectors [N, T, F] or [T, F] -> [N, T, d_model] or [T, d_model] (T +
    // 1 with a class token).
    // Taps NAME.embedding (vectors: NAME.vectors, what was given, and NAME.embedding, their projection), NAME.positions [T, d_model] where
    // they are added, NAME.input: what the first layer reads; NAME.mask, NAME.cross_mask where keys are hidden; all taps of its layers
    // behind NAME.0, NAME.1, ..;
    // with pre-norm NAME.norm, the norm after the last layer. `lengths`, if asked for: of each sequence, the class token included.
    // Throws ShapeError, or ValueError for a token that is none.
    Value forward(Graph& graph, const Tensor& inputs, const StackPass& pass, std::vector<int32_t>* lengths = nullptr);

    // NAME.embedding.weight [vocabulary, d_model] or [d_model, F] with .bias, NAME.class_token [1, d_model], NAME.positions.weight, the
    // layers', NAME.norm.*
    std::vector<Parameter*> parameters();
    Parameter& table() { return embedding_; }  // of token vectors
    const StackSettings& settings() const { return settings_; }

private:
    Value embed(Graph& graph, const Tensor& inputs, std::vector<int32_t>& lengths);
    Value with_class_token(Value x);
    Value with_positions(Value x, int64_t first);

    StackSettings settings_;
    Parameter embedding_, embedding_bias_, class_token_, positions_;
    std::vector<std::unique_ptr<TransformerLayer>> layers_;
    std::unique_ptr<LayerNorm> norm_;
};

}  // namespace trilens

// MultiHeadAttention: projections to heads, scaled dot-product attention in each, and the way back. Vaswani et al. 2017, section 3.2.2.
#pragma once

#include <vector>

#include "engine/autograd/attention.h"
#include "engine/nn/layer.h"

namespace trilens {

struct AttentionSizes {
    int64_t d_model = 16;   // width of what comes in and goes out
    int64_t num_heads = 2;
    int64_t key_size = 8;   // of each head's queries, keys and values; any size (in the paper d_model / num_heads)
    bool rotary = false;    // self-attention: queries and keys turned by their position (autograd/positions.h)
    float dropout = 0;      // of the weights, while the graph trains
};

// Keys and values of the tokens so far, so that the next ones need not compute them anew. Copies share what they hold.
struct KeptKeys {
    Tensor keys, values;    // [heads, T, key_size], after the rotation; no elements before the first token
    int64_t length() const { return keys.rank() < 2 ? 0 : keys.extent(-2); }
};

struct AttentionOptions {
    Value mask{};                    // attention_mask(), or none
    bool scaled = true;              // false: scores are not divided by sqrt(key_size)
    bool rotated = true;             // false: without the rotation of a rotary layer
    std::vector<HeadMode> heads{};   // one a head, or empty: all on
    KeptKeys* kept = nullptr;        // self: new keys and values are put behind those kept; cross: kept ones are used, or else kept
};

class MultiHeadAttention {
public:
    // `name` begins the parameters' names: "encoder.0." gives encoder.0.q.weight, .q.bias, k, v, out. Glorot uniform, biases 0.
    // Throws ValueError for a size below 1 or an odd key_size with rotary.
    MultiHeadAttention(const std::string& name, const AttentionSizes& sizes, Random& random);
    MultiHeadAttention(const MultiHeadAttention&) = delete;
    MultiHeadAttention& operator=(const MultiHeadAttention&) = delete;

    // x [T, d_model] or [N, T, d_model] -> the same shape. Taps under the open scopes, without N for a single sequence:
    //   "q", "k", "v" [N, heads, T, key_size], with rotary also "q_rotated", "k_rotated"; with kept keys "k_all", "v_all": old and new
    //   "scores" q.k, "scaled", "weights" [N, heads, Tq, Tk], "heads" [N, heads, Tq, key_size], "out" [N, Tq, d_model]
    Value self(Value x, const AttentionOptions& options = {});
    // Queries of x [.., Tq, d_model], keys and values of memory [.., Tk, d_model] (not needed where they are kept).
    Value cross(Value x, Value memory, const AttentionOptions& options = {});

    std::vector<Parameter*> parameters();
    const AttentionSizes& sizes() const { return sizes_; }

private:
    struct Projection {
        Parameter weight, bias;
    };
    Value project(Value x, Projection& projection, const char* name);
    Value attend(Value q, Value k, Value v, const AttentionOptions& options);

    AttentionSizes sizes_;
    Projection query_, key_, value_, out_;
};

}  // namespace trilens

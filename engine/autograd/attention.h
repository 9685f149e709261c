// Scaled dot-product attention over several heads, in the operations that are not products or sums of their own:
//     head_h = softmax(q_h k_h^T / sqrt(d_k)) v_h,    out = [head_1 .. head_H] W_o^T + b_o        Vaswani et al. 2017, section 3.2
// q k^T and weights v are matmul, the division is scale. Sequences are [T, F] or, in a batch, [N, T, F]; what belongs to heads is [heads,
// T, d] or [N, heads, T, d].
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/autograd/graph.h"

namespace trilens {

// x [.., T, F], weight [heads * d, F], bias [heads * d] -> [.., heads, T, d]: y = x W^T + b, cut into heads. Throws ShapeError, or
// ValueError for fewer than one head.
Value project_to_heads(Value x, Value weight, Value bias, int64_t heads);

// x [.., heads, T, d], weight [F, heads * d], bias [F] -> [.., T, F]: the heads side by side, y = x W^T + b. Throws ShapeError.
Value project_from_heads(Value x, Value weight, Value bias);

// Which keys a query may see.
struct AttentionMask {
    bool causal = false;  // only those not after it
    int64_t first_query = 0;  // causal: the key that the first query stands at; above 0 while decoding with kept keys
    std::vector<int32_t> key_lengths{};  // of each sequence of the batch: keys from there on are padding; empty: none are
};

// [queries, keys], or [N, queries, keys] where there is more than one length: 1 where the query may see the key, 0 where it is masked. A
// Value without a graph if nothing is masked. Throws ValueError for a length outside [0, keys] or a negative extent.
Value attention_mask(Graph& graph, const AttentionMask& mask, int64_t queries, int64_t keys);

// What a head does: `off` gives zeros (switch_heads), `uniform` looks at every key it may see with the same weight, whatever the scores.
enum class HeadMode { on, off, uniform };

// scores [.., heads, queries, keys] -> weights of the same shape: softmax over the keys that `mask` (as above, or without a graph) allows.
// Masked keys have the weight 0 exactly, and no bit of a weight depends on them. A query that sees nothing has only weights of 0. `heads`:
// one mode a head, or empty: all on.
// Throws ShapeError.
Value masked_softmax(Value scores, Value mask = {}, std::span<const HeadMode> heads = {});

// x [.., heads, T, d] with zeros for the heads that are off. Throws ShapeError if there is not one mode a head.
Value switch_heads(Value x, std::span<const HeadMode> heads);

}  // namespace trilens

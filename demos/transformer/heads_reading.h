// HeadsReading: one layer's attention as it is in the graph: its tensors, and what a row of a head's map is made of. Nothing here computes
// attention anew but entropies: softmax_row() repeats one row, so that its parts can be shown.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "demos/transformer/workbench.h"
#include "engine/autograd/graph.h"

namespace trilens {

// What is done to a query's product with a key, in this order.
enum class AttentionStage { scores, scaled, mask, weights };
inline constexpr size_t attention_stage_count = 4;

struct HeadsReading {
    // Of a layer (from 0) that the network has. Throws ValueError if it is not in the graph.
    HeadsReading(const Graph& graph, TransformerLook::Where where, int64_t layer);

    std::string prefix;  // "transformer.encoder.0."
    std::string q_name, k_name,
        mask_name;  // of the nodes multiplied (with rotary positions the turned ones); no mask_name: nothing is masked
    Tensor q, k, v, scores, scaled, weights, out;  // [heads, T, d_k], [heads, Tq, Tk], [Tq, d_model], before them perhaps an axis of 1
    Tensor mask;  // [Tq, Tk], 1: may be seen; no elements where all may
    int64_t heads = 0, queries = 0, keys = 0, key_size = 0;
    float factor = 1;  // scores times this are `scaled`

    bool seen(int64_t query, int64_t key) const { return mask.empty() || mask.data()[query * keys + key] != 0; }
    int64_t keys_seen(int64_t query) const;
    int64_t flat(int64_t head, int64_t query, int64_t key) const { return (head * queries + query) * keys + key; }
    std::span<const float> row(const Tensor& maps, int64_t head, int64_t query) const {
        return {maps.data() + flat(head, query, 0), static_cast<size_t>(keys)};
    }
    std::span<const float> map(const Tensor& maps, int64_t head) const {
        return {maps.data() + flat(head, 0, 0), static_cast<size_t>(queries * keys)};
    }
    // The map of a stage: for `mask` that of all heads.
    std::span<const float> map(AttentionStage stage, int64_t head) const;
    // The node of a stage and its element; the mask's only where there is one.
    std::string node(AttentionStage stage) const;
    int64_t element(AttentionStage stage, int64_t head, int64_t query, int64_t key) const;
};

// Softmax of a row of `scaled` scores over the keys seen: weight_j = exp(x_j - largest) / total.
struct SoftmaxRow {
    float largest = 0, total = 0;
    std::vector<float> exponentials, weights;  // 0 for masked keys
};
SoftmaxRow softmax_row(std::span<const float> x, std::span<const float> mask);  // mask: as long as x, or empty

// Each row of a map relative to its own greatest weight: the first rows of a causal map have few keys and so great weights that the others
// would not be seen.
std::vector<float> relative_to_rows(std::span<const float> map, int64_t columns);

// -sum w ln w, in nats: 0 where all weight is on one key, ln n where it is equal on n.
float entropy(std::span<const float> weights);

}  // namespace trilens

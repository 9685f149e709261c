// LayerStages: what one layer computes for its tokens, read off the graph in the order of computation, with what the stack adds before its
// first layer and after its last. Vaswani et al. 2017, figure 1; the order of pre-norm networks is that of Xiong et al. 2020.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "demos/transformer/workbench.h"
#include "engine/autograd/graph.h"

namespace trilens {

// One vector for each token, in a tensor [.., T, d], or [.., heads, T, d] with the heads' vectors beside each other.
struct TokenVectors {
    Tensor tensor;  // no elements: there is none
    int64_t steps = 0, size = 0, width = 0;  // width: heads * size
    int64_t first = 0;  // the first element used: of one head's map, if it is not all of them
    int64_t before = 0;  // tokens that have no such vector: a class token has no patch

    bool has(int64_t token) const { return !tensor.empty() && token >= before && token < before + steps; }
    int64_t flat(int64_t token, int64_t column) const { return first + (column / size * steps + token - before) * size + column % size; }
    std::vector<float> row(int64_t token) const;
    float greatest(int64_t token) const;  // magnitude; token -1: of all of them
};
TokenVectors token_vectors(const Tensor& tensor);

// One value on a token's way.
struct StageRow {
    enum class Kind {
        vectors,
        embedding,
        positions,
        input,
        earlier,  // earlier: what the layer before gave
        norm,
        q,
        k,
        v,
        q_rotated,
        k_rotated,
        weights,
        heads,
        out,
        add,
        ff_sum,
        ff_hidden,
        ff_out,
    } kind;
    std::string node;
};
// Rows that are compared with each other share one scale. In a pre-norm layer norms and what a sub-layer adds are no part of the stream,
// which outgrows them.
enum class StageScale { stream, attention, hidden, norm, added, weights };
StageScale scale_of(StageRow::Kind kind, bool pre);

// A sub-layer with its residual connection, or what stands before all of them or after.
struct StageBlock {
    enum class Kind { start, self, cross, feed_forward, end } kind;
    std::vector<StageRow> rows;
    std::string residual;  // what is added to the sub-layer's output: the last row of the block before; start, end: empty
};

struct LayerStages {
    // Of the encoder or the decoder (cross: the decoder), layer from 0. Throws ValueError where the graph has no such layer.
    LayerStages(const Graph& graph, TransformerLook::Where where, int64_t layer);
    static bool are_there(const Graph& graph, TransformerLook::Where where, int64_t layer);

    std::string stack, prefix;  // "transformer.encoder.", "transformer.encoder.0."
    bool pre = false;  // pre-norm: the norms stand before their sub-layers
    std::vector<StageBlock> blocks;

    const std::string& output() const { return blocks.back().rows.back().node; }
};

// The vectors of a node, or of its gradient; of "weights" those of one head. `tokens`: how many the stack has.
TokenVectors vectors_of(const Graph& graph, const StageRow& row, bool gradient, int64_t head, int64_t tokens);

// The states that the sub-layers of all layers hand on, from the first layer's input to the stack's output.
std::vector<std::string> residual_stream(const Graph& graph, TransformerLook::Where where, int64_t layers);

// What layer norm did to one token: y = (x - mean) / sqrt(variance + epsilon) * gamma + beta. Ba, Kiros, Hinton 2016, equation 4.
struct NormReading {
    // `node` is that of a layer norm. Throws ValueError for another.
    NormReading(const Graph& graph, std::string_view node, int64_t token, float epsilon);

    std::string input, gamma, beta, output;  // nodes; input may be the number of one that has no name
    std::vector<float> x, gammas, betas, y;
    float mean = 0, inverse = 0;  // as the layer computed them; inverse: 1 / sqrt(variance + epsilon)
    double variance = 0;  // the biased one
};

}  // namespace trilens

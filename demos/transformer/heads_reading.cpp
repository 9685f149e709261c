// Names of taps: engine/nn/multi_head_attention.h.
#include "demos/transformer/heads_reading.h"

#include <algorithm>

#include "engine/math.h"

namespace trilens {

namespace {

const Tensor& tensor_of(const Graph& graph, const std::string& name) { return graph.find(name).tensor(); }

}  // namespace

HeadsReading::HeadsReading(const Graph& graph, TransformerLook::Where where, int64_t layer)
    : prefix(TransformerWorkbench::prefix(where, layer)) {
    q_name = prefix + (graph.contains(prefix + "q_rotated") ? "q_rotated" : "q");
    k_name = prefix + (graph.contains(prefix + "k_rotated") ? "k_rotated" : "k");
    q = tensor_of(graph, q_name);
    k = tensor_of(graph, k_name);
    v = tensor_of(graph, prefix + "v");
    scores = tensor_of(graph, prefix + "scores");
    scaled = tensor_of(graph, prefix + "scaled");
    weights = tensor_of(graph, prefix + "weights");
    out = tensor_of(graph, prefix + "out");
    heads = weights.extent(-3);
    queries = weights.extent(-2);
    keys = weights.extent(-1);
    key_size = q.extent(-1);
    const std::string stack = where == TransformerLook::Where::encoder ? "transformer.encoder." : "transformer.decoder.";
    const std::string name = stack + (where == TransformerLook::Where::cross ? "cross_mask" : "mask");
    if (graph.contains(name)) {
        mask_name = name;
        mask = tensor_of(graph, name);
    }
    // scale() has one operand, its factor.
    const Explanation first = graph.explain(graph.find(prefix + "scaled").node, 0);
    if (!first.terms.empty()) factor = first.terms[0].factor;
}

int64_t HeadsReading::keys_seen(int64_t query) const {
    if (mask.empty()) return keys;
    const float* row = mask.data() + query * keys;
    return std::count_if(row, row + keys, [](float each) { return each != 0; });
}

std::string HeadsReading::node(AttentionStage stage) const {
    if (stage == AttentionStage::mask) return mask_name;
    return prefix + (stage == AttentionStage::scores ? "scores" : stage == AttentionStage::scaled ? "scaled" : "weights");
}

int64_t HeadsReading::element(AttentionStage stage, int64_t head, int64_t query, int64_t key) const {
    return stage == AttentionStage::mask ? query * keys + key : flat(head, query, key);
}

std::span<const float> HeadsReading::map(AttentionStage stage, int64_t head) const {
    switch (stage) {
    case AttentionStage::scores: return map(scores, head);
    case AttentionStage::scaled: return map(scaled, head);
    case AttentionStage::mask: return mask.values();
    case AttentionStage::weights: break;
    }
    return map(weights, head);
}

SoftmaxRow softmax_row(std::span<const float> x, std::span<const float> mask) {
    SoftmaxRow row;
    row.exponentials.assign(x.size(), 0.0f);
    row.weights.assign(x.size(), 0.0f);
    const auto seen = [&](size_t j) { return mask.empty() || mask[j] != 0; };
    bool any = false;
    for (size_t j = 0; j < x.size(); ++j)
        if (seen(j)) row.largest = any ? std::max(row.largest, x[j]) : x[j], any = true;
    for (size_t j = 0; j < x.size(); ++j)
        if (seen(j)) row.total += row.exponentials[j] = math::exp(x[j] - row.largest);
    for (size_t j = 0; j < x.size(); ++j)
        if (seen(j)) row.weights[j] = row.exponentials[j] / row.total;
    return row;
}

std::vector<float> relative_to_rows(std::span<const float> map, int64_t columns) {
    std::vector<float> out(map.begin(), map.end());
    for (size_t from = 0; from < out.size(); from += static_cast<size_t>(columns)) {
        const std::span<float> row = std::span(out).subspan(from, static_cast<size_t>(columns));
        const float greatest = std::ranges::max(row);
        if (greatest > 0)
            for (float& weight : row) weight /= greatest;
    }
    return out;
}

float entropy(std::span<const float> weights) {
    float sum = 0;
    for (const float weight : weights)
        if (weight > 0) sum -= weight * math::log(weight);
    return std::max(sum, 0.0f);
}

}  // namespace trilens

// The names are those of engine/nn/transformer_layers.h and engine/models/transformer_stack.h; where the norm stands is read off the graph
// too.
#include "demos/transformer/layer_stages.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "demos/widgets/inspector.h"
#include "engine/errors.h"
#include "engine/kernels/norm.h"

namespace trilens {

namespace {

using Kind = StageRow::Kind;
using Where = TransformerLook::Where;

struct TapName {
    Kind kind;
    const char* tap;
};
constexpr TapName attention_taps[] = {
    {Kind::q, "q"},
    {Kind::k, "k"},
    {Kind::v, "v"},
    {Kind::q_rotated, "q_rotated"},
    {Kind::k_rotated, "k_rotated"},
    {Kind::weights, "weights"},
    {Kind::heads, "heads"},
    {Kind::out, "out"},
};
constexpr TapName feed_forward_taps[] = {{Kind::ff_sum, "ff.sum"}, {Kind::ff_hidden, "ff.hidden"}, {Kind::ff_out, "ff.out"}};

Where self_of(Where where) { return where == Where::encoder ? Where::encoder : Where::decoder; }

// The number of the last sub-layer: with cross-attention there are three.
int last_number(const Graph& graph, const std::string& prefix) { return graph.contains(prefix + "add3") ? 3 : 2; }

// Post-norm layers hand on what the norm gives, pre-norm ones the sum. The stack ends with a norm of its own only with pre-norm.
std::string handed_on(const std::string& prefix, bool pre, int number) { return prefix + (pre ? "add" : "norm") + std::to_string(number); }

std::vector<StageRow> taken(const Graph& graph, const std::string& prefix, std::span<const TapName> taps, bool of_keys = true) {
    std::vector<StageRow> rows;
    for (const TapName& each : taps) {
        const bool key = each.kind == Kind::k || each.kind == Kind::v || each.kind == Kind::k_rotated;
        if ((of_keys || !key) && graph.contains(prefix + each.tap)) rows.push_back({each.kind, prefix + each.tap});
    }
    return rows;
}

StageBlock start_of(const Graph& graph, const std::string& stack, int64_t layer, bool pre) {
    StageBlock block{StageBlock::Kind::start, {}, {}};
    if (layer > 0) {
        const std::string before = stack + std::to_string(layer - 1) + ".";
        block.rows.push_back({Kind::earlier, handed_on(before, pre, last_number(graph, before))});
        return block;
    }
    constexpr TapName taps[] = {
        {Kind::vectors, "vectors"}, {Kind::embedding, "embedding"}, {Kind::positions, "positions"}, {Kind::input, "input"}};
    block.rows = taken(graph, stack, taps);
    // Vectors that are given and projected are of another width: the embedding is where the way begins.
    if (graph.contains(stack + "embedding")) std::erase_if(block.rows, [](const StageRow& row) { return row.kind == Kind::vectors; });
    return block;
}

}  // namespace

std::vector<float> TokenVectors::row(int64_t token) const {
    std::vector<float> out(static_cast<size_t>(width));
    for (int64_t column = 0; column < width; ++column) out[static_cast<size_t>(column)] = tensor.data()[flat(token, column)];
    return out;
}

float TokenVectors::greatest(int64_t token) const {
    float most = 0;
    if (token >= 0 && !has(token)) return most;
    for (int64_t step = token < 0 ? before : token; step < (token < 0 ? before + steps : token + 1); ++step)
        for (int64_t column = 0; column < width; ++column) {
            const float value = std::fabs(tensor.data()[flat(step, column)]);
            if (std::isfinite(value)) most = std::max(most, value);
        }
    return most;
}

// [T, d] and [1, T, d] are one vector a token; [H, T, d] is H of them. A batch is one sequence here.
TokenVectors token_vectors(const Tensor& tensor) {
    TokenVectors out;
    if (tensor.empty() || tensor.rank() < 2) return out;
    out.tensor = tensor;
    out.steps = tensor.extent(-2);
    out.size = tensor.extent(-1);
    out.width = tensor.elements() / std::max<int64_t>(out.steps, 1);
    return out;
}

StageScale scale_of(Kind kind, bool pre) {
    switch (kind) {
    case Kind::norm: return pre ? StageScale::norm : StageScale::stream;
    case Kind::out:
    case Kind::ff_out: return pre ? StageScale::added : StageScale::stream;
    case Kind::q:
    case Kind::k:
    case Kind::v:
    case Kind::q_rotated:
    case Kind::k_rotated:
    case Kind::heads: return StageScale::attention;
    case Kind::ff_sum:
    case Kind::ff_hidden: return StageScale::hidden;
    case Kind::weights: return StageScale::weights;
    default: return StageScale::stream;
    }
}

bool LayerStages::are_there(const Graph& graph, Where where, int64_t layer) {
    return graph.contains(TransformerWorkbench::prefix(self_of(where), layer) + "norm2");
}

LayerStages::LayerStages(const Graph& graph, Where where, int64_t layer)
    : stack(where == Where::encoder ? "transformer.encoder." : "transformer.decoder."),
      prefix(TransformerWorkbench::prefix(self_of(where), layer)) {
    if (!are_there(graph, where, layer)) throw ValueError("the graph has no " + prefix + "norm2, expected a layer of the network");
    pre = graph.find(prefix + "norm1").node < graph.find(prefix + "q").node;
    blocks.push_back(start_of(graph, stack, layer, pre));
    const int last = last_number(graph, prefix);
    for (int number = 1; number <= last; ++number) {
        const auto kind = number == last ? StageBlock::Kind::feed_forward : number == 2 ? StageBlock::Kind::cross : StageBlock::Kind::self;
        const std::string digit = std::to_string(number);
        StageBlock block{kind, {}, blocks.back().rows.back().node};
        if (pre) block.rows.push_back({Kind::norm, prefix + "norm" + digit});
        const std::vector<StageRow> inner = kind == StageBlock::Kind::feed_forward ? taken(graph, prefix, feed_forward_taps)
                                            : kind == StageBlock::Kind::cross      ? taken(graph, prefix + "cross.", attention_taps, false)
                                                                                   : taken(graph, prefix, attention_taps);
        block.rows.insert(block.rows.end(), inner.begin(), inner.end());
        block.rows.push_back({Kind::add, prefix + "add" + digit});
        if (!pre) block.rows.push_back({Kind::norm, prefix + "norm" + digit});
        blocks.push_back(std::move(block));
    }
    if (pre && graph.contains(stack + "norm") && !graph.contains(stack + std::to_string(layer + 1) + ".norm1"))
        blocks.push_back({StageBlock::Kind::end, {{Kind::norm, stack + "norm"}}, {}});
}

TokenVectors vectors_of(const Graph& graph, const StageRow& row, bool gradient, int64_t head, int64_t tokens) {
    if (!graph.contains(row.node)) return {};
    const Node& node = graph.node(graph.find(row.node).node);
    TokenVectors out = token_vectors(gradient ? node.gradient : node.value);
    if (out.tensor.empty()) return out;
    if (row.kind == Kind::weights) {
        out.width = out.size;
        out.first = std::clamp<int64_t>(head, 0, out.tensor.extent(-3) - 1) * out.steps * out.size;
    }
    if (row.kind == Kind::vectors || row.kind == Kind::embedding) out.before = std::max<int64_t>(0, tokens - out.steps);
    return out;
}

std::vector<std::string> residual_stream(const Graph& graph, Where where, int64_t layers) {
    std::vector<std::string> nodes;
    for (int64_t layer = 0; layer < layers && LayerStages::are_there(graph, where, layer); ++layer) {
        const LayerStages stages(graph, where, layer);
        for (const StageBlock& block : stages.blocks)
            if (layer == 0 || block.kind != StageBlock::Kind::start) nodes.push_back(block.rows.back().node);
    }
    return nodes;
}

NormReading::NormReading(const Graph& graph, std::string_view node, int64_t token, float epsilon) : output(node) {
    const Node& norm = graph.node(graph.find(node).node);
    if (norm.operation != "layer_norm") throw ValueError(output + " is of the operation " + norm.operation + ", expected layer_norm");
    const TokenVectors from = token_vectors(graph.node(norm.inputs[0]).value), to = token_vectors(norm.value);
    if (!to.has(token))
        throw ValueError(output + " has no token " + std::to_string(token) + ", expected 0 to " + std::to_string(to.steps - 1));
    input = node_name(graph, norm.inputs[0]);
    gamma = node_name(graph, norm.inputs[1]);
    beta = node_name(graph, norm.inputs[2]);
    x = from.row(token);
    y = to.row(token);
    const auto all = [&](int of) { return std::vector<float>(graph.node(of).value.values().begin(), graph.node(of).value.values().end()); };
    gammas = all(norm.inputs[1]);
    betas = all(norm.inputs[2]);
    std::vector<float> again(x.size());
    kernels::layer_norm_forward({1, static_cast<int64_t>(x.size()), epsilon}, x.data(), gammas.data(), betas.data(), again.data(), &mean,
                                &inverse);
    for (const float value : x) {
        const double aside = static_cast<double>(value) - static_cast<double>(mean);
        variance += aside * aside / static_cast<double>(x.size());
    }
}

}  // namespace trilens

// The figure of the paper, one node a step: every step is tapped.
#include "engine/nn/multi_head_attention.h"

#include <algorithm>

#include "engine/autograd/dropout.h"
#include "engine/autograd/elementwise.h"
#include "engine/autograd/linear.h"
#include "engine/autograd/positions.h"
#include "engine/autograd/shape.h"
#include "engine/math.h"
#include "engine/nn/initialization.h"

namespace trilens {
namespace {

void check(const std::string& name, const AttentionSizes& sizes) {
    if (sizes.d_model < 1 || sizes.num_heads < 1 || sizes.key_size < 1)
        throw ValueError(name + "attention: d_model " + std::to_string(sizes.d_model) + ", " + std::to_string(sizes.num_heads) +
                         " heads of key size " + std::to_string(sizes.key_size) + ", expected at least 1 each");
    if (sizes.rotary && sizes.key_size % 2 != 0)
        throw ValueError(name + "attention: key size " + std::to_string(sizes.key_size) + ", expected an even one to be rotated");
}

}  // namespace

MultiHeadAttention::MultiHeadAttention(const std::string& name, const AttentionSizes& sizes, Random& random) : sizes_(sizes) {
    check(name, sizes);
    const int64_t width = sizes.num_heads * sizes.key_size;
    const auto projection = [&](const char* part, int64_t inputs, int64_t outputs) {
        const std::string full = name + part;
        return Projection{{full + ".weight", glorot_uniform(Shape{outputs, inputs}, inputs, outputs, random), Tensor()},
                          {full + ".bias", Tensor(Shape{outputs}), Tensor()}};
    };
    query_ = projection("q", sizes.d_model, width);
    key_ = projection("k", sizes.d_model, width);
    value_ = projection("v", sizes.d_model, width);
    out_ = projection("out", width, sizes.d_model);
}

std::vector<Parameter*> MultiHeadAttention::parameters() {
    return {&query_.weight, &query_.bias, &key_.weight, &key_.bias, &value_.weight, &value_.bias, &out_.weight, &out_.bias};
}

Value MultiHeadAttention::project(Value x, Projection& projection, const char* name) {
    Graph& graph = *x.graph;
    return graph.tap(project_to_heads(x, graph.parameter(projection.weight), graph.parameter(projection.bias), sizes_.num_heads), name);
}

Value MultiHeadAttention::self(Value x, const AttentionOptions& options) {
    Graph& graph = *x.graph;
    const int64_t before = options.kept ? options.kept->length() : 0;
    Value q = project(x, query_, "q"), k = project(x, key_, "k"), v = project(x, value_, "v");
    if (sizes_.rotary && options.rotated) {
        q = graph.tap(rotate_by_position(q, before), "q_rotated");
        k = graph.tap(rotate_by_position(k, before), "k_rotated");
    }
    if (before > 0) {
        const Value keys[] = {graph.input(options.kept->keys, "k_kept"), k}, values[] = {graph.input(options.kept->values, "v_kept"), v};
        k = graph.tap(concat(keys, -2), "k_all");
        v = graph.tap(concat(values, -2), "v_all");
    }
    if (options.kept) *options.kept = {k.tensor(), v.tensor()};
    return attend(q, k, v, options);
}

Value MultiHeadAttention::cross(Value x, Value memory, const AttentionOptions& options) {
    Graph& graph = *x.graph;
    const Value q = project(x, query_, "q");
    if (options.kept && options.kept->length() > 0)
        return attend(q, graph.input(options.kept->keys, "k"), graph.input(options.kept->values, "v"), options);
    const Value k = project(memory, key_, "k"), v = project(memory, value_, "v");
    if (options.kept) *options.kept = {k.tensor(), v.tensor()};
    return attend(q, k, v, options);
}

Value MultiHeadAttention::attend(Value q, Value k, Value v, const AttentionOptions& options) {
    Graph& graph = *q.graph;
    const Value scores = graph.tap(matmul(q, k, false, true), "scores");
    const float factor = options.scaled ? 1 / math::sqrt(static_cast<float>(sizes_.key_size)) : 1.0f;
    const Value scaled = graph.tap(scale(scores, factor), "scaled");
    const Value weights = graph.tap(masked_softmax(scaled, options.mask, options.heads), "weights");
    Value heads = matmul(dropout(weights, sizes_.dropout), v);
    if (std::ranges::find(options.heads, HeadMode::off) != options.heads.end()) heads = switch_heads(heads, options.heads);
    graph.tap(heads, "heads");
    return graph.tap(project_from_heads(heads, graph.parameter(out_.weight), graph.parameter(out_.bias)), "out");
}

}  // namespace trilens

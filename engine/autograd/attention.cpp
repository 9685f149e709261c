// The mask, softmax under it, and heads that are switched. Every explanation names what a masked key, a uniform head or a head that is off
// really is.
#include "engine/autograd/attention.h"

#include <algorithm>
#include <memory>

#include "engine/autograd/operation.h"
#include "engine/kernels/attention.h"

namespace trilens {
namespace {

// Scores [.., heads, queries, keys] with at most one axis before them.
struct Maps {
    int64_t sequences, heads, queries, keys;
};
Maps maps_of(const char* operation, const Shape& shape) {
    if (shape.rank() != 3 && shape.rank() != 4)
        throw ShapeError(std::string(operation) + ": x is " + shape.text() + ", expected [heads, .., ..] or [N, heads, .., ..]");
    return {shape.rank() == 4 ? shape[0] : 1, shape[-3], shape[-2], shape[-1]};
}

void check_modes(const char* operation, std::span<const HeadMode> modes, int64_t heads) {
    if (static_cast<int64_t>(modes.size()) != heads)
        throw ShapeError(std::string(operation) + ": " + std::to_string(modes.size()) + " modes for " + std::to_string(heads) + " heads");
}

int64_t checked_mask(const Maps& maps, Value scores, Value mask) {
    const Shape& shape = mask.shape();
    const bool shared = shape == Shape{maps.queries, maps.keys};
    if (!shared && shape != Shape{maps.sequences, maps.queries, maps.keys})
        throw ShapeError(misfit("masked_softmax", scores.shape(), shape, "a mask [queries, keys] or [N, queries, keys]"));
    return shared ? 0 : maps.queries * maps.keys;
}

}  // namespace

Value attention_mask(Graph& graph, const AttentionMask& mask, int64_t queries, int64_t keys) {
    if (queries < 0 || keys < 0 || mask.first_query < 0)
        throw ValueError("attention_mask: " + std::to_string(queries) + " queries from " + std::to_string(mask.first_query) + " and " +
                         std::to_string(keys) + " keys, expected none below 0");
    for (const int32_t length : mask.key_lengths)
        if (length < 0 || length > keys)
            throw ValueError("attention_mask: length " + std::to_string(length) + ", expected 0 to " + std::to_string(keys));
    const auto sequences = std::max<int64_t>(1, static_cast<int64_t>(mask.key_lengths.size()));
    const auto length_of = [mask, keys](int64_t n) { return mask.key_lengths.empty() ? keys : mask.key_lengths[static_cast<size_t>(n)]; };
    Tensor value = Tensor::uninitialized(sequences == 1 ? Shape{queries, keys} : Shape{sequences, queries, keys});
    bool masks = false;
    for (int64_t row = 0; row < sequences * queries; ++row) {
        const int64_t length = length_of(row / std::max<int64_t>(1, queries)), query = mask.first_query + row % queries;
        const int64_t seen = mask.causal ? std::min(length, query + 1) : length;
        std::fill_n(value.data() + row * keys, seen, 1.0f);
        std::fill_n(value.data() + row * keys + seen, keys - seen, 0.0f);
        masks = masks || seen < keys;
    }
    if (!masks) return {};
    Node node;
    node.operation = "attention_mask";
    node.value = value;
    node.reach = Reach::everything;
    node.explain = [mask, value, queries, keys, length_of](const Graph&, int64_t index) {
        const int64_t key = index % keys, query = mask.first_query + index / keys % queries, length = length_of(index / (queries * keys));
        std::string formula = "seen";
        if (key >= length) formula = "padding: key " + std::to_string(key) + " of " + std::to_string(length);
        else if (mask.causal && key > query) formula = "causal: key " + std::to_string(key) + " > query " + std::to_string(query);
        return Explanation{Explanation::Kind::function, value.data()[index], formula, {}};
    };
    return graph.record(std::move(node));
}

Value masked_softmax(Value scores, Value mask, std::span<const HeadMode> modes) {
    const Maps maps = maps_of("masked_softmax", scores.shape());
    const bool masked = mask.graph != nullptr;
    kernels::MaskedSoftmax sizes{maps.sequences, maps.heads, maps.queries, maps.keys};
    if (masked) {
        sizes.mask_stride = checked_mask(maps, scores, mask);
        sizes.mask = mask.tensor().data();
    }
    // One flag a head that outlives this call; a vector<bool> has no memory to point to.
    std::shared_ptr<bool[]> uniform;
    if (!modes.empty()) {
        check_modes("masked_softmax", modes, maps.heads);
        uniform = std::make_shared<bool[]>(modes.size());
        for (size_t head = 0; head < modes.size(); ++head) uniform[head] = modes[head] == HeadMode::uniform;
        sizes.uniform = uniform.get();
    }
    Tensor y = Tensor::uninitialized(scores.shape());
    kernels::masked_softmax_forward(sizes, scores.tensor().data(), y.data());
    const auto backward = [sizes, uniform, scores, y](Graph& graph, const Tensor& dy) {
        send_back(graph, scores, [&](float* dx) { kernels::masked_softmax_backward(sizes, y.data(), dy.data(), dx); });
    };
    const auto explain = [sizes, uniform, scores, mask, y](const Graph&, int64_t index) {
        const int64_t map = sizes.queries * sizes.keys, first = index / sizes.keys * sizes.keys;
        const int64_t sequence = index / (map * sizes.heads), query = index / sizes.keys % sizes.queries;
        const int64_t mask_row = sequence * sizes.mask_stride + query * sizes.keys;
        const float own = y.data()[index];
        Explanation explanation{Explanation::Kind::function, own, "exp(x_i) / sum_j exp(x_j)", {}};
        const auto hidden = [&](int64_t key) { return sizes.mask != nullptr && sizes.mask[mask_row + key] == 0; };
        if (hidden(index % sizes.keys)) {
            explanation.formula = "masked: 0";
            explanation.terms.push_back(term(mask, mask_row + index % sizes.keys, 0.0f));
        } else if (uniform && uniform[index / map % sizes.heads]) {
            explanation.formula = "1 / number of keys seen";
        } else {
            for (int64_t key = 0; key < sizes.keys; ++key) {
                const float other = y.data()[first + key];
                if (!hidden(key))
                    explanation.terms.push_back(term(scores, first + key, first + key == index ? own * (1 - own) : -own * other));
            }
        }
        return explanation;
    };
    if (masked) return record("masked_softmax", Reach::everything, {scores, mask}, y, backward, explain);
    return record("masked_softmax", Reach::everything, {scores}, y, backward, explain);
}

Value switch_heads(Value x, std::span<const HeadMode> modes) {
    const Maps maps = maps_of("switch_heads", x.shape());
    check_modes("switch_heads", modes, maps.heads);
    const int64_t block = maps.queries * maps.keys;
    const std::vector<HeadMode> kept(modes.begin(), modes.end());
    const auto is_off = [kept](int64_t at) { return kept[static_cast<size_t>(at) % kept.size()] == HeadMode::off; };
    const auto copy = [maps, block, is_off](const float* from, float* to) {
        for (int64_t at = 0; at < maps.sequences * maps.heads; ++at) {
            if (is_off(at)) std::fill_n(to + at * block, block, 0.0f);
            else std::copy_n(from + at * block, block, to + at * block);
        }
    };
    Tensor y = Tensor::uninitialized(x.shape());
    copy(x.tensor().data(), y.data());
    return record(
        "switch_heads", Reach::element, {x}, y,
        [x, copy](Graph& graph, const Tensor& dy) { send_back(graph, x, [&](float* dx) { copy(dy.data(), dx); }); },
        [x, y, block, is_off](const Graph&, int64_t index) {
            const bool off = is_off(index / block);
            return Explanation{Explanation::Kind::sum, y.data()[index], off ? "head off: 0" : "x", {term(x, index, off ? 0.0f : 1.0f)}};
        });
}

}  // namespace trilens

// Both runs read the same tokens, so rows can be compared one by one.
#include "demos/transformer/heads_effect.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "engine/errors.h"
#include "engine/math.h"

namespace trilens {

std::string last_state(const Graph& graph, TransformerLook::Where where) {
    const std::string stack = where == TransformerLook::Where::encoder ? "transformer.encoder." : "transformer.decoder.";
    if (graph.contains(stack + "norm")) return stack + "norm";
    int64_t layers = 0;
    while (graph.contains(stack + std::to_string(layers) + ".out")) ++layers;
    if (layers == 0) throw ValueError("heads: the graph has no " + stack + "0.out, expected a stack of layers");
    const std::string layer = stack + std::to_string(layers - 1) + ".";
    return layer + (graph.contains(layer + "norm3") ? "norm3" : "norm2");
}

HeadsEffect heads_effect(const Graph& all_on, const Graph& now, TransformerLook::Where where, size_t most) {
    HeadsEffect effect;
    effect.node = last_state(now, where);
    const Tensor &before = all_on.find(effect.node).tensor(), &after = now.find(effect.node).tensor();
    const int64_t width = after.extent(-1);
    for (int64_t row = 0; row < after.elements() / width; ++row) {
        float sum = 0;
        for (int64_t i = row * width; i < (row + 1) * width; ++i) {
            const float difference = after.data()[i] - before.data()[i];
            sum += difference * difference;
        }
        effect.distance.push_back(math::sqrt(sum));
    }
    if (!now.contains("transformer.probabilities")) return effect;
    const Tensor &was = all_on.find("transformer.probabilities").tensor(), &is = now.find("transformer.probabilities").tensor();
    const int64_t classes = is.extent(-1);
    effect.answers = is.elements() / classes;
    const auto best = [](const float* row, int64_t count) { return std::max_element(row, row + count) - row; };
    for (int64_t row = 0; row < effect.answers; ++row) {
        const float *p = was.data() + row * classes, *q = is.data() + row * classes;
        const int64_t first = best(p, classes), second = best(q, classes);
        effect.others += first != second;
        effect.most.push_back({row, first, second, p[first], q[first], q[second]});
    }
    const auto change = [](const ChangedAnswer& each) { return std::fabs(each.before_is - each.before_was); };
    std::ranges::sort(effect.most, [&](const ChangedAnswer& a, const ChangedAnswer& b) {
        return change(a) != change(b) ? change(a) > change(b) : a.row < b.row;
    });
    if (effect.most.size() > most) effect.most.resize(most);
    return effect;
}

}  // namespace trilens

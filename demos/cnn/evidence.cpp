// The values come from engine/attribution; here stands how each element of them is explained.
#include "demos/cnn/evidence.h"

#include <algorithm>
#include <vector>

#include "demos/text/text.h"
#include "engine/attribution/grad_cam.h"
#include "engine/kernels/reduction.h"

namespace trilens {

namespace {

// The weight of each map: the mean of the score's gradient over it (Selvaraju et al. 2017, equation 1), as grad_cam() has it.
std::vector<float> map_weights(const Graph& graph, Value maps) {
    const int64_t channels = maps.shape()[1], area = maps.shape()[2] * maps.shape()[3];
    std::vector<float> alpha(static_cast<size_t>(channels));
    const Tensor& gradient = graph.node(maps.node).gradient;
    if (gradient.shape() != maps.shape()) return alpha;
    for (int64_t k = 0; k < channels; ++k)
        alpha[static_cast<size_t>(k)] = kernels::sum(area, gradient.data() + k * area) / static_cast<float>(std::max<int64_t>(area, 1));
    return alpha;
}

// A map of a curve has the shape of one, so that it is drawn as one.
Tensor as_strip(const Tensor& map) { return map.extent(0) == 1 ? map.reshaped(Shape{1, 1, 1, map.extent(1)}) : map; }

void record_grad_cam(Graph& graph, std::string_view maps, std::string_view scores, int64_t class_index) {
    const Value of = graph.find(maps);
    Node node;
    node.operation = "grad_cam";
    node.value = as_strip(grad_cam(graph, maps, scores, class_index));
    node.inputs = {of.node};
    node.reach = Reach::window;  // one cell of every map
    node.explain = [id = of.node, alpha = map_weights(graph, of), cam = node.value](const Graph& all, int64_t index) {
        Explanation out{Explanation::Kind::function, cam.data()[index], "max(0, sum(A_k * alpha_k)), alpha_k = mean(ds/dA_k)", {}};
        const bool alive = out.value > 0;
        for (size_t k = 0; k < alpha.size(); ++k) {
            const int64_t at = static_cast<int64_t>(k) * cam.elements() + index;
            out.terms.push_back({.node = id, .index = at, .value = all.node(id).value.data()[at], .factor = alive ? alpha[k] : 0});
        }
        return out;
    };
    graph.tap(graph.record(std::move(node)), "why.grad_cam");
}

}  // namespace

void record_gradient_evidence(Graph& graph, std::string_view maps, std::string_view input, std::string_view scores, int64_t class_index) {
    if (!maps.empty()) record_grad_cam(graph, maps, scores, class_index);
    const Value of = graph.find(input);
    Node node;
    node.operation = "gradient_times_input";
    node.value = gradient_times_input(graph, input, scores, class_index);
    node.inputs = {of.node};
    node.reach = Reach::element;
    Tensor gradient = graph.node(of.node).gradient;
    if (gradient.shape() != of.shape()) gradient = Tensor(of.shape());
    node.explain = [id = of.node, gradient, product = node.value](const Graph& all, int64_t index) {
        Explanation out{Explanation::Kind::sum, product.data()[index], "x * ds/dx", {}};
        out.terms.push_back({.node = id, .index = index, .value = all.node(id).value.data()[index], .factor = gradient.data()[index]});
        return out;
    };
    graph.tap(graph.record(std::move(node)), "why.gradient_times_input");
    graph.clear_gradients();
}

void record_occlusion(Graph& graph, std::string_view input, std::string_view scores, const OcclusionFinding& found) {
    const Value of = graph.find(input), score = graph.find(scores);
    const int64_t height = of.shape()[2], patch = found.settings.patch;
    Node node;
    node.operation = "occlusion";
    node.value = as_strip(found.drop);
    node.inputs = {of.node};
    node.reach = Reach::window;  // the pixels that are covered
    node.window = {.kernel_height = height > 1 ? patch : 1,
                   .kernel_width = patch,
                   .padding_height = height > 1 ? patch / 2 : 0,
                   .padding_width = patch / 2};
    node.explain = [score = score.node, found](const Graph& all, int64_t index) {
        const float drop = found.drop.data()[index];
        if (index >= found.done) return Explanation{Explanation::Kind::function, drop, "not computed yet", {}};
        Explanation out{
            Explanation::Kind::function, drop, "s - s', s' = " + number(found.uncovered - drop) + " with the patch covered", {}};
        const int64_t at = found.settings.class_index;
        const float now = all.node(score).value.data()[at];
        // While training goes on the map is that of earlier weights, whose score is not in this graph.
        if (now == found.uncovered) out.terms.push_back({.node = score, .index = at, .value = now, .factor = 1});
        return out;
    };
    graph.tap(graph.record(std::move(node)), "why.occlusion");
}

}  // namespace trilens

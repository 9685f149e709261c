// The scan keeps a short sorted list for each unit; most pictures fail the first comparison.
#include "engine/attribution/top_patches.h"

#include <algorithm>
#include <utility>

namespace trilens {

TopPatches::TopPatches(Forward forward, std::string layer, Pictures pictures, int64_t samples, int64_t keep, int64_t batch)
    : forward_(std::move(forward)),
      layer_(std::move(layer)),
      pictures_(std::move(pictures)),
      samples_(samples),
      keep_(keep),
      batch_(batch) {
    if (keep < 1 || batch < 1 || samples < 0)
        throw ValueError("top patches: keep " + std::to_string(keep) + ", batch " + std::to_string(batch) + ", samples " +
                         std::to_string(samples) + ", expected at least 1, 1 and 0");
}

void TopPatches::offer(size_t unit, const TopPatch& patch) {
    auto& list = patches_[unit];
    if (static_cast<int64_t>(list.size()) == keep_) {
        if (!(patch.activation > list.back().activation)) return;
        list.pop_back();
    }
    const auto place =
        std::upper_bound(list.begin(), list.end(), patch, [](const TopPatch& a, const TopPatch& b) { return a.activation > b.activation; });
    list.insert(place, patch);
}

bool TopPatches::step(const Budget& budget) {
    while (done_ < samples_) {
        const int64_t count = std::min(batch_, samples_ - done_);
        Graph graph;
        forward_(graph, graph.input(pictures_(done_, count), "input"));
        const Tensor layer = graph.find(layer_).tensor();
        const Shape& shape = layer.shape();
        if ((shape.rank() != 2 && shape.rank() != 4) || shape[0] != count || layer.empty())
            throw ShapeError("top patches: " + layer_ + " is " + shape.text() + ", expected [" + std::to_string(count) +
                             ", C, H, W] or [.., F]");
        const int64_t units = shape[1], area = layer.elements() / (count * units), width = shape.rank() == 4 ? shape[3] : 1;
        patches_.resize(static_cast<size_t>(units));
        for (int64_t i = 0; i < count; ++i)
            for (int64_t unit = 0; unit < units; ++unit) {
                const float* map = layer.data() + (i * units + unit) * area;
                const int64_t at = std::max_element(map, map + area) - map;
                offer(static_cast<size_t>(unit), {done_ + i, at / width, at % width, map[at]});
            }
        done_ += count;
        if (!budget()) break;
    }
    return done_ < samples_;
}

}  // namespace trilens

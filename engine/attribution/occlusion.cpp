// Occlusion map, batched: covering costs nothing beside the forward pass, so many covered pictures go through at once.
#include "engine/attribution/occlusion.h"

#include <algorithm>
#include <utility>

namespace trilens {

OcclusionMap::OcclusionMap(Forward forward, std::string scores, Tensor picture, const OcclusionSettings& settings)
    : forward_(std::move(forward)), scores_(std::move(scores)), picture_(std::move(picture)), settings_(settings) {
    if (picture_.rank() != 4 || picture_.extent(0) != 1 || picture_.empty())
        throw ShapeError("occlusion: picture is " + picture_.shape().text() + ", expected [1, C, H, W]");
    for (const auto& [name, value] : {std::pair("patch", settings.patch), {"stride", settings.stride}, {"batch", settings.batch}})
        if (value < 1) throw ValueError(std::string("occlusion: ") + name + " " + std::to_string(value) + ", expected at least 1");
    rows_ = (picture_.extent(2) + settings.stride - 1) / settings.stride;
    columns_ = (picture_.extent(3) + settings.stride - 1) / settings.stride;
    drop_ = Tensor(Shape{rows_, columns_});
}

void OcclusionMap::cover(int64_t position, float* picture) const {
    const int64_t channels = picture_.extent(1), height = picture_.extent(2), width = picture_.extent(3);
    const int64_t top = position / columns_ * settings_.stride - settings_.patch / 2;
    const int64_t left = position % columns_ * settings_.stride - settings_.patch / 2;
    const int64_t begin = std::max<int64_t>(left, 0), end = std::min(left + settings_.patch, width);
    for (int64_t channel = 0; channel < channels; ++channel)
        for (int64_t y = std::max<int64_t>(top, 0); y < std::min(top + settings_.patch, height); ++y) {
            float* row = picture + (channel * height + y) * width;
            if (begin < end) std::fill(row + begin, row + end, settings_.fill);
        }
}

Tensor OcclusionMap::scores_of(const Tensor& pictures) const {
    Graph graph;
    forward_(graph, graph.input(pictures, "input"));
    const Tensor scores = graph.find(scores_).tensor();
    if (scores.rank() != 2 || scores.extent(0) != pictures.extent(0))
        throw ShapeError("occlusion: scores are " + scores.shape().text() + ", expected [" + std::to_string(pictures.extent(0)) +
                         ", classes]");
    if (settings_.class_index < 0 || settings_.class_index >= scores.extent(1))
        throw ValueError("occlusion: class " + std::to_string(settings_.class_index) + " of " + std::to_string(scores.extent(1)));
    return scores;
}

bool OcclusionMap::step(const Budget& budget) {
    if (!started_) {
        uncovered_ = scores_of(picture_).data()[settings_.class_index];
        started_ = true;
    }
    const int64_t size = picture_.elements();
    while (next_ < positions()) {
        const int64_t count = std::min(settings_.batch, positions() - next_);
        Tensor pictures = Tensor::uninitialized(Shape{count, picture_.extent(1), picture_.extent(2), picture_.extent(3)});
        for (int64_t i = 0; i < count; ++i) {
            std::copy_n(picture_.data(), size, pictures.data() + i * size);
            cover(next_ + i, pictures.data() + i * size);
        }
        const Tensor scores = scores_of(pictures);
        for (int64_t i = 0; i < count; ++i)
            drop_.data()[next_ + i] = uncovered_ - scores.data()[i * scores.extent(1) + settings_.class_index];
        next_ += count;
        if (!budget()) break;
    }
    return next_ < positions();
}

}  // namespace trilens

// Gradient ascent on a picture: a graph for each step, whose input asks for a gradient.
#include "engine/attribution/activation_maximization.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/kernels/elementwise.h"
#include "engine/kernels/reduction.h"
#include "engine/math.h"

namespace trilens {

Tensor unit_gradient(const Tensor& activations, const Unit& unit) {
    const Shape& shape = activations.shape();
    if (shape.rank() != 2 && shape.rank() != 4)
        throw ShapeError("unit: " + unit.node + " is " + shape.text() + ", expected [N, C, H, W] or [N, F]");
    if (unit.channel < 0 || unit.channel >= shape[1])
        throw ValueError("unit: " + std::to_string(unit.channel) + " of " + unit.node + ", which has " + std::to_string(shape[1]));
    const int64_t area = shape.rank() == 4 ? shape[2] * shape[3] : 1;
    Tensor gradient(shape);
    for (int64_t n = 0; n < shape[0]; ++n)
        std::fill_n(gradient.data() + (n * shape[1] + unit.channel) * area, area, 1.0f / static_cast<float>(shape[0] * area));
    return gradient;
}

ActivationMaximization::ActivationMaximization(Forward forward, Unit unit, const Shape& picture_shape, const AscentSettings& settings)
    : forward_(std::move(forward)), unit_(std::move(unit)), settings_(settings), picture_(picture_shape) {
    if (picture_shape.rank() != 4 || picture_shape[0] != 1 || picture_.empty())
        throw ShapeError("activation maximization: picture is " + picture_shape.text() + ", expected [1, C, H, W]");
    if (settings.steps < 0) throw ValueError("activation maximization: steps " + std::to_string(settings.steps) + ", expected at least 0");
    if (settings.blur_every < 0)
        throw ValueError("activation maximization: blur_every " + std::to_string(settings.blur_every) + ", expected at least 0");
    if (!(settings.low < settings.high))
        throw ValueError("activation maximization: values from " + std::to_string(settings.low) + " to " + std::to_string(settings.high));
    Random random(settings.seed);
    const float middle = (settings.low + settings.high) / 2, spread = (settings.high - settings.low) / 10;
    for (float& value : picture_.values()) value = random.uniform(middle - spread, middle + spread);
}

bool ActivationMaximization::step(const Budget& budget) {
    while (done_ < settings_.steps) {
        ascend();
        ++done_;
        if (settings_.blur_every > 0 && done_ % settings_.blur_every == 0 && done_ < settings_.steps) blur();
        if (!budget()) break;
    }
    return done_ < settings_.steps;
}

void ActivationMaximization::ascend() {
    Graph graph;
    const Value input = graph.input(picture_, "input", true);
    forward_(graph, input);
    const Value unit = graph.find(unit_.node);
    const Tensor start = unit_gradient(unit.tensor(), unit_);
    activation_ = kernels::dot(start.elements(), start.data(), unit.tensor().data());
    graph.backward(unit, start);

    const Tensor& gradient = graph.node(input.node).gradient;
    const int64_t count = picture_.elements();
    if (gradient.elements() != count) return;   // the unit does not depend on the picture
    const float mean_square = kernels::dot(count, gradient.data(), gradient.data()) / static_cast<float>(count);
    if (!(mean_square > 0)) return;             // a dead unit: nothing to climb
    Tensor next = picture_.clone();             // the graph of this step, and whoever draws, keep theirs
    kernels::scale(count, 1 - settings_.decay, next.data(), next.data());
    kernels::add_scaled(count, settings_.rate / math::sqrt(mean_square), gradient.data(), next.data());
    for (float& value : next.values()) value = std::clamp(value, settings_.low, settings_.high);
    picture_ = std::move(next);
}

// The binomial kernel [1 2 1]/4 along rows and columns; borders repeat.
void ActivationMaximization::blur() {
    const int64_t height = picture_.extent(2), width = picture_.extent(3), planes = picture_.extent(1);
    Tensor rows = Tensor::uninitialized(picture_.shape()), both = Tensor::uninitialized(picture_.shape());
    for (int64_t line = 0; line < planes * height; ++line) {
        const float* from = picture_.data() + line * width;
        for (int64_t x = 0; x < width; ++x)
            rows.data()[line * width + x] = (from[std::max<int64_t>(x - 1, 0)] + 2 * from[x] + from[std::min(x + 1, width - 1)]) * 0.25f;
    }
    for (int64_t line = 0; line < planes * height; ++line) {
        const int64_t plane = line / height, y = line % height;
        const float* above = rows.data() + (plane * height + std::max<int64_t>(y - 1, 0)) * width;
        const float* below = rows.data() + (plane * height + std::min(y + 1, height - 1)) * width;
        for (int64_t x = 0; x < width; ++x)
            both.data()[line * width + x] = (above[x] + 2 * rows.data()[line * width + x] + below[x]) * 0.25f;
    }
    picture_ = std::move(both);
}

}  // namespace trilens

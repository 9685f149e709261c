// A batch is the moved pictures one after the other; the engine promises each the bits that it would have alone.
#include "demos/cnn/movement_curve.h"

#include <algorithm>
#include <cmath>

#include "engine/models/digits.h"

namespace trilens {

namespace {
constexpr int batch = 9;   // pictures of one piece of work: about a third of a millisecond natively
}

const AlongRange& range_of(Along along) {
    static constexpr std::array<AlongRange, 4> ranges{{{81, -10, 4, 0}, {81, -10, 4, 0}, {73, -180, 0.2f, 0}, {89, 0.5f, 80, 1}}};
    return ranges[static_cast<size_t>(along)];
}

float AlongRange::nearest(double value) const {
    const double at = std::round((value - static_cast<double>(low)) * static_cast<double>(per_unit));
    return position(static_cast<int>(std::clamp(at, 0.0, static_cast<double>(count - 1))));
}

float& quantity(Motion& motion, Along along) {
    switch (along) {
    case Along::shift_x: return motion.right;
    case Along::shift_y: return motion.down;
    case Along::angle: return motion.degrees;
    case Along::scale: break;
    }
    return motion.scale;
}

void MovementCurve::ask(const Workbench& bench, const Motion& motion, Along along) {
    Question question{bench.input(), 0, bench.weights_version(), motion, along};
    question.input_checksum = checksum(question.input);
    quantity(question.motion, along) = range_of(along).neutral;
    if (running_ && running_->weights != question.weights) running_.reset();
    if (running_ ? *running_ == question : answered_ == question) {
        next_.reset();
        return;
    }
    next_ = std::move(question);
    if (!running_) begin();
}

void MovementCurve::begin() {
    running_ = std::move(next_);
    next_.reset();
    done_ = 0;
    growing_ = {running_->along, running_->motion, {}, {}};
}

void MovementCurve::compute(const Workbench& bench, int first, int count) {
    const AlongRange& range = range_of(running_->along);
    const Shape& shape = running_->input.shape();
    Tensor pictures(Shape{count, shape[1], shape[2], shape[3]});
    for (int i = 0; i < count; ++i) {
        Motion motion = running_->motion;
        quantity(motion, running_->along) = range.position(first + i);
        std::ranges::copy(warp(running_->input, motion).values(), pictures.rows(i, 1).data());
        growing_.positions.push_back(range.position(first + i));
    }
    Graph graph;
    classify(bench.network(), graph.input(std::move(pictures), "input"));
    const Tensor probabilities = graph.find("probabilities").tensor();
    const auto classes = static_cast<size_t>(probabilities.extent(1));
    growing_.probabilities.resize(classes);
    for (size_t i = 0; i < static_cast<size_t>(count); ++i)
        for (size_t each = 0; each < classes; ++each) growing_.probabilities[each].push_back(probabilities.values()[i * classes + each]);
}

bool MovementCurve::step(const Workbench& bench, const Budget& budget) {
    do {
        if (!running_) return false;
        const int count = std::min(batch, range_of(running_->along).count - done_);
        compute(bench, done_, count);
        done_ += count;
        if (done_ < range_of(running_->along).count) continue;
        latest_ = std::move(growing_);
        answered_ = std::move(running_);
        running_.reset();
        if (next_) begin();
    } while (budget());
    return running_.has_value();
}

}  // namespace trilens

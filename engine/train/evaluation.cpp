// Counting rights and wrongs.
#include "engine/train/evaluation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "engine/errors.h"
#include "engine/kernels/softmax.h"

namespace trilens {

Evaluation::Evaluation(int32_t classes, int64_t mistakes_kept) : classes_(classes), kept_(mistakes_kept) {
    if (classes < 1) throw ValueError("evaluation: " + std::to_string(classes) + " classes, expected at least 1");
    if (mistakes_kept < 0) throw ValueError("evaluation: " + std::to_string(mistakes_kept) + " mistakes to keep, expected at least 0");
    cells_.resize(static_cast<size_t>(classes) * static_cast<size_t>(classes));
}

size_t Evaluation::cell(int32_t truth, int32_t predicted) const {
    if (truth < 0 || truth >= classes_ || predicted < 0 || predicted >= classes_)
        throw ValueError("evaluation: class " + std::to_string(truth) + " taken for " + std::to_string(predicted) + ", there are " +
                         std::to_string(classes_));
    return static_cast<size_t>(truth) * static_cast<size_t>(classes_) + static_cast<size_t>(predicted);
}

void Evaluation::add(const Tensor& scores, std::span<const int32_t> labels, int64_t first_sample) {
    const auto rows = static_cast<int64_t>(labels.size());
    if (scores.shape() != Shape{rows, classes_})
        throw ShapeError("evaluation: scores are " + scores.shape().text() + ", expected " + Shape{rows, classes_}.text());
    for (const int32_t label : labels) cell(label, 0);

    std::vector<float> losses(labels.size());
    Tensor probabilities = Tensor::uninitialized(scores.shape());
    kernels::cross_entropy_forward(rows, classes_, scores.data(), labels.data(), losses.data(), probabilities.data());
    for (int64_t row = 0; row < rows; ++row) {
        const float* score = scores.data() + row * classes_;
        const auto predicted = static_cast<int32_t>(std::max_element(score, score + classes_) - score);
        const int32_t truth = labels[static_cast<size_t>(row)];
        const float loss = losses[static_cast<size_t>(row)];
        cells_[cell(truth, predicted)].push_back(first_sample + row);
        loss_sum_ += static_cast<double>(loss);
        ++samples_;
        if (predicted == truth) {
            ++correct_;
            continue;
        }
        const auto larger = [](const Mistake& a, const Mistake& b) { return a.loss > b.loss; };
        const Mistake mistake{first_sample + row, truth, predicted, loss};
        worst_.insert(std::upper_bound(worst_.begin(), worst_.end(), mistake, larger), mistake);
        if (static_cast<int64_t>(worst_.size()) > kept_) worst_.pop_back();
    }
}

double Evaluation::accuracy() const { return samples_ ? static_cast<double>(correct_) / static_cast<double>(samples_) : 0; }

double Evaluation::loss() const { return samples_ ? loss_sum_ / static_cast<double>(samples_) : 0; }

int64_t Evaluation::count(int32_t truth, int32_t predicted) const { return static_cast<int64_t>(cells_[cell(truth, predicted)].size()); }

double Evaluation::recall(int32_t truth) const {
    int64_t all = 0;
    for (int32_t predicted = 0; predicted < classes_; ++predicted) all += count(truth, predicted);
    return all ? static_cast<double>(count(truth, truth)) / static_cast<double>(all) : 0;
}

std::vector<int64_t> Evaluation::samples_of(int32_t truth, int32_t predicted) const { return cells_[cell(truth, predicted)]; }

Histogram histogram(std::span<const float> values, int bins) {
    if (bins < 1) throw ValueError("histogram: " + std::to_string(bins) + " bins, expected at least 1");
    Histogram out;
    out.counts.assign(static_cast<size_t>(bins), 0);
    float low = std::numeric_limits<float>::infinity(), high = -low;
    for (const float value : values) {
        if (!std::isfinite(value)) continue;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    if (low <= high) out.low = low, out.high = high;
    const double scale = out.high > out.low ? bins / (static_cast<double>(out.high) - static_cast<double>(out.low)) : 0;
    for (const float value : values) {
        if (!std::isfinite(value)) {
            ++out.not_finite;
            continue;
        }
        const auto bin = static_cast<int>((static_cast<double>(value) - static_cast<double>(out.low)) * scale);
        ++out.counts[static_cast<size_t>(std::min(bin, bins - 1))];
    }
    return out;
}

}  // namespace trilens

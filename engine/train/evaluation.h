// What a classifier gets right and wrong on a data set: accuracy for each class, the confusion matrix, the worst mistakes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/tensor.h"

namespace trilens {

struct Mistake {
    int64_t sample = 0;
    int32_t truth = 0, predicted = 0;
    float loss = 0;                     // -log p(truth): how wrong
};

// Takes the scores of a data set batch by batch.
class Evaluation {
public:
    // Throws ValueError for fewer than one class or a negative number of mistakes to keep.
    explicit Evaluation(int32_t classes, int64_t mistakes_kept = 24);

    // scores [N, classes] before softmax, labels N class numbers, sample numbers first_sample, first_sample + 1, ...
    // Throws ShapeError or ValueError and counts nothing if they do not fit.
    void add(const Tensor& scores, std::span<const int32_t> labels, int64_t first_sample);

    int64_t samples() const { return samples_; }
    int64_t correct() const { return correct_; }
    double accuracy() const;                            // 0 for no samples
    double loss() const;                                // mean cross-entropy; 0 for no samples
    int64_t count(int32_t truth, int32_t predicted) const;   // a cell of the confusion matrix
    double recall(int32_t truth) const;                 // share of a class that is recognised; 0 if the class is empty
    std::vector<int64_t> samples_of(int32_t truth, int32_t predicted) const;   // the samples behind a cell, in order
    const std::vector<Mistake>& worst() const { return worst_; }               // largest loss first, of equal ones the earlier

private:
    size_t cell(int32_t truth, int32_t predicted) const;

    int32_t classes_;
    int64_t kept_, samples_ = 0, correct_ = 0;
    double loss_sum_ = 0;
    std::vector<std::vector<int64_t>> cells_;           // sample numbers, truth by predicted
    std::vector<Mistake> worst_;
};

// How values are spread: counts in equal bins from `low` to `high`; the ends are the smallest and largest finite value.
struct Histogram {
    float low = 0, high = 0;
    std::vector<int64_t> counts;
    int64_t not_finite = 0;
};

// Throws ValueError for fewer than one bin. All values equal (or none): everything in the first bin.
Histogram histogram(std::span<const float> values, int bins);

}  // namespace trilens

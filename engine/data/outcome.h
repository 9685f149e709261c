// Outcome: what a model makes of a batch. Models return it, the trainer and evaluations read it.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/autograd/graph.h"
#include "engine/data/data_set.h"

namespace trilens {

// The loss (one element) and, where there are classes, the scores, one row for each of the batch's labels: [N, classes], or
// [T * N, classes].
struct Outcome {
    Value loss;
    Value scores;  // without a node: every accuracy is NaN
    std::vector<int32_t> labels{};  // of the scores' rows, where the inputs say them and not the batch; -1: not asked

    const std::vector<int32_t>& asked(const Batch& batch) const { return labels.empty() ? batch.labels : labels; }
};
using BuildLoss = std::function<Outcome(Graph&, const Batch&)>;

}  // namespace trilens

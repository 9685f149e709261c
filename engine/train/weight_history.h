// WeightHistory: the states of a run to go back to, in a bounded number of bytes. When it is full every second state is dropped and
// the interval doubles, so what is kept always covers the whole run evenly.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/tensor.h"
#include "engine/train/optimizer.h"

namespace trilens {

// Everything that a later step depends on. The tensors are copies.
struct TrainingState {
    int64_t step = 0;
    std::vector<Tensor> weights;   // parameters, then buffers
    OptimizerState optimizer;
    double epoch_loss = 0, epoch_correct = 0;
    int64_t bytes() const;
};

class WeightHistory {
public:
    static constexpr size_t most_states = 4096;

    // Keeps states whose step is a multiple of the interval. Throws ValueError for a negative size or an interval below 1.
    WeightHistory(int64_t most_bytes, int64_t interval);

    bool wants(int64_t step) const { return most_bytes_ > 0 && step % interval_ == 0; }
    void keep(TrainingState state);                 // replaces one of the same step; may drop others, the first never
    void forget_after(int64_t step);
    void clear();

    std::vector<int64_t> steps() const;
    const TrainingState& at(int64_t step) const;    // throws ValueError naming the nearest
    int64_t bytes() const { return bytes_; }
    int64_t interval() const { return interval_; }

private:
    void thin();

    int64_t most_bytes_, first_interval_, interval_, bytes_ = 0;
    std::map<int64_t, TrainingState> states_;
};

}  // namespace trilens

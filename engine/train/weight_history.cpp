// A map from step to state; what is too much is dropped by thin().
#include "engine/train/weight_history.h"

#include <string>
#include <utility>

#include "engine/errors.h"

namespace trilens {

int64_t TrainingState::bytes() const {
    int64_t elements = 0;
    for (const Tensor& tensor : weights) elements += tensor.elements();
    return elements * static_cast<int64_t>(sizeof(float)) + optimizer.bytes();
}

WeightHistory::WeightHistory(int64_t most_bytes, int64_t interval)
    : most_bytes_(most_bytes), first_interval_(interval), interval_(interval) {
    if (most_bytes < 0) throw ValueError("history: " + std::to_string(most_bytes) + " bytes, expected at least 0");
    if (interval < 1) throw ValueError("history: an interval of " + std::to_string(interval) + " steps, expected at least 1");
}

void WeightHistory::keep(TrainingState state) {
    const int64_t step = state.step;
    const auto old = states_.find(step);
    if (old != states_.end()) {
        bytes_ -= old->second.bytes();
        states_.erase(old);
    }
    bytes_ += state.bytes();
    states_.emplace(step, std::move(state));
    while ((bytes_ > most_bytes_ || states_.size() > most_states) && states_.size() > 1) thin();
}

void WeightHistory::thin() {
    interval_ *= 2;
    std::erase_if(states_, [this](const auto& entry) {
        const bool drop = entry.first % interval_ != 0;
        if (drop) bytes_ -= entry.second.bytes();
        return drop;
    });
}

void WeightHistory::forget_after(int64_t step) {
    for (auto later = states_.upper_bound(step); later != states_.end(); later = states_.erase(later)) bytes_ -= later->second.bytes();
}

void WeightHistory::clear() {
    states_.clear();
    bytes_ = 0;
    interval_ = first_interval_;
}

std::vector<int64_t> WeightHistory::steps() const {
    std::vector<int64_t> steps;
    for (const auto& [step, state] : states_) steps.push_back(step);
    return steps;
}

const TrainingState& WeightHistory::at(int64_t step) const {
    const auto found = states_.find(step);
    if (found != states_.end()) return found->second;
    std::string near = "nothing is";
    const auto above = states_.upper_bound(step);
    if (above != states_.begin()) near = "the nearest is " + std::to_string(std::prev(above)->first);
    if (above != states_.end()) near = (above != states_.begin() ? near + " or " : "the nearest is ") + std::to_string(above->first);
    throw ValueError("history: step " + std::to_string(step) + " is not kept; " + near);
}

}  // namespace trilens

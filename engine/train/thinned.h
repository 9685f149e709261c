// Thinned: a numbered history of bounded length. The latest entries are all there; of the older ones every k-th, where k doubles whenever
// there would be too many. So a run of a million steps keeps its whole course and its last stretch, in the memory of a short one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace trilens {

// `number` is the member of T that counts entries from 0 in steps of 1: &StepMetrics::step. What is kept depends on the numbers alone, so
// two histories that were given the same numbers keep the same ones.
template <typename T, int64_t T::* number>
class Thinned {
public:
    static constexpr size_t most_old = 2048, most_recent = 1024;

    // An entry whose number is one above the last one's.
    void push(T entry) {
        recent_.push_back(std::move(entry));
        if (recent_.size() <= most_recent) return;
        const auto half = recent_.begin() + most_recent / 2;
        for (auto at = recent_.begin(); at != half; ++at)
            if ((*at).*number % stride_ == 0) old_.push_back(std::move(*at));
        recent_.erase(recent_.begin(), half);
        while (old_.size() > most_old) {
            stride_ *= 2;
            std::erase_if(old_, [this](const T& entry) { return entry.*number % stride_ != 0; });
        }
    }
    // Entries of that number and above are no more: the run took another way from there.
    void forget_from(int64_t first) {
        for (std::vector<T>* part : {&recent_, &old_})
            while (!part->empty() && part->back().*number >= first) part->pop_back();
    }

    // In rising order of their numbers.
    void each(const auto& see) const {
        for (const std::vector<T>* part : {&old_, &recent_})
            for (const T& entry : *part) see(entry);
    }
    std::vector<T> entries() const {
        std::vector<T> all;
        all.reserve(old_.size() + recent_.size());
        each([&all](const T& entry) { all.push_back(entry); });
        return all;
    }
    bool empty() const { return recent_.empty() && old_.empty(); }

private:
    std::vector<T> old_, recent_;
    int64_t stride_ = 1;
};

}  // namespace trilens

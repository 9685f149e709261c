// What a sequence costs on the learner's machine (curriculum R7): the measured time of one recurrent layer, one convolution over time and one self-attention layer of equal width, against
// the length and against the number of threads. Nothing is estimated: every number is a run.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace trilens {

enum class SequenceLayer { recurrent, convolution, attention };
inline constexpr size_t sequence_layer_count = 3;

class CostMeasurement {
public:
    CostMeasurement();
    ~CostMeasurement();

    static constexpr int64_t shortest = 32, longest = 1024, width = 64;

    // Measures the next thing that is missing; returns whether more is left.
    bool step();
    bool complete() const { return next_ >= total(); }
    double progress() const { return static_cast<double>(next_) / static_cast<double>(total()); }
    int threads() const { return threads_; }  // of the second column

    // Milliseconds of one forward pass at lengths()[i], with one thread or with all. Shorter than lengths() until complete.
    static std::vector<float> lengths();
    const std::vector<float>& milliseconds(SequenceLayer layer, bool all_threads) const {
        return times_[static_cast<size_t>(layer)][all_threads ? 1 : 0];
    }
    // How many times as long a sequence twice as long takes, at the longest two; none before they are measured.
    std::optional<double> growth(SequenceLayer layer) const;
    // How many times as fast all threads are, at the longest; none before it is measured.
    std::optional<double> speed_up(SequenceLayer layer) const;

private:
    struct Layers;
    static int64_t total() { return static_cast<int64_t>(lengths().size() * sequence_layer_count * 2); }

    std::unique_ptr<Layers> layers_;
    std::array<std::array<std::vector<float>, 2>, sequence_layer_count> times_;
    int64_t next_ = 0;
    int threads_ = 1;
};

}  // namespace trilens

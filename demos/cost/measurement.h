// CostMeasurement: how long a recurrent layer, a convolution and self-attention take for sequences of growing length, on this machine
// (curriculum R7).
// A piece of work is one measurement; rounds go over all of them again and again, and the fastest counts: what else the machine did is not
// the layer's.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "demos/job.h"
#include "engine/autograd/recurrent.h"

namespace trilens {

enum class CostLayer { recurrent, convolution, attention };
inline constexpr size_t cost_layer_count = 3;

// One sequence of `width` numbers a step goes in and comes out of each layer: a recurrent cell of `width` hidden units, a convolution of
// `width` channels over 3 steps, self-attention of one head of size `width` with its four projections.
struct CostPlan {
    Cell cell = Cell::rnn_tanh;
    int64_t width = 64;
    std::vector<int64_t> lengths{16, 32, 64, 128, 256, 512, 1024};  // steps, ascending
    int rounds = 10;
    double least_milliseconds = 2;  // of one measurement: a pass that is shorter is repeated, and the mean taken
    bool operator==(const CostPlan&) const = default;
};

enum class CostPass { forward, both };  // both: forward and backward
enum class CostThreads { one, all };

// What was measured so far.
struct CostCurves {
    CostPlan plan;
    int threads = 1;  // CostThreads::all; where that is 1, nothing is measured twice
    int64_t done = 0, total = 0;  // measurements
    std::vector<double> milliseconds;  // of one pass, the least of all rounds; 0 where there is none yet

    std::vector<int64_t> bytes;  // of all values of a forward pass, by layer and length; 0 where there is none yet

    bool complete() const { return done == total; }
    int64_t bytes_of(CostLayer layer, size_t length) const { return bytes[static_cast<size_t>(layer) * plan.lengths.size() + length]; }
    // Of the step `length` of plan.lengths. With one thread on the machine, CostThreads::all is CostThreads::one.
    double of(CostLayer layer, CostPass pass, CostThreads on, size_t length) const { return milliseconds[at(layer, pass, on, length)]; }
    size_t at(CostLayer layer, CostPass pass, CostThreads on, size_t length) const;
    // How many times as long the longest sequence takes as one of half its length; how many times as fast all threads are as one, on the
    // `length`. None before both are measured.
    std::optional<double> doubling(CostLayer layer, CostPass pass, CostThreads on) const;
    std::optional<double> speed_up(CostLayer layer, CostPass pass, size_t length) const;
};

// Multiplications followed by an addition in one forward pass over `length` steps, those of the matrix products.
int64_t multiply_adds(const CostPlan& plan, CostLayer layer, int64_t length);

class CostMeasurement : public Job {
public:
    // Throws ValueError for no lengths, lengths that do not ascend, a width below 1 or no rounds.
    explicit CostMeasurement(CostPlan plan);
    ~CostMeasurement() override;

    bool step(const Budget& budget) override;
    // What was measured, if it is more than at the last take(), else null.
    std::shared_ptr<const CostCurves> take() { return published_.take(); }

private:
    struct Layers;
    struct Measurement {
        CostLayer layer;
        CostPass pass;
        CostThreads on;
        size_t length;
    };
    void measure(const Measurement& what);
    double milliseconds_of(const Measurement& what);
    void note_bytes(const Graph& graph, const Measurement& what);

    std::unique_ptr<Layers> layers_;
    std::vector<Measurement> order_;  // of one round
    CostCurves curves_;
    Published<CostCurves> published_;
};

}  // namespace trilens

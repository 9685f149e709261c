// Comparison: a recurrent network, a convolutional one and a Transformer learn the same task, trained live with the same number of steps.
// Either to remember a needle (engine/data/needle.h): accuracy against its distance (curriculum T7). Or to read drawn digits
// (engine/data/strokes.h), row by row, pixel by pixel, patch by patch:
// accuracy against the number of examples (T8; Dosovitskiy et al. 2021, section 4.3). Each point is one training, its accuracy that of
// samples held back. The same plan gives the same bits.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "demos/job.h"

namespace trilens {

enum class ComparedNetwork { recurrent, convolution, transformer };
inline constexpr size_t compared_networks = 3;
enum class ComparisonAxis { distance, samples };

struct ComparisonPlan {
    ComparisonAxis axis = ComparisonAxis::distance;
    std::vector<int64_t> points{4, 8, 16, 32, 64};  // distances, or numbers of examples; ascending
    int64_t steps = 400;  // of training, batches of 32
    uint64_t seed = 1;
    bool operator==(const ComparisonPlan&) const = default;

    int64_t length(size_t point) const;  // of the sequences with a needle
};

inline constexpr int64_t compared_receptive_field = 17;  // steps that the convolution's answer depends on: two layers over 9 steps each
inline constexpr int64_t compared_examples = 2000;  // sequences with a needle to learn from
inline constexpr int64_t compared_held_back = 500;  // samples that the accuracy is of

struct ComparisonCurves {
    ComparisonPlan plan;
    int64_t done = 0, total = 0;  // trainings
    std::array<std::vector<std::optional<float>>, compared_networks> accuracy;  // [network][point], of the sequences held back
    bool complete() const { return done == total; }
};

// Trainable numbers of a network of the plan.
int64_t compared_parameters(ComparedNetwork network, const ComparisonPlan& plan);

class Comparison : public Job {
public:
    // Throws ValueError for no points, points that do not ascend or are below 1, or no steps.
    explicit Comparison(ComparisonPlan plan);
    ~Comparison() override;

    bool step(const Budget& budget) override;
    std::shared_ptr<const ComparisonCurves> take() { return published_.take(); }  // if there is more than at the last take(), else null

private:
    struct Run;
    void begin();

    ComparisonCurves curves_;
    std::unique_ptr<Run> run_;  // the training that is under way
    Published<ComparisonCurves> published_;
};

}  // namespace trilens

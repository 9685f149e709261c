// Influence: how much each step moved the answer at the end, by computing the sequence without it (a counterfactual). The same network
// carries its state over the missing step unchanged; that is the sequence one step shorter, so several are computed as one batch.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "demos/job.h"
#include "demos/rnn/workbench.h"

namespace trilens {

struct InfluenceResult {
    int32_t answer = -1;  // the class that wins at the end; -1: no classes, what comes last is a number (forecast)
    float with_all = 0;  // its probability, or the number that is predicted
    std::vector<float> without;  // the same without step 0, 1, ..: as many as were computed
    int64_t steps = 0;

    bool complete() const { return static_cast<int64_t>(without.size()) == steps; }
    // Positive: the step speaks for the answer (or raises the number); 0 for those that were not computed yet.
    float change(int64_t step) const;
    std::vector<float> changes() const;  // of all steps
    // Steps by how much they moved the answer, the strongest first, of equal ones the earlier; only computed ones.
    std::vector<int64_t> strongest(size_t most) const;
};

class Influence {
public:
    static constexpr int64_t longest = 1000;  // steps: the work grows with their square

    // Notes what is to be computed: the workbench's network (copied), sequence and held elements. What they were at the last time asked is
    // not computed again.
    // Of no steps, or more than `longest`, nothing is.
    void ask(const RnnWorkbench& bench);

    // The rest of the work: for a Worker, or null where nothing is left. Touches the workbench no more.
    std::shared_ptr<Job> job() const;
    void update();  // takes what the job computed
    // Both at once, on this thread: at least one batch, more while the budget says so. Returns whether more is left.
    bool step(const Budget& budget);

    // Of what was asked last, as of the last update(); null before its first batch.
    const InfluenceResult* latest() const { return latest_.get(); }

private:
    // What the answer depends on.
    struct Question {
        std::shared_ptr<const SequenceModel> model;  // of the workbench; kept, so that another cannot take its address
        uint64_t weights = 0, sequence = 0;
        std::vector<Held> held;
        bool operator==(const Question&) const = default;
    };
    class Work;

    uint64_t version_ = 0;
    std::optional<Question> asked_;
    std::shared_ptr<Work> work_;
    std::shared_ptr<const InfluenceResult> latest_;
};

}  // namespace trilens

// Influence: how much each step moved the answer, by computing the sequence without it (a counterfactual): the same network, the state carried over that step unchanged.
#pragma once

#include <cstdint>
#include <vector>

#include "demos/rnn/workbench.h"
#include "engine/budget.h"

namespace trilens {

class Influence {
public:
    // Begins anew when the workbench has computed since.
    void ask(const RnnWorkbench& bench);
    // At least one pass, while the budget says so; whether more is left.
    bool step(const RnnWorkbench& bench, const Budget& budget);

    // The probability of the answer with all steps, minus the one without step t; so far 0 for those that were not computed yet. Empty where there is no answer
    // to move (no classes).
    const std::vector<float>& changes() const { return changes_; }
    bool complete() const { return next_ >= static_cast<int64_t>(changes_.size()); }
    // The steps by how much they moved the answer, the strongest first.
    std::vector<int64_t> strongest(size_t most) const;

private:
    float probability(const RnnWorkbench& bench, std::vector<int64_t> skipped) const;

    uint64_t version_ = 0;
    int64_t next_ = 0;
    float with_all_ = 0;
    std::vector<float> changes_;
};

}  // namespace trilens

// HeadsEffect: what heads that are off or uniform change: the stack's output and the network's answers, beside a run with every head on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "demos/transformer/workbench.h"
#include "engine/autograd/graph.h"

namespace trilens {

// The most likely class of one row of the probabilities, in both runs.
struct ChangedAnswer {
    int64_t row = 0;
    int64_t before = 0, after = 0;               // with all heads on, and now
    float before_was = 0, before_is = 0;         // the probability of `before` in both
    float after_is = 0;                          // that of `after` now
};

struct HeadsEffect {
    std::string node;                 // the stack's output: the states after its last layer
    std::vector<float> distance;      // of each token's state to what it was, Euclidean
    int64_t answers = 0, others = 0;  // rows of probabilities, and those where another class is the most likely
    std::vector<ChangedAnswer> most;  // those whose probability `before` fell or rose most, the greatest change first
};

// The name of the last state of the stack that `where` belongs to: "transformer.encoder.1.norm2", with pre-norm "transformer.encoder.norm".
// Throws ValueError where there is none.
std::string last_state(const Graph& graph, TransformerLook::Where where);

// Both graphs are of the same network and the same sequences.
HeadsEffect heads_effect(const Graph& all_on, const Graph& now, TransformerLook::Where where, size_t most);

}  // namespace trilens

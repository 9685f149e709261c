// When did this head click? For every head of the first stack, how much of its attention goes the way of a pattern, on the same probe
// sequences after each snapshot of a run. Patterns: previous token and same token (what induction heads are made of: Olsson et al. 2022),
// first token, own position.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "demos/transformer/workbench.h"

namespace trilens {

enum class HeadPattern { previous, same, first, own };
inline constexpr size_t head_pattern_count = 4;

// [layer][head]: the mean over all queries of the weight that goes to the pattern's keys; queries that have no such key do not count. Of
// Where::encoder, or of a decoder alone Where::decoder. Throws as the data set does.
using PatternScores = std::vector<std::vector<float>>;
PatternScores pattern_scores(const TransformerWorkbench& bench, HeadPattern pattern);

class HeadHistory {
public:
    static constexpr size_t most = 1024;  // steps; of more every second one is forgotten

    // Of the weights on screen, as of `step` of the run; a step that is there already is computed anew.
    void note(const TransformerWorkbench& bench, int64_t step);
    void forget_after(int64_t step) { scores_.erase(scores_.upper_bound(step), scores_.end()); }  // training took another branch from there
    void clear() { scores_.clear(); }
    size_t size() const { return scores_.size(); }

    // One head's curve: steps and scores.
    struct Curve {
        std::vector<float> steps, scores;
    };
    Curve curve(HeadPattern pattern, size_t layer, size_t head) const;
    // The step by which the head took the pattern: of the curve's highest rise, from a low to a later high, the first step past half of it;
    // none if that is below 0.2. However often the run was looked at.
    std::optional<int64_t> clicked(HeadPattern pattern, size_t layer, size_t head) const;

private:
    std::map<int64_t, std::vector<PatternScores>> scores_;  // by step; one a pattern
};

}  // namespace trilens

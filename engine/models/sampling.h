// Sampling: from a language model's scores to its next token: temperature, top-k, top-p, then a draw. Pure functions, for every model that
// generates. Top-k: Fan, Lewis, Dauphin 2018, section 5; top-p, the nucleus: Holtzman et al. 2020, section 3.1.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/random.h"

namespace trilens {

struct Sampling {
    float temperature = 1;  // scores are divided by it; 0: the largest score gets all
    int64_t top_k = 0;  // only so many of the most probable tokens stay; 0: all
    float top_p = 1;  // only the fewest of the most probable tokens that together have at least this probability stay; at least one
    bool operator==(const Sampling&) const = default;
};

// scores [V] before softmax, -infinity for a token that must not come -> probabilities [V], which sum to 1 but for rounding:
// softmax(scores / temperature), then the tokens outside top-k and (of what these have left) outside top-p set to exactly 0 and the rest
// divided by its sum. Of equals the lower number stays. Throws ValueError for no scores, a setting out of range (temperature < 0, top_k <
// 0, top_p outside (0, 1]) or when every score is -infinity, NonFiniteError for NaN or infinity.
std::vector<float> next_token_distribution(std::span<const float> scores, const Sampling& sampling);

// Token numbers from the largest value to the smallest, of equals the lower number first: the order in which top-k and top-p keep them.
// Throws NonFiniteError for NaN.
std::vector<int32_t> ranked_tokens(std::span<const float> values);

// The number of the largest value, the first of equals. Throws ValueError for none.
int32_t greedy_token(std::span<const float> values);

// The token that a point of [0, 1) falls on when the probabilities lie side by side in the order of their numbers; never one of probability
// 0.
// Throws ValueError for a point outside or when no probability is above 0.
int32_t token_at(std::span<const float> probabilities, float point);
// The same for random.uniform(): one number of the stream is used up, so the n-th token of a text is a function of (seed, n) and the
// probabilities.
int32_t sample_token(std::span<const float> probabilities, Random& random);

}  // namespace trilens

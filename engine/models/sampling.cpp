// Sums run from the first token kept to the last, in the order said in the header: the same bits everywhere.
#include "engine/models/sampling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "engine/errors.h"
#include "engine/kernels/softmax.h"

namespace trilens {
namespace {

void check(std::span<const float> scores, const Sampling& sampling) {
    if (scores.empty()) throw ValueError("sampling: no scores, expected at least one");
    if (!(sampling.temperature >= 0) || std::isinf(sampling.temperature))
        throw ValueError("sampling: temperature " + std::to_string(sampling.temperature) + ", expected at least 0");
    if (sampling.top_k < 0) throw ValueError("sampling: top_k " + std::to_string(sampling.top_k) + ", expected at least 0");
    if (!(sampling.top_p > 0 && sampling.top_p <= 1))
        throw ValueError("sampling: top_p " + std::to_string(sampling.top_p) + ", expected above 0 and at most 1");
    bool possible = false;
    for (size_t i = 0; i < scores.size(); ++i) {
        if (!(scores[i] <= std::numeric_limits<float>::max()))
            throw NonFiniteError("sampling: the score of token " + std::to_string(i) + " is " + std::to_string(scores[i]));
        possible = possible || std::isfinite(scores[i]);
    }
    if (!possible) throw ValueError("sampling: every score is -infinity, expected one that is not");
}

// How many of the ranked tokens make up the nucleus.
size_t nucleus(const std::vector<float>& probabilities, std::span<const int32_t> ranked, float top_p) {
    float total = 0;
    for (const int32_t token : ranked) total += probabilities[static_cast<size_t>(token)];
    float sum = 0;
    for (size_t i = 0; i < ranked.size(); ++i) {
        sum += probabilities[static_cast<size_t>(ranked[i])];
        if (sum >= top_p * total) return i + 1;
    }
    return ranked.size();
}

}  // namespace

std::vector<int32_t> ranked_tokens(std::span<const float> values) {
    std::vector<int32_t> order(values.size());
    std::iota(order.begin(), order.end(), 0);
    if (std::ranges::any_of(values, [](float value) { return std::isnan(value); }))
        throw NonFiniteError("sampling: a value to rank is NaN");
    std::ranges::sort(order, [&](int32_t a, int32_t b) {
        const float of_a = values[static_cast<size_t>(a)], of_b = values[static_cast<size_t>(b)];
        return of_a != of_b ? of_a > of_b : a < b;
    });
    return order;
}

int32_t greedy_token(std::span<const float> values) {
    if (values.empty()) throw ValueError("sampling: no values, expected at least one");
    return static_cast<int32_t>(std::ranges::max_element(values) - values.begin());
}

std::vector<float> next_token_distribution(std::span<const float> scores, const Sampling& sampling) {
    check(scores, sampling);
    std::vector<float> probabilities(scores.size());
    if (sampling.temperature == 0) {
        probabilities[static_cast<size_t>(greedy_token(scores))] = 1;
        return probabilities;
    }
    // The largest is subtracted first, so that a low temperature makes no infinity of a finite score.
    const float largest = *std::ranges::max_element(scores);
    for (size_t i = 0; i < scores.size(); ++i) probabilities[i] = (scores[i] - largest) / sampling.temperature;
    kernels::softmax_forward(1, static_cast<int64_t>(scores.size()), probabilities.data(), probabilities.data());
    const size_t most = sampling.top_k == 0 ? scores.size() : std::min(scores.size(), static_cast<size_t>(sampling.top_k));
    if (most == scores.size() && sampling.top_p == 1) return probabilities;

    const std::vector<int32_t> order = ranked_tokens(probabilities);
    size_t kept = most;
    if (sampling.top_p < 1) kept = nucleus(probabilities, std::span(order).first(most), sampling.top_p);
    std::vector<float> out(scores.size());
    float total = 0;
    for (size_t i = 0; i < kept; ++i) total += probabilities[static_cast<size_t>(order[i])];
    for (size_t i = 0; i < kept; ++i) out[static_cast<size_t>(order[i])] = probabilities[static_cast<size_t>(order[i])] / total;
    return out;
}

int32_t token_at(std::span<const float> probabilities, float point) {
    if (!(point >= 0 && point < 1)) throw ValueError("sampling: point " + std::to_string(point) + ", expected 0 to below 1");
    float sum = 0;
    int32_t last = -1;
    for (size_t i = 0; i < probabilities.size(); ++i) {
        if (!(probabilities[i] > 0)) continue;
        last = static_cast<int32_t>(i);
        sum += probabilities[i];
        if (point < sum) return last;
    }
    if (last < 0) throw ValueError("sampling: no probability is above 0");
    return last;   // rounding may leave the sum just below 1
}

int32_t sample_token(std::span<const float> probabilities, Random& random) { return token_at(probabilities, random.uniform()); }

}  // namespace trilens

// Sums in double, in the order of the steps.
#include "demos/rnn/unit_ranking.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/errors.h"

namespace trilens {

namespace {

constexpr double still = 1e-7;   // a smaller standard deviation is rounding

}  // namespace

std::vector<RankedUnit> rank_units(const Tensor& states, StepRange phrase) {
    const int64_t steps = states.extent(0), units = states.extent(1);
    const auto [first, last] = phrase;
    if (first < 0 || last < first || last >= steps)
        throw ValueError("steps " + std::to_string(first) + " to " + std::to_string(last) + ", expected a range within " +
                         std::to_string(steps) + " steps");
    const auto inside_count = static_cast<double>(last - first + 1), outside_count = static_cast<double>(steps) - inside_count;
    std::vector<RankedUnit> ranked;
    for (int64_t unit = 0; unit < units; ++unit) {
        const auto value = [&](int64_t t) { return static_cast<double>(states.data()[t * units + unit]); };
        double inside = 0, outside = 0, squares = 0;
        for (int64_t t = 0; t < steps; ++t) (t >= first && t <= last ? inside : outside) += value(t);
        const double mean = (inside + outside) / static_cast<double>(steps);
        for (int64_t t = 0; t < steps; ++t) squares += (value(t) - mean) * (value(t) - mean);
        const double deviation = std::sqrt(squares / static_cast<double>(steps));
        inside /= inside_count;
        outside = outside_count > 0 ? outside / outside_count : 0;
        const double score = deviation > still ? (inside - outside) / deviation : 0;
        ranked.push_back({unit, static_cast<float>(score), static_cast<float>(inside), static_cast<float>(outside)});
    }
    std::ranges::sort(ranked, [](const RankedUnit& a, const RankedUnit& b) {
        const float x = std::fabs(a.score), y = std::fabs(b.score);
        return x != y ? x > y : a.unit < b.unit;
    });
    return ranked;
}

std::vector<int64_t> fires_elsewhere(const Tensor& states, const RankedUnit& unit, StepRange phrase, float share) {
    std::vector<int64_t> steps;
    if (unit.score == 0) return steps;
    const float way = unit.inside - unit.outside;
    for (int64_t t = 0; t < states.extent(0); ++t) {
        const float gone = states.data()[t * states.extent(1) + unit.unit] - unit.outside;
        if ((t < phrase.first || t > phrase.second) && (way > 0 ? gone >= share * way : gone <= share * way)) steps.push_back(t);
    }
    return steps;
}

}  // namespace trilens

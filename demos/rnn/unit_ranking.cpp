// Sums in double, in the order of the steps.
#include "demos/rnn/unit_ranking.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/errors.h"

namespace trilens {

std::vector<RankedUnit> rank_units(const Tensor& states, std::pair<int64_t, int64_t> phrase) {
    const int64_t steps = states.extent(0), units = states.extent(1);
    const auto [first, last] = phrase;
    if (first < 0 || last < first || last >= steps)
        throw ValueError("steps " + std::to_string(first) + " to " + std::to_string(last) + ", expected a range within " +
                         std::to_string(steps) + " steps");
    const auto inside_count = static_cast<double>(last - first + 1), outside_count = static_cast<double>(steps) - inside_count;
    std::vector<RankedUnit> ranked;
    for (int64_t unit = 0; unit < units; ++unit) {
        double inside = 0, outside = 0, squares = 0;
        for (int64_t t = 0; t < steps; ++t) {
            const auto value = static_cast<double>(states.data()[t * units + unit]);
            (t >= first && t <= last ? inside : outside) += value;
            squares += value * value;
        }
        const double mean = (inside + outside) / static_cast<double>(steps);
        const double deviation = std::sqrt(std::max(0.0, squares / static_cast<double>(steps) - mean * mean));
        inside /= inside_count;
        outside = outside_count > 0 ? outside / outside_count : 0;
        const double score = deviation > 1e-7 ? (inside - outside) / deviation : 0;
        ranked.push_back({unit, static_cast<float>(score), static_cast<float>(inside), static_cast<float>(outside)});
    }
    std::ranges::sort(ranked, [](const RankedUnit& a, const RankedUnit& b) {
        return std::fabs(a.score) != std::fabs(b.score) ? std::fabs(a.score) > std::fabs(b.score) : a.unit < b.unit;
    });
    return ranked;
}

}  // namespace trilens

// Each sentence stands for itself and appears once its numbers are there.
#include "demos/cost/words.h"

#include <cstdio>

#include "demos/text/text.h"

namespace trilens {

namespace {

constexpr CostLayer layers[] = {CostLayer::recurrent, CostLayer::convolution, CostLayer::attention};

// {first, second, name, factor, name, factor, name, factor}; empty unless all three are there.
template <typename Factor>
std::string compare(Text text, const CostPlan& plan, std::string first, std::string second, Factor&& factor) {
    std::vector<std::string> parts{std::move(first), std::move(second)};
    for (const CostLayer layer : layers) {
        const std::optional<double> now = factor(layer);
        if (!now) return {};
        parts.push_back(cost_name(plan, layer));
        parts.push_back(times(*now));
    }
    return say(text, {parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6], parts[7]});
}

// Where attention is not slower than the recurrent layer.
std::string compare_times(const CostCurves& curves, CostPass pass) {
    std::string faster;
    size_t count = 0;
    for (size_t i = 0; i < curves.plan.lengths.size(); ++i) {
        const double recurrent = curves.of(CostLayer::recurrent, pass, CostThreads::all, i);
        const double attention = curves.of(CostLayer::attention, pass, CostThreads::all, i);
        if (!(recurrent > 0 && attention > 0)) return {};
        if (attention > recurrent) continue;
        faster += (count++ ? ", " : "") + std::to_string(curves.plan.lengths[i]);
    }
    const std::string name = cost_name(curves.plan, CostLayer::recurrent);
    if (count == 0) return say(Text::rnn_cost_never, {name});
    if (count == curves.plan.lengths.size()) return say(Text::rnn_cost_always, {name, std::to_string(curves.plan.lengths.back())});
    return say(Text::rnn_cost_crossing, {name, faster});
}

}  // namespace

std::string cost_name(const CostPlan& plan, CostLayer layer) {
    if (layer == CostLayer::convolution) return say(Text::rnn_cost_convolution);
    if (layer == CostLayer::attention) return say(Text::rnn_cost_attention);
    switch (plan.cell) {
    case Cell::lstm: return say(Text::rnn_cell_lstm);
    case Cell::gru:
    case Cell::gru_reset_before: return say(Text::rnn_cell_gru);
    case Cell::rnn_tanh:
    case Cell::rnn_relu: return say(Text::rnn_cell_rnn);
    }
    return {};
}

std::string times(double factor) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f x", factor);
    return text;
}

std::vector<std::string> cost_words(const CostCurves& curves, CostPass pass) {
    const int64_t longest = curves.plan.lengths.back();
    const size_t last = curves.plan.lengths.size() - 1;
    std::vector<std::string> out;
    const auto add = [&](std::string line) {
        if (!line.empty()) out.push_back(std::move(line));
    };
    add(compare(Text::rnn_cost_doubling, curves.plan, std::to_string(longest), std::to_string(longest / 2),
                [&](CostLayer layer) { return curves.doubling(layer, pass, CostThreads::one); }));
    if (curves.threads > 1)
        add(compare(Text::rnn_cost_faster, curves.plan, std::to_string(curves.threads), std::to_string(longest),
                    [&](CostLayer layer) { return curves.speed_up(layer, pass, last); }));
    add(compare_times(curves, pass));
    if (!out.empty()) add(say(Text::rnn_cost_chain, {cost_name(curves.plan, CostLayer::recurrent), std::to_string(longest)}));
    return out;
}

}  // namespace trilens

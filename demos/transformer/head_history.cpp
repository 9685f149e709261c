// A forward pass over a few validation samples; what is counted is read off its weights.
#include "demos/transformer/head_history.h"

#include <algorithm>

namespace trilens {

namespace {

constexpr size_t probes = 16;
constexpr float least_rise = 0.2f;

// Whether the key is one of the pattern's for the query. Both are places of the same sequence of tokens.
bool belongs(HeadPattern pattern, const float* tokens, int64_t query, int64_t key) {
    switch (pattern) {
    case HeadPattern::previous: return key == query - 1;
    case HeadPattern::same: return key < query && tokens[key] == tokens[query];
    case HeadPattern::first: return key == 0 && query > 0;
    case HeadPattern::own: return key == query;
    }
    return false;
}

struct Probe {
    Graph graph{"transformer."};
    Tensor inputs;  // [N, T]
    std::string stack;
};

void run(Probe& probe, const TransformerWorkbench& bench) {
    const auto data = bench.data();
    const std::vector<int32_t> validation = bench.split().validation;
    const Batch batch = data->batch(std::span(validation).first(std::min(probes, validation.size())));
    probe.inputs = batch.inputs;
    const auto model = bench.model();
    const bool decoder = model->plan().kind == TransformerPlan::Kind::decoder;
    probe.stack = decoder ? "transformer.decoder." : "transformer.encoder.";
    if (model->plan().kind == TransformerPlan::Kind::encoder_decoder) model->encode(probe.graph, batch.inputs);
    else model->forward(probe.graph, batch.inputs);
}

PatternScores scores_of(const Probe& probe, int64_t layers, HeadPattern pattern) {
    const int64_t samples = probe.inputs.extent(0), steps = probe.inputs.extent(1);
    PatternScores out;
    for (int64_t layer = 0; layer < layers; ++layer) {
        const Tensor& weights = probe.graph.find(probe.stack + std::to_string(layer) + ".weights").tensor();
        const int64_t heads = weights.extent(1);
        std::vector<float>& row = out.emplace_back(static_cast<size_t>(heads), 0.0f);
        for (int64_t head = 0; head < heads; ++head) {
            double sum = 0;
            int64_t queries = 0;
            for (int64_t sample = 0; sample < samples; ++sample) {
                const float* tokens = probe.inputs.data() + sample * steps;
                for (int64_t query = 0; query < steps && tokens[query] >= 0; ++query) {
                    const float* to = weights.data() + ((sample * heads + head) * steps + query) * steps;
                    bool any = false;
                    for (int64_t key = 0; key < steps && tokens[key] >= 0; ++key)
                        if (belongs(pattern, tokens, query, key)) any = true, sum += static_cast<double>(to[key]);
                    queries += any ? 1 : 0;
                }
            }
            if (queries > 0) row[static_cast<size_t>(head)] = static_cast<float>(sum / static_cast<double>(queries));
        }
    }
    return out;
}

}  // namespace

PatternScores pattern_scores(const TransformerWorkbench& bench, HeadPattern pattern) {
    Probe probe;
    run(probe, bench);
    return scores_of(probe, bench.plan().layers, pattern);
}

void HeadHistory::note(const TransformerWorkbench& bench, int64_t step) {
    Probe probe;
    run(probe, bench);
    std::vector<PatternScores> all;
    for (size_t pattern = 0; pattern < head_pattern_count; ++pattern)
        all.push_back(scores_of(probe, bench.plan().layers, static_cast<HeadPattern>(pattern)));
    scores_[step] = std::move(all);
    if (scores_.size() <= most) return;
    for (auto at = scores_.begin(); at != scores_.end() && std::next(at) != scores_.end(); ++at)
        if (const auto second = std::next(at); std::next(second) != scores_.end()) scores_.erase(second);
}

HeadHistory::Curve HeadHistory::curve(HeadPattern pattern, size_t layer, size_t head) const {
    Curve curve;
    for (const auto& [step, scores] : scores_) {
        curve.steps.push_back(static_cast<float>(step));
        curve.scores.push_back(scores.at(static_cast<size_t>(pattern)).at(layer).at(head));
    }
    return curve;
}

std::optional<int64_t> HeadHistory::clicked(HeadPattern pattern, size_t layer, size_t head) const {
    const Curve now = curve(pattern, layer, head);
    size_t lowest = 0, from = 0, to = 0;
    for (size_t i = 1; i < now.scores.size(); ++i) {
        if (now.scores[i] < now.scores[lowest]) lowest = i;
        if (now.scores[i] - now.scores[lowest] > now.scores[to] - now.scores[from]) from = lowest, to = i;
    }
    if (to == from || now.scores[to] - now.scores[from] < least_rise) return std::nullopt;
    const float half = (now.scores[from] + now.scores[to]) / 2;
    while (now.scores[++from] < half) continue;
    return static_cast<int64_t>(now.steps[from]);
}

}  // namespace trilens

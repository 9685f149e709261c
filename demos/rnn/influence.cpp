// One forward pass a step.
#include "demos/rnn/influence.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace trilens {

float Influence::probability(const RnnWorkbench& bench, std::vector<int64_t> skipped) const {
    Graph graph("rnn.");
    SequenceLook look;
    look.skipped = std::move(skipped);
    bench.model()->forward(graph, bench.sequence(), look);
    const Tensor& all = graph.find("rnn.probabilities").tensor();
    return all.data()[all.elements() - all.shape()[-1] + bench.target_class()];
}

void Influence::ask(const RnnWorkbench& bench) {
    if (version_ == bench.version()) return;
    version_ = bench.version();
    next_ = 0;
    const bool answers = bench.steps() > 0 && bench.target_class() >= 0 && bench.plan(bench.cell()).head == SequencePlan::Head::last;
    changes_.assign(answers ? static_cast<size_t>(bench.steps()) : 0, 0.0f);
    if (answers) with_all_ = probability(bench, {});
}

bool Influence::step(const RnnWorkbench& bench, const Budget& budget) {
    while (!complete()) {
        changes_[static_cast<size_t>(next_)] = with_all_ - probability(bench, {next_});
        ++next_;
        if (!budget()) break;
    }
    return !complete();
}

std::vector<int64_t> Influence::strongest(size_t most) const {
    std::vector<int64_t> order(changes_.size());
    std::iota(order.begin(), order.end(), int64_t{0});
    std::ranges::sort(order, [this](int64_t a, int64_t b) {
        const float of_a = std::fabs(changes_[static_cast<size_t>(a)]), of_b = std::fabs(changes_[static_cast<size_t>(b)]);
        return of_a != of_b ? of_a > of_b : a < b;
    });
    if (order.size() > most) order.resize(most);
    return order;
}

}  // namespace trilens

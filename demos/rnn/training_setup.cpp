// One contender a cell, all on the same batches.
#include "demos/rnn/training_setup.h"

#include <algorithm>

namespace trilens {

namespace {

Contender contender(std::shared_ptr<SequenceModel> model) {
    const auto build = [model](Graph& graph, const Batch& batch) { return model->loss(graph, batch); };
    return {model, model->parameters(), {}, build};
}

}  // namespace

std::vector<RnnCell> rnn_contenders(const RnnWorkbench& bench) {
    std::vector<RnnCell> cells{bench.cell()};
    if (!bench.settings.compare) return cells;
    for (const RnnCell cell : rnn_cells())
        if (cell != bench.cell()) cells.push_back(cell);
    return cells;
}

SessionSetup rnn_training_setup(const RnnWorkbench& bench) {
    const RnnSettings& settings = bench.settings;
    SessionSetup setup;
    setup.data = bench.data();
    setup.split = bench.split();
    const SequencePlan plan = bench.plan(bench.cell());
    setup.classes = plan.head == SequencePlan::Head::last ? static_cast<int32_t>(plan.outputs) : 0;
    setup.trainer = trainer_settings(settings.training, settings.seed);
    for (const RnnCell cell : rnn_contenders(bench)) setup.contenders.push_back(contender(bench.copy(cell)));
    return setup;
}

void take_rnn_weights(RnnWorkbench& bench, const SessionSnapshot& now) {
    const std::vector<RnnCell> cells = rnn_contenders(bench);
    for (size_t i = 0; i < std::min(cells.size(), now.contenders.size()); ++i) bench.use_weights(cells[i], now.contenders[i]->weights);
}

}  // namespace trilens

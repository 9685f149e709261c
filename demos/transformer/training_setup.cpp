// One contender: a copy of the network on screen.
#include "demos/transformer/training_setup.h"

namespace trilens {

namespace {

constexpr int64_t history_bytes = int64_t{40} << 20, endless = 100000;

}  // namespace

SessionSetup transformer_training_setup(const TransformerWorkbench& bench) {
    const TransformerSettings& settings = bench.settings;
    SessionSetup setup;
    setup.data = bench.data();
    setup.split = bench.split();
    TrainerSettings& trainer = setup.trainer;
    trainer.optimizer.kind = settings.optimizer;
    trainer.optimizer.rate = settings.rate;
    trainer.warmup = settings.warmup;
    trainer.batch = settings.batch;
    trainer.clip = settings.clip;
    trainer.seed = static_cast<uint64_t>(settings.seed);
    trainer.epochs = endless;
    trainer.history_bytes = history_bytes;
    const auto model = bench.copy();
    const auto build = [model](Graph& graph, const Batch& batch) { return model->loss(graph, batch); };
    setup.contenders.push_back({model, model->parameters(), {}, build});
    return setup;
}

void take_transformer_weights(TransformerWorkbench& bench, const SessionSnapshot& now) {
    if (!now.contenders.empty()) bench.use_weights(now.contenders.front()->weights);
}

}  // namespace trilens

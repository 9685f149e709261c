// One contender: a copy of the network on screen.
#include "demos/transformer/training_setup.h"

#include <algorithm>

namespace trilens {

namespace {

// Of the longest of these samples, as its network reads or writes it: the others are filled up to it.
int64_t longest(const DataSet& data, const std::vector<int32_t>& samples) {
    if (samples.empty()) return 1;
    const Batch batch = data.batch(samples);
    return std::max<int64_t>({1, batch.inputs.extent(1), batch.targets.rank() > 1 ? batch.targets.extent(1) : 0});
}

}  // namespace

SessionSetup transformer_training_setup(const TransformerWorkbench& bench) {
    const TransformerSettings& settings = bench.settings;
    SessionSetup setup;
    setup.data = bench.data();
    setup.split = bench.split();
    TrainerSettings& trainer = setup.trainer;
    trainer = trainer_settings(settings.training, settings.seed);
    trainer.validation_batch = std::clamp<int64_t>(most_validation_tokens / longest(*setup.data, setup.split.validation), 1, trainer.batch);
    const auto model = bench.copy();
    const auto build = [model](Graph& graph, const Batch& batch) { return model->loss(graph, batch); };
    setup.contenders.push_back({model, model->parameters(), {}, build});
    return setup;
}

void take_transformer_weights(TransformerWorkbench& bench, const SessionSnapshot& now) {
    if (!now.contenders.empty()) bench.use_weights(now.contenders.front()->weights);
}

}  // namespace trilens

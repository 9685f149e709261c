// A Trainer as the room has it, without history.
#include "bench/sums.h"

#include "engine/data/number_sums.h"
#include "engine/models/sequence_model.h"
#include "engine/train/trainer.h"

namespace trilens::bench {

double train_sums(Cell cell) {
    const NumberSums data;
    SequencePlan plan;
    plan.cell = cell;
    Random random(1);
    SequenceModel model(plan, random);
    TrainerSettings settings;
    settings.history_bytes = 0;
    const auto loss = [&](Graph& graph, const Batch& batch) { return model.loss(graph, batch); };
    Trainer trainer(model.parameters(), {}, loss, data, random_split(data.size(), 0.3, 1), settings);
    while (trainer.step([] { return true; })) continue;
    return trainer.snapshot()->epochs.back().validation_loss;
}

}  // namespace trilens::bench

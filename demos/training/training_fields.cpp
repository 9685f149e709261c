// One line a field, and one for what the trainer takes of it.
#include "demos/training/training_fields.h"

#include <iterator>

namespace trilens {

std::vector<Choice> optimizer_choices() {
    constexpr Text names[] = {Text::optimizer_sgd,     Text::optimizer_momentum, Text::optimizer_nesterov,
                              Text::optimizer_rmsprop, Text::optimizer_adam,     Text::optimizer_adamw};
    static_assert(std::size(names) == optimizer_count);
    std::vector<Choice> choices;
    for (const OptimizerRow& row : optimizer_table()) choices.push_back({std::string(row.id), names[choices.size()]});
    return choices;
}

void list_training_fields(Fields& fields, const std::string& room, TrainingSettings& settings) {
    fields.effect(Field::Effect::run);
    fields.choice(room + ".optimizer", Text::field_optimizer, Text::help_optimizer, settings.optimizer, optimizer_choices());
    fields.effect(Field::Effect::steers);
    fields.real(room + ".rate", Text::field_rate, Text::help_rate, settings.rate, {1e-5, 10, 1e-4, true});
    fields.effect(Field::Effect::run);
    fields.integer(room + ".batch", Text::field_batch, Text::help_batch, settings.batch, {1, 256, 1, true});
}

TrainerSettings trainer_settings(const TrainingSettings& settings, int seed) {
    constexpr int64_t endless = 100000, history_bytes = int64_t{40} << 20;
    TrainerSettings trainer;
    trainer.optimizer.kind = settings.optimizer;
    trainer.optimizer.rate = settings.rate;
    trainer.optimizer.weight_decay = settings.weight_decay;
    trainer.warmup = settings.warmup;
    trainer.batch = settings.batch;
    trainer.clip = settings.clip;
    trainer.seed = static_cast<uint64_t>(seed);
    trainer.epochs = endless;
    trainer.history_bytes = history_bytes;
    return trainer;
}

}  // namespace trilens

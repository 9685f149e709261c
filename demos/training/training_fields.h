// What a learner sets of training, whatever the room: one struct, its fields, and what the engine's trainer makes of it.
#pragma once

#include <string>
#include <vector>

#include "demos/fields.h"
#include "engine/train/trainer.h"

namespace trilens {

// In the order of OptimizerKind.
std::vector<Choice> optimizer_choices();

struct TrainingSettings {
    OptimizerKind optimizer = OptimizerKind::adam;
    float rate = 1e-3f, weight_decay = 0, clip = 0;  // clip 0: no clipping
    int warmup = 0;  // steps to the full rate
    int batch = 32;
};

// ROOM.optimizer, ROOM.rate and ROOM.batch, with the same names and ranges everywhere. Fields listed after them begin another run
// (Field::Effect::run), as a room's own settings of training do.
void list_training_fields(Fields& fields, const std::string& room, TrainingSettings& settings);

// For a run in the page: until it is stopped, with 40 MB of history.
TrainerSettings trainer_settings(const TrainingSettings& settings, int seed);

}  // namespace trilens

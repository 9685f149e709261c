// The fields of training that every room has, and the optimizers it can choose from.
#pragma once

#include <string>
#include <vector>

#include "demos/fields.h"
#include "engine/train/optimizer.h"

namespace trilens {

// In the order of OptimizerKind.
std::vector<Choice> optimizer_choices();

// ROOM.optimizer, ROOM.rate and ROOM.batch, with the same names and ranges everywhere.
void list_training_fields(Fields& fields, const std::string& room, OptimizerKind& optimizer, float& rate, int& batch);

}  // namespace trilens

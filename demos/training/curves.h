// The curves of a run: loss and accuracy, in training and validation, of every contender; and the line of numbers that sums it up.
#pragma once

#include <string>
#include <vector>

#include "demos/stage.h"
#include "demos/training/session.h"

namespace trilens {

// "Step 120: loss 0.31, accuracy 92 %": the mean of the last batches, since a single one jumps about.
std::string progress_line(const TrainingSnapshot& run);

// Two plots beside each other (one below the other where narrow); `names` are the contenders'. Returns the height used.
float draw_curves(Stage& stage, const SessionSnapshot& progress, const std::vector<std::string>& names, Rect area);

}  // namespace trilens

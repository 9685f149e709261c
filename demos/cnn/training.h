// What the CNN room trains: its network on the data of its problem, and, if wanted, a fully connected network of equal size beside it.
#pragma once

#include "demos/cnn/workbench.h"
#include "demos/training/session.h"

namespace trilens {

// The learner's choices.
struct TrainingPlan {
    OptimizerKind optimizer = OptimizerKind::adam;
    float rate = 2e-3f, weight_decay = 0, clip = 0;
    int batch = 64, seed = 1;
    bool rival = false;              // the fully connected network
};

// Throws ValueError if there is not enough data to train on.
SessionSetup training_setup(const Workbench& bench, const TrainingPlan& plan);

}  // namespace trilens

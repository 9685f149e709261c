// What the CNN room trains: its network on the data of its problem, and, if wanted, a fully connected network of equal size beside it.
#pragma once

#include "demos/cnn/workbench.h"
#include "demos/training/session.h"

namespace trilens {

// Throws ValueError if there is not enough data to train on.
SessionSetup training_setup(const Workbench& bench);

}  // namespace trilens

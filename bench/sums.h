// Curriculum RA as a learner's page trains it: 700 sequences of 10 numbers, 10 epochs of batches of 32, validation after each.
#pragma once

#include "engine/autograd/recurrent.h"

namespace trilens::bench {

// The whole training; returns the loss of the last validation, so that nothing of it can be left out.
double train_sums(Cell cell);

}  // namespace trilens::bench

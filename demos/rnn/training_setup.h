// From the learner's choices to a session, and from a session's weights back to the networks on screen.
#pragma once

#include "demos/rnn/workbench.h"
#include "demos/training/session.h"

namespace trilens {

// The contenders of the session: the cell on screen first and, where they are compared, the others in their order.
std::vector<RnnCell> rnn_contenders(const RnnWorkbench& bench);

// Throws ValueError, a sentence for the learner, where there is nothing to train or too little to train on.
SessionSetup rnn_training_setup(const RnnWorkbench& bench);

// Every contender's weights into the network of its cell. The caller computes anew.
void take_rnn_weights(RnnWorkbench& bench, const SessionSnapshot& now);

}  // namespace trilens

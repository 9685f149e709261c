// From the learner's choices to a session, and from a session's weights back to the network on screen.
#pragma once

#include "demos/training/session.h"
#include "demos/transformer/workbench.h"

namespace trilens {

// Validation is looked at in batches of no more tokens, and of no more samples than training's: the page has little memory, and a graph
// keeps every layer's maps.
inline constexpr int64_t most_validation_tokens = 2048;

// Throws ValueError, a sentence for the learner, where there is nothing to train or too little to train on.
SessionSetup transformer_training_setup(const TransformerWorkbench& bench);

// The learner's contender's weights into the network on screen. The caller computes anew.
void take_transformer_weights(TransformerWorkbench& bench, const SessionSnapshot& now);

}  // namespace trilens

// The experiment of the RNN room in words: data, network, and how it is trained. Every number is read off the objects that train.
#pragma once

#include <string>

#include "demos/rnn/workbench.h"
#include "demos/stage.h"

namespace trilens {

// What is trained on and how it is split. Throws ValueError, a sentence for the learner, for too little text or curve.
std::string experiment_data(const RnnWorkbench& bench);
// The network on screen and its loss; the optimizer, its rate, the size of a batch.
std::string experiment_network(const RnnWorkbench& bench);
std::string experiment_plan(const RnnWorkbench& bench);
// A network that was trained beforehand: by what, on what, and how good it is.
std::string experiment_shipped(const RnnWorkbench& bench);

// The network's parameters, tensor by tensor, with shapes and counts, and what they come to at any length (curriculum R3). Registers
// "rnn.parameters";
// returns the height used.
float draw_parameter_table(Stage& stage, const RnnWorkbench& bench, Rect area);

}  // namespace trilens

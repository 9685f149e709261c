// How gradients flow through time: what reaches each step on the way back (curriculum R5), and what a step still depends on.
// Bengio, Simard, Frasconi 1994; Pascanu, Mikolov, Bengio 2013, section 2.
#pragma once

#include <cstdint>
#include <vector>

#include "demos/rnn/workbench.h"

namespace trilens {

// ||dL/dh_t|| for every step of "rnn.hidden"; empty where nothing was sent back.
std::vector<float> state_gradient_norms(const Graph& graph);

// ||d (1/2 ||h_s||^2) / dx_t|| for every step t: how much the state after step s still depends on each input. 0 after s. Throws ValueError
// for a step that is not there.
std::vector<float> dependence_on_inputs(const RnnWorkbench& bench, RnnCell cell, int64_t step);

// The mean over all units of a gate ("gate.f") at every step; empty where the cell has no such gate.
std::vector<float> mean_gate(const Graph& graph, const char* gate);

}  // namespace trilens

// Where in the picture the evidence for a class lies, from one backward pass over a recorded graph.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/autograd/graph.h"

namespace trilens {

// Grad-CAM (Selvaraju et al., ICCV 2017, equations 1 and 2): L = ReLU(sum_k alpha_k A^k) with alpha_k the mean over positions of
// d score / d A^k. `maps` names a node [1, C, H, W], `scores` a node [1, classes] computed from it. Returns [H, W].
// Runs backward on the graph (its gradients are those of the score afterwards).
// Throws ValueError for an unknown name or class, ShapeError if `maps` has not four axes or a batch other than 1.
Tensor grad_cam(Graph& graph, std::string_view maps, std::string_view scores, int64_t class_index);

// Gradient times input (Shrikumar et al. 2016): x * d score / dx for every element of the node `input`, of its shape.
// Its sum is the change of the score from a black picture to first order.
Tensor gradient_times_input(Graph& graph, std::string_view input, std::string_view scores, int64_t class_index);

}  // namespace trilens

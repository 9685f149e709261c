// Where the evidence for a class lies, as named nodes of the graph of a forward pass: each element explains itself by the numbers it was
// made from, so that the inspector can follow it.
#pragma once

#include <string_view>

#include "demos/cnn/excitation_job.h"
#include "engine/autograd/graph.h"

namespace trilens {

// Grad-CAM and gradient times input, by one backward pass each (engine/attribution/grad_cam.h); the graph has no gradients afterwards.
// Taps "why.grad_cam" [h, w], of a curve [1, 1, 1, w] (not if `maps` is empty) and "why.gradient_times_input", of the input's shape.
// `maps`, `input` and `scores` are names of nodes. Throws as the methods do.
void record_gradient_evidence(Graph& graph, std::string_view maps, std::string_view input, std::string_view scores, int64_t class_index);

// Taps "why.occlusion" [H, W] (of a curve [1, 1, 1, W]) of a picture's occlusion map as far as it is known, zero elsewhere.
void record_occlusion(Graph& graph, std::string_view input, std::string_view scores, const OcclusionFinding& found);

}  // namespace trilens

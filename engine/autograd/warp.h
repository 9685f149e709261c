// Moving a picture, or every map of a layer, as an operation: what moves can be followed back to the pixel that it was.
#pragma once

#include <optional>

#include "engine/autograd/graph.h"
#include "engine/motion.h"

namespace trilens {

// x [.., H, W] -> the same shape; see engine/motion.h. Differentiable in x, not in the motion.
Value warp(Value x, const Motion& motion, std::optional<Place> center = std::nullopt);

}  // namespace trilens

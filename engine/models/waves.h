// The waves network: a small one-dimensional convolutional network that tells curves apart (engine/data/waves.h).
#pragma once

namespace trilens {

// For inputs [N, 1, 1, 128] and six classes; see architecture.h.
inline constexpr const char* waves_architecture = "conv 8 7, relu, max 2, conv 16 5, relu, max 2, conv 16 5, relu, max 4, dense 32, relu";

}  // namespace trilens

// The digits network: the small convolutional network that the CNN room shows, after LeCun et al. 1998 with ReLU and max-pooling:
// conv 3x3 1->8, ReLU, max-pool 2, conv 3x3 8->16, ReLU, max-pool 2, dense 64, ReLU, dense 10 (padding 1).
#pragma once

#include <cstdint>

#include "engine/nn/sequential.h"

namespace trilens {

inline constexpr const char* digits_architecture = "conv 8 3, relu, max 2, conv 16 3, relu, max 2, dense 64, relu";

// Taps conv1, relu1, pool1, conv2, relu2, pool2, dense1, relu3, logits; the last dense layer's weights are logits.weight and logits.bias.
Sequential digits_network(Random& random);

// Records x [N, 1, 28, 28] through a network whose last layer gives class scores, and taps "probabilities" [N, classes]. Returns the
// scores.
Value classify(const Sequential& network, Value x);

}  // namespace trilens

// What the attribution methods need of a network: how to compute it, and which of its elements is asked about.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "engine/autograd/graph.h"

namespace trilens {

// Records the network on a batch of inputs [N, C, H, W]; named nodes are found in the graph afterwards.
using Forward = std::function<void(Graph&, Value input)>;

// A unit: a feature map (channel of [N, C, H, W]) or an element of a vector layer [N, F], of the node with this name.
struct Unit {
    std::string node;
    int64_t channel = 0;
};

}  // namespace trilens

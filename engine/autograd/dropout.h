// Dropout: Srivastava et al., JMLR 15, 2014, in the inverted form: what stays is scaled up, so inference changes nothing.
#pragma once

#include "engine/autograd/graph.h"

namespace trilens {

// While the graph trains, each element is set to 0 with this probability and else divided by 1 - probability; the choices come from
// Graph::random(). Otherwise x itself. Throws ValueError outside [0, 1).
Value dropout(Value x, float probability);

}  // namespace trilens

// Activations: functions of one element at a time. Any shape; the result has the shape of x.
#pragma once

#include "engine/autograd/graph.h"

namespace trilens {

Value relu(Value x);                             // max(0, x); derivative 0 at 0. Nair and Hinton 2010
Value leaky_relu(Value x, float slope = 0.01f);  // x where x > 0, else slope x
Value gelu(Value x);                             // x Phi(x), exact. Hendrycks and Gimpel 2016
Value tanh(Value x);
Value sigmoid(Value x);                          // 1 / (1 + e^-x)

}  // namespace trilens

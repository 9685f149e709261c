// Arithmetic of elements with NumPy's broadcasting: shapes are aligned at their last axis, an extent of 1 is repeated.
#pragma once

#include "engine/autograd/graph.h"

namespace trilens {

// Throw ShapeError if the shapes do not broadcast.
Value add(Value a, Value b);
Value subtract(Value a, Value b);
Value multiply(Value a, Value b);
Value divide(Value a, Value b);

Value scale(Value x, float factor);   // factor * x
Value exp(Value x);
Value log(Value x);                   // NaN below 0, -inf at 0
Value sqrt(Value x);
Value square(Value x);

// The shape that a and b broadcast to; `operation` is for the message of the ShapeError.
Shape broadcast_shape(const std::string& operation, const Shape& a, const Shape& b);

}  // namespace trilens

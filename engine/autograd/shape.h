// Rearranging without computing: every element of the result is one element of an input.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>

#include "engine/autograd/graph.h"

namespace trilens {

Value reshape(Value x, const Shape& shape);  // same elements in the same order; throws ShapeError if the counts differ
Value flatten(Value x);  // [N, ...] -> [N, rest]; throws ShapeError for a scalar
Value permute(Value x, std::initializer_list<int> axes);  // axis i of the result is axis axes[i] of x; throws ShapeError
Value transpose(Value x);  // the last two axes swapped
Value slice(Value x, int axis, int64_t begin, int64_t end);  // [begin, end) along one axis; throws ShapeError outside
Value concat(std::span<const Value> parts, int axis);  // along one axis; the others must be equal (ShapeError)

}  // namespace trilens

// Sums, means and maxima over axes, which are dropped from the shape unless kept with extent 1.
#pragma once

#include <initializer_list>

#include "engine/autograd/graph.h"

namespace trilens {

// Over the given axes (none given: over all). Throw ShapeError for an axis that does not exist or is named twice; mean and max also for
// a sum over nothing.
Value sum(Value x, std::initializer_list<int> axes = {}, bool keep_axes = false);
Value mean(Value x, std::initializer_list<int> axes = {}, bool keep_axes = false);
Value max(Value x, int axis, bool keep_axis = false);   // the gradient goes to the first of equal elements

}  // namespace trilens

// Softmax and the losses of classification and regression. Goodfellow, Bengio, Courville 2016, sections 4.1 and 6.2.2.
#pragma once

#include <cstdint>
#include <span>

#include "engine/autograd/graph.h"

namespace trilens {

// Over the last axis of any shape: exp(x_i) / sum_j exp(x_j), with the largest x subtracted first. Throw ShapeError for a scalar.
Value softmax(Value x);
Value log_softmax(Value x);

// scores [N, classes] before softmax, one class number for each row -> the mean over the batch of -log softmax(scores)[label], a scalar.
// A negative label is left out of the mean. Throws ShapeError if the counts differ or none is left, ValueError for a label beyond the
// classes.
Value cross_entropy(Value scores, std::span<const int32_t> labels);

// Mean over all elements of (x - target)^2, a scalar. Throws ShapeError if the shapes differ or are empty.
Value mean_squared_error(Value x, const Tensor& target);

}  // namespace trilens

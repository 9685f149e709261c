// How parameters start.
#pragma once

#include <cstdint>

#include "engine/random.h"
#include "engine/tensor.h"

namespace trilens {

// Uniform in [-1/sqrt(fan_in), 1/sqrt(fan_in)): PyTorch's default for linear and convolution layers, weight and bias alike.
Tensor fan_in_uniform(const Shape& shape, int64_t fan_in, Random& random);

// Normal with variance 2 / fan_in: keeps the scale of activations through ReLU. He et al. 2015, equation 10.
Tensor he_normal(const Shape& shape, int64_t fan_in, Random& random);

// Uniform in +-sqrt(6 / (fan_in + fan_out)). Glorot and Bengio 2010, equation 16; Keras's default.
Tensor glorot_uniform(const Shape& shape, int64_t fan_in, int64_t fan_out, Random& random);

// A random orthogonal matrix [size, size]: normal numbers, made orthogonal row by row (Gram and Schmidt, twice). All its eigenvalues have
// the absolute value 1, so that multiplying by it again and again neither grows nor shrinks a vector. Saxe, McClelland, Ganguli 2014.
Tensor orthogonal(int64_t size, Random& random);

}  // namespace trilens

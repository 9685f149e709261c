// Layer cost: what a convolution has to learn and to compute, beside the fully connected layer from the same inputs to the same outputs.
#pragma once

#include <cstdint>

#include "engine/tensor.h"

namespace trilens {

struct LayerCost {
    int64_t weights = 0, biases = 0;
    int64_t multiply_adds = 0;        // one addition of a product to a sum; products with the zeros of the padding count

    int64_t parameters() const { return weights + biases; }
};

// Weights K_h K_w C_in C_out, a bias for each of the C_out kernels, and every kernel once for each output cell. `kernel` is
// [C_out, C_in, K_h, K_w], `output` [N, C_out, H, W] with N = 1.
LayerCost convolution_cost(const Shape& kernel, const Shape& output);
// A weight for every pair of an input and an output, and a bias for each output.
LayerCost dense_cost(const Shape& input, const Shape& output);

}  // namespace trilens

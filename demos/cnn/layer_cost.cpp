// Counted off the shapes.
#include "demos/cnn/layer_cost.h"

namespace trilens {

LayerCost convolution_cost(const Shape& kernel, const Shape& output) {
    return {kernel.elements(), kernel[0], output.elements() * kernel[1] * kernel[2] * kernel[3]};
}

LayerCost dense_cost(const Shape& input, const Shape& output) {
    const int64_t pairs = input.elements() * output.elements();
    return {pairs, output.elements(), pairs};
}

}  // namespace trilens

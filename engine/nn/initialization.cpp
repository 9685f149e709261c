// Initial values drawn in row-major order, with our own square root: the same bits everywhere.
#include "engine/nn/initialization.h"

#include "engine/math.h"

namespace trilens {
namespace {

void check_fan(const char* name, int64_t fan) {
    if (fan < 1) throw ValueError(std::string("initialization: ") + name + " " + std::to_string(fan) + ", expected at least 1");
}

Tensor uniform(const Shape& shape, float bound, Random& random) {
    Tensor tensor = Tensor::uninitialized(shape);
    for (float& value : tensor.values()) value = random.uniform(-bound, bound);
    return tensor;
}

}  // namespace

Tensor fan_in_uniform(const Shape& shape, int64_t fan_in, Random& random) {
    check_fan("fan_in", fan_in);
    return uniform(shape, 1 / math::sqrt(static_cast<float>(fan_in)), random);
}

Tensor he_normal(const Shape& shape, int64_t fan_in, Random& random) {
    check_fan("fan_in", fan_in);
    const float deviation = math::sqrt(2 / static_cast<float>(fan_in));
    Tensor tensor = Tensor::uninitialized(shape);
    for (float& value : tensor.values()) value = deviation * random.normal();
    return tensor;
}

Tensor glorot_uniform(const Shape& shape, int64_t fan_in, int64_t fan_out, Random& random) {
    check_fan("fan_in + fan_out", fan_in + fan_out);
    return uniform(shape, math::sqrt(6 / static_cast<float>(fan_in + fan_out)), random);
}

}  // namespace trilens

// Initial values drawn in row-major order, with our own square root: the same bits everywhere.
#include "engine/nn/initialization.h"

#include "engine/kernels/elementwise.h"
#include "engine/kernels/reduction.h"
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

Tensor orthogonal(int64_t size, Random& random) {
    Tensor matrix = Tensor::uninitialized(Shape{size, size});
    for (float& value : matrix.values()) value = random.normal();
    for (int64_t i = 0; i < size; ++i) {
        float* row = matrix.data() + i * size;
        // The second pass takes off what rounding left of the first.
        for (int pass = 0; pass < 2; ++pass)
            for (int64_t j = 0; j < i; ++j) {
                const float* other = matrix.data() + j * size;
                kernels::add_scaled(size, -kernels::dot(size, row, other), other, row);
            }
        kernels::scale(size, 1 / math::sqrt(kernels::dot(size, row, row)), row, row);
    }
    return matrix;
}

}  // namespace trilens

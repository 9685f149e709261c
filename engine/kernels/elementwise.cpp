// Functions of one element at a time: loops over vectors, over ranges that the pool shares out.
#include "engine/kernels/elementwise.h"

#include <algorithm>

#include "engine/math.h"
#include "engine/parallel.h"
#include "engine/simd.h"

namespace trilens::kernels {
namespace {

using simd::Floats;
using simd::select;

constexpr int64_t grain = 16384;             // elements worth another thread, for one or two operations each
constexpr int64_t elementary_grain = 4096;   // for the elementary functions

// `function` is written once over vectors of any width; what is left at the end goes through a partly filled one. By hand and
// not left to the compiler, which gives up where an output is also an input.
template <class F>
void map(int64_t count, const float* x, float* y, F function) {
    parallel_for(count, grain, [=](int64_t begin, int64_t end) {
        int64_t i = begin;
        for (; i + simd::width <= end; i += simd::width) simd::store(y + i, function(simd::load(x + i)));
        if (i < end) simd::store_part(y + i, function(simd::load_part(x + i, end - i)), end - i);
    });
}
template <class F>
void map(int64_t count, const float* a, const float* b, float* y, F function) {
    parallel_for(count, grain, [=](int64_t begin, int64_t end) {
        int64_t i = begin;
        for (; i + simd::width <= end; i += simd::width) simd::store(y + i, function(simd::load(a + i), simd::load(b + i)));
        if (i < end) simd::store_part(y + i, function(simd::load_part(a + i, end - i), simd::load_part(b + i, end - i)), end - i);
    });
}

using Elementary = void (*)(std::span<const float>, std::span<float>);
void map(int64_t count, Elementary function, const float* x, float* y) {
    parallel_for(count, elementary_grain, [=](int64_t begin, int64_t end) {
        const auto size = static_cast<size_t>(end - begin);
        function({x + begin, size}, {y + begin, size});
    });
}

}  // namespace

void fill(int64_t count, float value, float* y) {
    parallel_for(count, grain, [=](int64_t begin, int64_t end) { std::fill(y + begin, y + end, value); });
}
void scale(int64_t count, float factor, const float* x, float* y) {
    map(count, x, y, [=](Floats v) { return factor * v; });
}
void add_scaled(int64_t count, float factor, const float* x, float* y) {
    map(count, y, x, y, [=](Floats sum, Floats v) { return sum + factor * v; });
}
void add_into(int64_t count, const float* x, float* y) {
    map(count, y, x, y, [](Floats sum, Floats v) { return sum + v; });
}

void relu_forward(int64_t count, const float* x, float* y) {
    // Not "v <= 0 ? 0 : v": Clang 19 makes WebAssembly's pmax of that, which keeps -0. The second term is what keeps NaN.
    map(count, x, y, [](Floats v) { return select(v > 0.0f, v, Floats{}) + select(v != v, v, Floats{}); });
}
void relu_backward(int64_t count, const float* x, const float* dy, float* dx) {
    map(count, x, dy, dx, [](Floats v, Floats d) { return select(v > 0.0f, d, Floats{}); });
}
void leaky_relu_forward(int64_t count, float slope, const float* x, float* y) {
    map(count, x, y, [=](Floats v) { return select(v > 0.0f, v, slope * v); });
}
void leaky_relu_backward(int64_t count, float slope, const float* x, const float* dy, float* dx) {
    map(count, x, dy, dx, [=](Floats v, Floats d) { return select(v > 0.0f, d, slope * d); });
}
void gelu_forward(int64_t count, const float* x, float* y) { map(count, math::gelu, x, y); }
void gelu_backward(int64_t count, const float* x, const float* dy, float* dx) {
    parallel_for(count, elementary_grain, [=](int64_t begin, int64_t end) {
        constexpr int64_t block = 256;
        float slope[block];
        for (int64_t i = begin; i < end; i += block) {
            const int64_t size = std::min(block, end - i);
            math::gelu_derivative({x + i, static_cast<size_t>(size)}, slope);
            for (int64_t j = 0; j < size; ++j) dx[i + j] = dy[i + j] * slope[j];
        }
    });
}
void tanh_forward(int64_t count, const float* x, float* y) { map(count, math::tanh, x, y); }
void tanh_backward(int64_t count, const float* y, const float* dy, float* dx) {
    map(count, y, dy, dx, [](Floats v, Floats d) { return d * (1.0f - v * v); });
}
void sigmoid_forward(int64_t count, const float* x, float* y) { map(count, math::sigmoid, x, y); }
void sigmoid_backward(int64_t count, const float* y, const float* dy, float* dx) {
    map(count, y, dy, dx, [](Floats v, Floats d) { return d * v * (1.0f - v); });
}
void exp_forward(int64_t count, const float* x, float* y) { map(count, math::exp, x, y); }
void log_forward(int64_t count, const float* x, float* y) { map(count, math::log, x, y); }
void sqrt_forward(int64_t count, const float* x, float* y) { map(count, math::sqrt, x, y); }
void sqrt_backward(int64_t count, const float* y, const float* dy, float* dx) {
    map(count, y, dy, dx, [](Floats v, Floats d) { return d / (2.0f * v); });
}
void sin_forward(int64_t count, const float* x, float* y) { map(count, math::sin, x, y); }
void cos_forward(int64_t count, const float* x, float* y) { map(count, math::cos, x, y); }

}  // namespace trilens::kernels

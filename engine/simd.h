// Vectors of floats over the compiler's vector extensions (GCC, Clang, Emscripten): the one place that knows an instruction set.
// Strict IEEE arithmetic lane by lane, no fused multiply-add, no reassociation, so a result never depends on the width; the width
// is chosen at compile time: 16 with AVX-512, 8 with AVX, else 4 (SSE, NEON, WebAssembly SIMD128).
#pragma once

#include <cstdint>
#include <cstring>

namespace trilens::simd {

#if defined(__AVX512F__)
inline constexpr int width = 16;
#elif defined(__AVX__)
inline constexpr int width = 8;
#else
inline constexpr int width = 4;
#endif

template <int W>
struct Lanes {
    typedef float Floats __attribute__((vector_size(W * sizeof(float))));
    typedef int32_t Ints __attribute__((vector_size(W * sizeof(int32_t))));
    typedef double Doubles __attribute__((vector_size(W * sizeof(double))));
    typedef int64_t Longs __attribute__((vector_size(W * sizeof(int64_t))));
};
template <int W>
using FloatsOf = typename Lanes<W>::Floats;
template <int W>
using IntsOf = typename Lanes<W>::Ints;   // also what a comparison gives: -1 for true, 0 for false
template <int W>
using DoublesOf = typename Lanes<W>::Doubles;
template <int W>
using LongsOf = typename Lanes<W>::Longs;

using Floats = FloatsOf<width>;
using Ints = IntsOf<width>;

// Any address: memcpy becomes one unaligned load or store.
template <int W = width>
inline FloatsOf<W> load(const float* from) {
    FloatsOf<W> lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
}
template <class V>
inline void store(float* to, V lanes) {
    std::memcpy(to, &lanes, sizeof lanes);
}

template <int W = width>
inline FloatsOf<W> splat(float value) {
    return value - FloatsOf<W>{};
}   // x - 0 is x, also for -0 and NaN
template <int W = width>
inline IntsOf<W> splat(int32_t value) {
    return value + IntsOf<W>{};
}

// The lanes [0, count) of memory, the others 0; and back.
template <int W = width>
inline FloatsOf<W> load_part(const float* from, int64_t count) {
    FloatsOf<W> lanes{};
    std::memcpy(&lanes, from, static_cast<size_t>(count) * sizeof(float));
    return lanes;
}
template <class V>
inline void store_part(float* to, V lanes, int64_t count) {
    std::memcpy(to, &lanes, static_cast<size_t>(count) * sizeof(float));
}

template <class V, class M>
inline V select(M mask, V yes, V no) {
    return mask ? yes : no;
}

// The bits of one kind of lane as another of the same size.
template <class To, class From>
inline To bits_as(From lanes) {
    static_assert(sizeof(To) == sizeof(From));
    return reinterpret_cast<To>(lanes);
}

template <class V>
inline V square_root(V lanes) {
    for (size_t lane = 0; lane < sizeof(V) / sizeof(float); ++lane) lanes[lane] = __builtin_sqrtf(lanes[lane]);
    return lanes;
}

// Eight values as those at even and those at odd places.
inline void part(FloatsOf<4> first, FloatsOf<4> second, FloatsOf<4>& even, FloatsOf<4>& odd) {
    even = __builtin_shufflevector(first, second, 0, 2, 4, 6);
    odd = __builtin_shufflevector(first, second, 1, 3, 5, 7);
}

// Four rows of four become four columns.
inline void transpose(FloatsOf<4> (&rows)[4]) {
    const auto low01 = __builtin_shufflevector(rows[0], rows[1], 0, 4, 1, 5),
               high01 = __builtin_shufflevector(rows[0], rows[1], 2, 6, 3, 7);
    const auto low23 = __builtin_shufflevector(rows[2], rows[3], 0, 4, 1, 5),
               high23 = __builtin_shufflevector(rows[2], rows[3], 2, 6, 3, 7);
    rows[0] = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
    rows[1] = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
    rows[2] = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
    rows[3] = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
}

}  // namespace trilens::simd

// The peak: a = a * x + y, rounded twice, in so many independent vectors that no result is waited for.
#include <algorithm>

#include "bench/measure.h"
#include "engine/parallel.h"
#include "engine/simd.h"

namespace trilens::bench {
namespace {

volatile float factor_given = 0.9990234375f, term_given = 0.0009765625f, sink;   // volatile: no call may be left out

template <int chains, int unrolled>
[[gnu::noinline]] float multiply_add(int64_t rounds, float x, float y) {
    simd::Floats sums[chains];
    for (int i = 0; i < chains; ++i) sums[i] = simd::splat(static_cast<float>(i) * 0.01f);
    const simd::Floats factor = simd::splat(x), term = simd::splat(y);
    for (int64_t r = 0; r < rounds; r += unrolled) {
        for (int u = 0; u < unrolled; ++u) {
            for (int i = 0; i < chains; ++i) sums[i] = sums[i] * factor + term;
        }
    }
    for (int i = 1; i < chains; ++i) sums[0] += sums[i];
    return sums[0][0];
}

template <int chains, int unrolled>
double gflops() {
    constexpr int64_t rounds = 8000;
    const int all = threads();
    const double each = best_seconds([&] {
        parallel_for(int64_t{all} * 8, 1, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) sink = multiply_add<chains, unrolled>(rounds, factor_given, term_given);
        });
    });
    return 2.0 * simd::width * chains * rounds * 8 * all / each / 1e9;
}

}  // namespace

double peak_gflops() {
    return std::max({gflops<8, 1>(), gflops<10, 1>(), gflops<12, 1>(), gflops<8, 4>(), gflops<10, 4>(), gflops<12, 4>(), gflops<13, 4>()});
}

}  // namespace trilens::bench

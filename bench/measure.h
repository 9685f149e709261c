// Measuring: the best of several short bursts (other programs only ever slow one down), and the most that this core can do:
// independent chains of multiply and add, in a function that is called many times so that a browser optimises it.
#pragma once

#include <chrono>
#include <cstdint>

namespace trilens::bench {

inline double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// Seconds that one call of work() takes.
template <class F>
double best_seconds(F work, double burst = 0.002, int bursts = 40) {
    const double start = seconds();
    int64_t warm_up = 0;
    while (warm_up < 3 || (seconds() - start < 0.03 && warm_up < 2000)) {   // calls, not only time: they make an engine optimise
        work();
        ++warm_up;
    }
    const double once = (seconds() - start) / static_cast<double>(warm_up);
    const auto calls = static_cast<int64_t>(burst / once) + 1;
    double best = 1e30;
    for (int i = 0; i < bursts; ++i) {
        const double begin = seconds();
        for (int64_t call = 0; call < calls; ++call) work();
        const double each = (seconds() - begin) / static_cast<double>(calls);
        if (each < best) best = each;
    }
    return best;
}

// GFLOP/s of strict multiply and add with all threads of the pool at once.
double peak_gflops();

}  // namespace trilens::bench

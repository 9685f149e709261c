// The pool: ranges cover everything once, nested and competing calls run inline, exceptions come home.
#include "engine/parallel.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <vector>

#include "engine/errors.h"

#if !defined(__EMSCRIPTEN__) || defined(__EMSCRIPTEN_PTHREADS__)
#include <thread>
#endif

using namespace trilens;

namespace {

// How often each of `count` items was visited.
std::vector<int> visits(int64_t count, int64_t grain) {
    std::vector<int> times(static_cast<size_t>(count));
    parallel_for(count, grain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) ++times[static_cast<size_t>(i)];
    });
    return times;
}

struct Threads {
    explicit Threads(int count) { set_threads(count); }
    ~Threads() { set_threads(1); }
};

}  // namespace

TEST_CASE("every item is visited once, for any count, grain and number of threads") {
    for (const int threads : {1, 2, 3, 5}) {
        const Threads pool(threads);
        for (const int64_t count : {0, 1, 2, 7, 64, 1000}) {
            for (const int64_t grain : {0, 1, 3, 100, 5000}) CHECK(visits(count, grain) == std::vector<int>(static_cast<size_t>(count), 1));
        }
    }
}

TEST_CASE("ranges are at least as long as the grain, but for the last") {
    const Threads pool(3);
    std::atomic<int> short_ranges{0};
    parallel_for(1000, 64, [&](int64_t begin, int64_t end) {
        if (end - begin < 64 && end != 1000) ++short_ranges;
    });
    CHECK(short_ranges == 0);
}

TEST_CASE("thousands of jobs one after the other lose nothing") {
    const Threads pool(3);
    std::atomic<int64_t> sum{0};
    for (int job = 0; job < 5000; ++job) {
        parallel_for(8, 1, [&](int64_t begin, int64_t end) { sum += end - begin; });
    }
    CHECK(sum == 40000);
}

TEST_CASE("a call inside a call runs inline") {
    const Threads pool(3);
    std::atomic<int> inner{0};
    parallel_for(6, 1, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            parallel_for(100, 1, [&](int64_t from, int64_t to) { inner += static_cast<int>(to - from); });
        }
    });
    CHECK(inner == 600);
}

TEST_CASE("an exception comes home after all ranges ended, and the pool goes on") {
    const Threads pool(3);
    std::atomic<int> visited{0};
    const auto throws_at_five = [&](int64_t begin, int64_t end) {
        visited += static_cast<int>(end - begin);
        if (begin <= 5 && 5 < end) throw std::runtime_error("five");
    };
    CHECK_THROWS_WITH_AS(parallel_for(12, 1, throws_at_five), "five", std::runtime_error);
    CHECK(visited == 12);
    CHECK(visits(50, 1) == std::vector<int>(50, 1));
}

TEST_CASE("a number of threads outside [1, 64] is refused") {
    CHECK_THROWS_AS(set_threads(0), ValueError);
    CHECK_THROWS_AS(set_threads(65), ValueError);
    CHECK(threads() == 1);
}

#if !defined(__EMSCRIPTEN__) || defined(__EMSCRIPTEN_PTHREADS__)
TEST_CASE("two callers at once both get their work done") {
    const Threads pool(2);
    std::atomic<int64_t> sum{0};
    const auto caller = [&] {
        for (int job = 0; job < 500; ++job) parallel_for(16, 1, [&](int64_t begin, int64_t end) { sum += end - begin; });
    };
    std::thread other(caller);
    caller();
    other.join();
    CHECK(sum == 16000);
}

TEST_CASE("workers that went to sleep wake up") {
    const Threads pool(2);
    for (int i = 0; i < 3; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        // Each of two ranges waits for the other: only two threads can end this.
        std::atomic<int> arrived{0};
        parallel_for(2, 1, [&](int64_t, int64_t) {
            ++arrived;
            while (arrived < 2) std::this_thread::yield();
        });
        CHECK(arrived == 2);
    }
}
#endif

// parallel_for: one pool of threads for the whole engine, sized by the host.
// A split never changes a sum: a body writes only what its own range owns, so results are bit-identical for any number of
// threads. The caller takes part in the work; a call made while the pool is busy with another caller's work runs
// inline, so nobody ever waits for somebody else's job (the browser's main thread must not).
#pragma once

#include <cstdint>
#include <functional>

namespace trilens {

// Sets how many threads compute, the caller included; 1 stops the pool. Call from one thread, while no work runs.
// Throws ValueError outside [1, 64].
void set_threads(int count);
int threads();

// While one lives, its thread computes alone: threads() is 1 there and parallel_for runs inline. For measuring what more threads bring.
class OneThread {
public:
    OneThread();
    ~OneThread();
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

private:
    bool before_;
};

// Calls body(begin, end) over disjoint ranges that cover [0, count), each of at least `grain` items (but the last).
// An exception in a body is rethrown in the caller after all ranges ended.
void parallel_for(int64_t count, int64_t grain, const std::function<void(int64_t begin, int64_t end)>& body);

}  // namespace trilens

// The pool: workers spin for a moment and then sleep; a job is a shared counter of ranges that everybody draws from.
// One atomic word holds (number of the job, open bit, workers inside). A worker gets inside by compare-and-swap while the job is
// open, so the caller closes it and waits only for those inside: a worker that never woke is never waited for.
#include "engine/parallel.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/errors.h"

#if !defined(__EMSCRIPTEN__) || defined(__EMSCRIPTEN_PTHREADS__)
#define TRILENS_POOL 1
#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>
#endif

namespace trilens {
namespace {

thread_local bool alone = false;

void check_thread_count(int count) {
    if (count < 1 || count > 64) throw ValueError("set_threads: " + std::to_string(count) + " threads, expected 1 to 64");
}

#if TRILENS_POOL

inline void pause() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

// About 30 microseconds: longer than the gaps between the kernels of one training step, shorter than anybody notices.
#if defined(__EMSCRIPTEN__)
constexpr int spins_before_sleep = 20000;
#else
constexpr int spins_before_sleep = 2000;
#endif
constexpr int ranges_per_thread = 4;   // so that a thread that is held up leaves its ranges to the others

class Pool {
public:
    using Body = std::function<void(int64_t, int64_t)>;

    // The caller holds busy_. Ranges are of `length` items.
    void run(int64_t count, int64_t length, const Body& body) {
        body_ = &body;
        count_ = count;
        length_ = length;
        next_.store(0, std::memory_order_relaxed);
        state_.store((state_.load(std::memory_order_relaxed) & ~low_mask) + one_job + open_bit);  // sequentially consistent with sleepers_
        if (sleepers_.load() > 0) {
            lock();  // a worker between its last look and its sleep holds the mutex: wait until it sleeps
            mutex_.unlock();
            wake_.notify_all();
        }
        work();
        state_.fetch_and(~open_bit, std::memory_order_acq_rel);
        for (int spin = 0; (state_.load(std::memory_order_acquire) & inside_mask) != 0; ++spin) {
            if (spin < spins_before_sleep) pause();
            else std::this_thread::yield();
        }
        body_ = nullptr;
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    }

    void worker() {
        uint64_t done = 0;
        while (!stop_.load(std::memory_order_acquire)) {
            if (enter(done)) {
                work();
                state_.fetch_sub(1, std::memory_order_release);
            } else {
                rest(done);
            }
        }
    }

    void stop() {
        {
            const std::lock_guard guard(mutex_);
            stop_.store(true, std::memory_order_release);
        }
        wake_.notify_all();
    }

private:
    static constexpr uint64_t inside_mask = 0x7fff, open_bit = 0x8000, low_mask = 0xffff, one_job = 0x10000;

    // The browser's main thread must not block; the mutex is only ever held for a few instructions.
    void lock() {
        while (!mutex_.try_lock()) pause();
    }

    bool fresh(uint64_t state, uint64_t done) const { return (state & open_bit) != 0 && state / one_job != done; }

    bool enter(uint64_t& done) {
        uint64_t state = state_.load(std::memory_order_acquire);
        while (fresh(state, done)) {
            if (state_.compare_exchange_weak(state, state + 1, std::memory_order_acq_rel)) {
                done = state / one_job;
                return true;
            }
        }
        return false;
    }

    void rest(uint64_t done) {
        for (int spin = 0; spin < spins_before_sleep; ++spin) {
            if (fresh(state_.load(std::memory_order_acquire), done) || stop_.load(std::memory_order_acquire)) return;
            pause();
        }
        std::unique_lock guard(mutex_);
        sleepers_.fetch_add(1);
        wake_.wait(guard, [&] { return fresh(state_.load(), done) || stop_.load(std::memory_order_acquire); });
        sleepers_.fetch_sub(1);
    }

    void work() {
        while (true) {
            const int64_t begin = next_.fetch_add(1, std::memory_order_relaxed) * length_;
            if (begin >= count_) return;
            try {
                (*body_)(begin, std::min(begin + length_, count_));
            } catch (...) {
                const std::lock_guard guard(mutex_);
                if (!failure_) failure_ = std::current_exception();
            }
        }
    }

    alignas(64) std::atomic<uint64_t> state_{0};
    alignas(64) std::atomic<int64_t> next_{0};
    alignas(64) std::atomic<int> sleepers_{0};
    std::atomic<bool> stop_{false};
    std::mutex mutex_;
    std::condition_variable wake_;
    const Body* body_ = nullptr;
    int64_t count_ = 0, length_ = 1;
    std::exception_ptr failure_;
};

// The threads share the pool's memory, so that on the web, where nobody may wait for them, they can end after it was replaced.
struct Crew {
    std::shared_ptr<Pool> pool;
    std::vector<std::thread> workers;

    void hire(int count) {
        pool = std::make_shared<Pool>();
        try {
            for (int i = 0; i < count; ++i) workers.emplace_back([pool = pool] { pool->worker(); });
        } catch (const std::system_error&) {  // the system has no more threads: compute with those that started
        }
    }
    void dismiss() {
        if (pool) pool->stop();
        for (std::thread& worker : workers) {
#if defined(__EMSCRIPTEN__)
            worker.detach();
#else
            worker.join();
#endif
        }
        workers.clear();
        pool.reset();
    }
    ~Crew() { dismiss(); }
};

Crew crew;
std::atomic<int> thread_count{1};
std::atomic<bool> busy{false};

#endif

}  // namespace

OneThread::OneThread() : before_(std::exchange(alone, true)) {}
OneThread::~OneThread() { alone = before_; }

#if TRILENS_POOL

void set_threads(int count) {
    check_thread_count(count);
    if (count == thread_count.load()) return;
    crew.dismiss();
    if (count > 1) crew.hire(count - 1);
    thread_count.store(1 + static_cast<int>(crew.workers.size()));
}

int threads() { return alone ? 1 : thread_count.load(std::memory_order_relaxed); }

void parallel_for(int64_t count, int64_t grain, const std::function<void(int64_t, int64_t)>& body) {
    if (count <= 0) return;
    const int64_t most = static_cast<int64_t>(threads()) * ranges_per_thread;
    const int64_t length = std::max({int64_t{1}, grain, (count + most - 1) / most});
    if (threads() == 1 || length >= count || busy.exchange(true, std::memory_order_acquire)) return body(0, count);
    struct Release {
        ~Release() { busy.store(false, std::memory_order_release); }
    } release;
    crew.pool->run(count, length, body);
}

#else

void set_threads(int count) { check_thread_count(count); }

int threads() { return 1; }

void parallel_for(int64_t count, int64_t, const std::function<void(int64_t, int64_t)>& body) {
    if (count > 0) body(0, count);
}

#endif

}  // namespace trilens

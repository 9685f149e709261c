// Job: long work that never freezes the screen. A room hands one out; Worker runs it, on a thread of its own where there
// are threads, else for 6 ms of each frame.
//
// The rule of threads: a Room, and everything of ImGui, is touched by the thread that draws and by no other. A Job owns
// what it computes on (its own weights, its own graph) and shares nothing with its room but what it publishes: immutable
// snapshots, swapped under the job's own lock (Published below) and taken by Room::update(). engine's parallel_for may be
// called from both threads at once.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/budget.h"

namespace trilens {

class Job {
public:
    virtual ~Job() = default;
    // Does at least one piece of the work, asks the budget before each further one, and returns whether more is left. Called by one
    // thread at a time, not always the same. An exception ends the job; the app shows it and emits 'error'.
    virtual bool step(const Budget& budget) = 0;
};

// The latest snapshot that one thread publishes and another takes.
template <typename T>
class Published {
public:
    void publish(std::shared_ptr<const T> value) {
        std::lock_guard lock(mutex_);
        value_ = std::move(value);
    }
    // The newest, or null if nothing was published since the last take().
    std::shared_ptr<const T> take() {
        std::lock_guard lock(mutex_);
        return std::exchange(value_, nullptr);
    }

private:
    std::mutex mutex_;
    std::shared_ptr<const T> value_;
};

// For so many milliseconds from now: of work that is done between two frames.
Budget time_budget(double milliseconds);

// Runs one job at a time.
class Worker {
public:
    explicit Worker(bool threaded) : threaded_(threaded) {}
    ~Worker();                                     // stops, and waits for the step that runs
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Starts `job`, or does nothing if it runs already; null or another job stops the one that runs after its step.
    void run(std::shared_ptr<Job> job);
    // Called once a frame: without threads, works for `milliseconds`. Rethrows what the job threw. Never blocks.
    void frame(double milliseconds = 6);
    bool busy() const;                             // until a frame() that found the job done

private:
    struct Task;
    static void work(std::shared_ptr<Task> task);
    void retire();

    bool threaded_, seen_ = true;
    std::shared_ptr<Task> task_;
    std::vector<std::shared_ptr<Task>> retired_;   // told to stop, perhaps in their last step
};

}  // namespace trilens

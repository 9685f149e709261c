// Worker: one task a job. A thread that was told to stop is never waited for but at the very end; it keeps its task alive.
#include "demos/job.h"

#include <chrono>
#include <exception>
#include <thread>

namespace trilens {

Budget time_budget(double milliseconds) {
    using clock = std::chrono::steady_clock;
    const auto end = clock::now() + std::chrono::duration_cast<clock::duration>(std::chrono::duration<double, std::milli>(milliseconds));
    return [end] { return clock::now() < end; };
}

struct Worker::Task {
    std::shared_ptr<Job> job;
    std::atomic<bool> stop{false};
    std::atomic<bool> done{false};
    std::atomic<bool> detached{false};
    std::exception_ptr error;  // written before `done`
};

void Worker::work(std::shared_ptr<Task> task) {
    task->detached.wait(false);
    try {
        const Budget until_stopped = [&stop = task->stop] { return !stop; };
        while (!task->stop && task->job->step(until_stopped)) {
        }
    } catch (...) {
        task->error = std::current_exception();
    }
    task->done = true;
}

Worker::~Worker() {
    if (task_) retire();
    for (const std::shared_ptr<Task>& task : retired_)
        while (!task->done) std::this_thread::yield();
}

void Worker::retire() {
    std::erase_if(retired_, [](const std::shared_ptr<Task>& task) { return task->done.load(); });
    task_->stop = true;
    if (threaded_) retired_.push_back(task_);
    task_ = nullptr;
}

void Worker::run(std::shared_ptr<Job> job) {
    if (task_ && task_->job == job) return;
    if (task_) retire();
    if (!job) return;
    task_ = std::make_shared<Task>();
    task_->job = std::move(job);
    seen_ = false;
    if (!threaded_) return;
    // A thread that has ended already would have to be joined to be detached, which a browser's main thread must not: the work waits.
    std::thread(work, task_).detach();
    task_->detached = true;
    task_->detached.notify_one();
}

void Worker::frame(double milliseconds) {
    if (!task_) return;
    if (!threaded_ && !task_->done) {
        try {
            if (!task_->job->step(time_budget(milliseconds))) task_->done = true;
        } catch (...) {
            task_->error = std::current_exception();
            task_->done = true;
        }
    }
    seen_ = task_->done;
    if (task_->done && task_->error) std::rethrow_exception(std::exchange(task_->error, nullptr));
}

bool Worker::busy() const { return task_ && !seen_; }

}  // namespace trilens

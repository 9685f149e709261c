// Live training of the digits network, on digits that the stroke generator draws: no download. The session owns a network of its own; the
// room takes the weights it publishes.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "demos/job.h"
#include "engine/data/strokes.h"
#include "engine/nn/sequential.h"
#include "engine/train/trainer.h"

namespace trilens {

struct TrainingGoal {
    int64_t steps = 0, epochs = 0;   // as many more of these; both 0: until stopped
};

class DigitsTraining : public std::enable_shared_from_this<DigitsTraining> {
public:
    static constexpr int64_t samples = 6000, batch = 64;

    // Starts from the weights of `network` (copied); `seed` orders the samples.
    DigitsTraining(const Sequential& network, uint64_t seed);

    // The work to hand to the app. One at a time; a second one waits for the first's last batch.
    std::shared_ptr<Job> run(const TrainingGoal& goal);
    void stop() { stopped_ = true; }
    bool running() const { return running_; }                     // until the last batch of the job is done
    std::shared_ptr<const TrainingSnapshot> snapshot() const { return trainer_->snapshot(); }

private:
    class Run;

    StrokeDigits data_;
    Sequential network_;
    std::unique_ptr<Trainer> trainer_;
    std::mutex stepping_;
    std::atomic<bool> stopped_{false}, running_{false};
};

}  // namespace trilens

// Slow motion: one step of training in four phases, each with its caption and its real numbers: forward, loss, backward, update. The first
// three show the learner's own drawing on its way through the network and back; the last one trains on a batch.
#pragma once

#include <string>

#include "demos/cnn/workbench.h"
#include "demos/stage.h"
#include "demos/training/run.h"

namespace trilens {

class SlowMotion {
public:
    enum class Phase { forward, loss, backward, update };

    bool on() const { return on_; }
    void start(double now);
    void stop() { on_ = false; }
    bool is_due(double now, const TrainingRun& run) const;  // whether the time of the next phase has come
    void next(double now, TrainingRun& run);  // goes on to it; at `update` it asks the run for one step
    Phase phase() const { return phase_; }
    std::string caption(const Workbench& bench, const TrainingRun& run) const;

private:
    bool on_ = false;
    Phase phase_ = Phase::forward;
    double since_ = 0;
};

// Four boxes in a row, the phase lit, and its caption below; returns the height used.
float draw_slow_motion(Stage& stage, const SlowMotion& motion, const std::string& caption, Rect area);

}  // namespace trilens

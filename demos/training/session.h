// Session: one run of training that a learner watches, whatever the model. The first contender is the learner's; others train beside it on
// the very same batches, so that their curves can be compared. The session owns all it computes on; rooms take the snapshots it publishes.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "demos/job.h"
#include "engine/train/evaluation.h"
#include "engine/train/thinned.h"
#include "engine/train/trainer.h"

namespace trilens {

struct Contender {
    std::shared_ptr<void> owner;  // of what the following point to
    std::vector<Parameter*> parameters;
    std::vector<Buffer> buffers;
    BuildLoss build;
};

struct SessionSetup {
    std::shared_ptr<const DataSet> data;
    Split split;
    TrainerSettings trainer;  // its history_bytes are for all contenders together
    int32_t classes = 0;  // 0: nothing to evaluate class by class
    std::vector<Contender> contenders;
};

// Immutable.
struct SessionSnapshot {
    std::vector<std::shared_ptr<const TrainingSnapshot>> contenders;
    std::vector<Tensor> gradients;  // of the first contender's parameters in its last step; empty before
    std::vector<float> gradient_norms;  // of its parameters, one row for each of contenders[0]->steps
    std::shared_ptr<const Evaluation> validation;  // of the first contender on the validation samples, sample numbers as in `tested`
    std::vector<int32_t> tested;  // the data set's number of each sample of `validation`
    int64_t evaluated_step = -1;

    const TrainingSnapshot& first() const { return *contenders.front(); }
};

class Session : public std::enable_shared_from_this<Session> {
public:
    // Throws ValueError for settings that make no sense.
    explicit Session(SessionSetup setup);

    struct Goal {
        int64_t steps = 0, epochs = 0;  // as many more of these; both 0: until stopped
        int64_t back_to = -1;  // instead: to this kept step (of snapshot()->first().restorable)
    };
    // The work to hand to the app. One at a time; a second one waits for the first's last batch. Its step() throws NonFiniteError when
    // the learner's run diverges; a contender that does so just stops.
    std::shared_ptr<Job> run(const Goal& goal);
    void stop() { stopped_ = true; }
    bool running() const { return running_; }  // until the last piece of the job is done
    void set_rate(float rate);  // of all contenders, from the next batch on

    // The last one published; asks the job that runs to make a new one after its next batch.
    std::shared_ptr<const SessionSnapshot> snapshot() const;

private:
    class Run;
    bool work(const Goal& goal, const Budget& budget);
    void train_one();
    void evaluate_some();
    bool evaluating() const { return evaluation_ != nullptr; }
    void start_evaluation();
    void note_gradients();
    void publish();

    SessionSetup setup_;
    std::vector<std::unique_ptr<Trainer>> trainers_;
    std::vector<bool> failed_;
    std::vector<Tensor> gradients_;
    struct GradientNorms {
        int64_t step = 0;
        std::vector<float> norms;  // one a parameter
    };
    Thinned<GradientNorms, &GradientNorms::step> gradient_norms_;
    std::shared_ptr<Evaluation> evaluation_;  // under way
    std::shared_ptr<const Evaluation> evaluated_;
    int64_t evaluated_step_ = -1;

    std::mutex working_;  // held by the job that works
    std::atomic<bool> stopped_{false}, running_{false};
    mutable std::atomic<bool> wanted_{false};
    mutable std::mutex published_mutex_;
    std::shared_ptr<const SessionSnapshot> published_;
};

}  // namespace trilens

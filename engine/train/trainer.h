// Trainer: mini-batch training that can be stopped after any batch, looked at from another thread, and wound back.
// Every batch is a function of (seed, epoch, number): a run resumed, wound back or cut into other pieces gives the same bits.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/autograd/graph.h"
#include "engine/budget.h"
#include "engine/data/outcome.h"
#include "engine/nn/layer.h"
#include "engine/train/optimizer.h"
#include "engine/train/thinned.h"
#include "engine/train/weight_history.h"

namespace trilens {

// Which samples are trained on and which are only looked at.
struct Split {
    std::vector<int32_t> training, validation;
};
// `validation_share` of 0 to 1 of the samples, chosen by the seed, rounded down; both parts in rising order. Throws ValueError.
Split random_split(int64_t samples, double validation_share, uint64_t seed);

struct TrainerSettings {
    OptimizerSettings optimizer;
    int64_t batch = 32, epochs = 10;
    int64_t warmup = 0;  // steps to the full rate, which falls afterwards (schedule.h); 0: always the full rate
    float clip = 0;  // the largest gradient norm; 0: no clipping
    uint64_t seed = 0;
    int64_t validation_batch = 256;
    int64_t history_bytes = int64_t{64} << 20;  // for going back in time; 0: no history
    int64_t history_interval = 1;  // steps between kept states, to begin with
};

struct StepMetrics {
    int64_t step = 0, epoch = 0;  // both from 0
    float loss = 0, accuracy = 0, gradient_norm = 0, rate = 0;
};
struct EpochMetrics {
    int64_t epoch = 0, step = 0;  // steps done by its end
    double training_loss = 0, training_accuracy = 0;  // mean over the epoch's batches, as they were trained on
    double validation_loss = 0, validation_accuracy = 0;  // over the validation samples at its end; 0 without any
};

// Why a run stopped for good: a number that is not finite.
struct TrainingFailure {
    enum class What { loss, gradient, validation_loss } what = What::loss;
    int64_t step = 0;  // the step that was not done; the weights are those before it
    std::string where;  // the first node, or the parameter, that holds it: "conv2 (conv2d)", "conv2.weight"
    std::string sentence;  // all of it, for people
};

// What a run has come to. Immutable: another thread may keep it as long as it likes.
struct TrainingSnapshot {
    int64_t step = 0, epoch = 0, steps_per_epoch = 0;
    bool finished = false;  // all epochs are done
    std::optional<TrainingFailure> failure;  // none while all is well
    float rate = 0;
    // Of a long run the latest, and every k-th of those before (thinned.h): they are found by their numbers.
    std::vector<StepMetrics> steps;
    std::vector<EpochMetrics> epochs;
    std::vector<std::string> names;  // parameters, then buffers
    std::vector<Tensor> weights;  // copies, in the order of `names`
    std::vector<int64_t> restorable;  // steps that restore() can go back to
};

class Trainer {
public:
    // Everything given must outlive the trainer. Throws ValueError for settings out of range or a split that names samples that are not
    // there or has none to train on.
    Trainer(std::vector<Parameter*> parameters, std::vector<Buffer> buffers, BuildLoss build, const DataSet& data, Split split,
            const TrainerSettings& settings);

    // Trains: at least one mini-batch (or, at the end of an epoch, one batch of validation), more while the budget says so. Returns whether
    // more is left.
    // Throws NonFiniteError when the loss or a gradient is infinite or NaN, naming the first node that is; the weights stay those before
    // that step.
    // So too for the loss of validation, where the weights are those of the epoch's last step; restore() goes back before it.
    bool step(const Budget& budget);

    // One batch of that, and no snapshot of it: a snapshot copies the metrics of every step before, which is too much to do after each.
    bool step_once();
    // Makes the snapshot of now.
    void publish();

    // From any thread:
    void stop() { stopped_ = true; }  // the step() that runs, or else the next, returns after one more batch; the one after it goes on
    void set_rate(float rate);  // from the next batch on, nothing is reset; throws ValueError unless finite and >= 0
    float rate() const { return rate_; }
    std::shared_ptr<const TrainingSnapshot> snapshot() const;  // the last one made; asks step() to make a new one after its next batch

    // From the thread that calls step(), between its calls:
    int64_t steps() const { return step_; }
    int64_t epoch() const { return step_ / steps_per_epoch_; }
    int64_t steps_per_epoch() const { return steps_per_epoch_; }
    bool finished() const;
    bool validating() const { return validated_ >= 0; }  // at the end of an epoch, before its metrics are there
    // Back to the start: weights, optimizer, metrics as they were made; the second form with another order of samples.
    void reset();
    void reset(uint64_t seed);
    // Back to a kept state, or forth again; training on from there gives the bits it gave the first time. What lies after it is forgotten
    // only when training goes on. Throws ValueError naming the nearest steps.
    void restore(int64_t step);
    const WeightHistory& history() const { return history_; }

private:
    void train_batch();
    void validate_batch();
    void end_epoch();
    std::vector<int32_t> samples_of(int64_t step);
    TrainingState state() const;
    void load(const TrainingState& state);
    [[noreturn]] void fail(TrainingFailure::What what, std::string where, const std::string& sentence);
    [[noreturn]] void fail(TrainingFailure::What what, const Graph& graph, float loss);
    void start_epoch_sums();
    void forget_future();

    std::vector<Parameter*> parameters_;
    std::vector<Buffer> buffers_;
    BuildLoss build_;
    const DataSet& data_;
    Split split_;
    TrainerSettings settings_;
    Optimizer optimizer_;
    TrainingState start_;
    WeightHistory history_;

    int64_t step_ = 0, steps_per_epoch_ = 1;
    int64_t validated_ = -1;  // validation samples seen at this epoch's end; -1 while training
    double epoch_loss_ = 0, epoch_correct_ = 0, validation_loss_ = 0, validation_correct_ = 0;
    std::vector<int32_t> order_;  // the training samples of epoch order_epoch_, shuffled
    int64_t order_epoch_ = -1;
    Thinned<StepMetrics, &StepMetrics::step> step_metrics_;
    Thinned<EpochMetrics, &EpochMetrics::epoch> epoch_metrics_;
    std::optional<TrainingFailure> failure_;

    std::atomic<float> rate_;
    std::atomic<bool> stopped_{false};
    mutable std::atomic<bool> wanted_{false};
    mutable std::mutex published_mutex_;
    std::shared_ptr<const TrainingSnapshot> published_;
};

}  // namespace trilens

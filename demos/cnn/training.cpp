// A session of training, and the job that runs it up to a goal.
#include "demos/cnn/training.h"

#include <algorithm>
#include <limits>

#include "engine/autograd/loss.h"
#include "engine/models/digits.h"

namespace trilens {

namespace {

constexpr int64_t never = std::numeric_limits<int64_t>::max() / 4;

Sequential copy_of(const Sequential& network, uint64_t seed) {
    Random random(seed);
    Sequential copy = digits_network(random);
    const auto from = network.parameters(), to = copy.parameters();
    for (size_t i = 0; i < to.size(); ++i) to[i]->value = from[i]->value.clone();
    return copy;
}

}  // namespace

class DigitsTraining::Run : public Job {
public:
    Run(std::shared_ptr<DigitsTraining> session, const TrainingGoal& goal) : session_(std::move(session)), goal_(goal) {}

    bool step(const Budget& budget) override {
        const std::lock_guard only_one(session_->stepping_);
        Trainer& trainer = *session_->trainer_;
        if (!started_) {
            started_ = true;
            const auto now = trainer.snapshot();
            if (goal_.steps > 0) last_step_ = now->step + goal_.steps;
            if (goal_.epochs > 0) last_epoch_ = static_cast<int64_t>(now->epochs.size()) + goal_.epochs;
        }
        bool more = false;
        try {
            more = trainer.step([&] { return !session_->stopped_ && trainer.steps() < last_step_ && budget(); });
        } catch (...) {
            session_->running_ = false;
            throw;
        }
        const auto now = trainer.snapshot();
        more = more && !session_->stopped_ && now->step < last_step_ && static_cast<int64_t>(now->epochs.size()) < last_epoch_;
        if (!more) session_->running_ = false;
        return more;
    }

private:
    std::shared_ptr<DigitsTraining> session_;
    TrainingGoal goal_;
    bool started_ = false;
    int64_t last_step_ = never, last_epoch_ = never;
};

DigitsTraining::DigitsTraining(const Sequential& network, uint64_t seed) : data_(samples, seed), network_(copy_of(network, seed)) {
    TrainerSettings settings;
    settings.optimizer.rate = 2e-3f;
    settings.batch = batch;
    settings.epochs = 1000;
    settings.seed = seed;
    settings.history_bytes = int64_t{16} << 20;
    const auto loss = [this](Graph& graph, const Batch& samples_now) {
        const Value scores = network_.forward(graph.input(samples_now.inputs, "input"));
        return Outcome{cross_entropy(scores, samples_now.labels), scores};
    };
    trainer_ =
        std::make_unique<Trainer>(network_.parameters(), network_.buffers(), loss, data_, random_split(samples, 0.15, seed), settings);
}

std::shared_ptr<Job> DigitsTraining::run(const TrainingGoal& goal) {
    stopped_ = false;
    running_ = true;
    return std::make_shared<Run>(shared_from_this(), goal);
}

}  // namespace trilens

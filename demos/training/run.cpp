// From what a session publishes to what a room shows.
#include "demos/training/run.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/errors.h"

namespace trilens {

namespace {

int64_t last_epoch_of(const TrainingSnapshot& run) { return run.epochs.empty() ? -1 : run.epochs.back().epoch; }

// Of one epoch, for each contender that has come so far.
nlohmann::json contenders(const SessionSnapshot& progress, int64_t epoch) {
    nlohmann::json out = nlohmann::json::array();
    for (const auto& run : progress.contenders) {
        const auto found = std::ranges::lower_bound(run->epochs, epoch, {}, &EpochMetrics::epoch);
        if (found == run->epochs.end() || found->epoch != epoch) continue;
        const EpochMetrics& metrics = *found;
        int64_t parameters = 0;
        for (const Tensor& tensor : run->weights) parameters += tensor.elements();
        out.push_back({{"parameters", parameters},
                       {"accuracy", metrics.training_accuracy},
                       {"loss", metrics.training_loss},
                       {"validation_accuracy", metrics.validation_accuracy},
                       {"validation_loss", metrics.validation_loss}});
    }
    return out;
}

nlohmann::json epoch_metrics(int64_t step, const EpochMetrics& epoch) {
    return {{"step", step},
            {"epoch", epoch.epoch + 1},
            {"loss", epoch.training_loss},
            {"accuracy", epoch.training_accuracy},
            {"validation_loss", epoch.validation_loss},
            {"validation_accuracy", epoch.validation_accuracy}};
}

}  // namespace

void TrainingRun::start() {
    if (session_) return;
    session_ = std::make_shared<Session>(room_.setup());
    progress_ = session_->snapshot();
    ++version_;
}

void TrainingRun::train(const Training& wanted) {
    if (!wanted.on) {
        if (!running()) host_->emit("done", nlohmann::json::object());  // who waits for the end need not wait for ever
        pause();
        return;
    }
    start();
    if (progress_->first().failure) throw ValueError(progress_->first().failure->sentence);
    job_ = session_->run({.steps = wanted.steps, .epochs = wanted.epochs});
    host_->changed();
}

void TrainingRun::pause() {
    if (session_) session_->stop();
}

void TrainingRun::back_to(int64_t step) {
    if (!session_) throw ValueError("nothing was trained yet: there is no step " + std::to_string(step) + " to go back to");
    session_->stop();
    job_ = session_->run({.back_to = step});
    host_->changed();
}

void TrainingRun::set_rate(float rate) {
    if (session_) session_->set_rate(rate);
}

void TrainingRun::end() {
    pause();
    if (job_) host_->emit("done", metrics());
    job_ = nullptr;
}

void TrainingRun::forget() {
    end();
    session_ = nullptr;
    progress_ = nullptr;
    ++version_;
}

void TrainingRun::update() {
    if (!job_) return;
    const bool ended = !session_->running();   // asked first: what it published last is then in the snapshot
    const auto now = session_->snapshot();
    if (now != progress_) {
        const int64_t last_epoch = progress_ ? last_epoch_of(progress_->first()) : -1;
        const bool moved = !progress_ || progress_->contenders.front() != now->contenders.front();
        progress_ = now;
        ++version_;
        if (moved) room_.take(*now);
        tell(last_epoch);
    }
    if (!ended) return;
    job_ = nullptr;
    host_->emit("done", metrics());
    host_->changed();
}

void TrainingRun::tell(int64_t last_epoch) const {
    const TrainingSnapshot& now = progress_->first();
    if (!now.steps.empty())
        host_->emit("step", {{"step", now.step}, {"loss", now.steps.back().loss}, {"accuracy", now.steps.back().accuracy}});
    for (const EpochMetrics& epoch : now.epochs) {
        if (epoch.epoch <= last_epoch) continue;
        nlohmann::json metrics = epoch_metrics(epoch.step, epoch);
        if (progress_->contenders.size() > 1) metrics["contenders"] = contenders(*progress_, epoch.epoch);
        host_->emit("epoch", metrics);
    }
}

nlohmann::json TrainingRun::metrics() const {
    const TrainingSnapshot& now = progress_->first();
    nlohmann::json out = now.epochs.empty() ? nlohmann::json{{"step", now.step}} : epoch_metrics(now.step, now.epochs.back());
    if (now.epochs.empty() && !now.steps.empty()) out.update({{"loss", now.steps.back().loss}, {"accuracy", now.steps.back().accuracy}});
    if (progress_->validation && progress_->evaluated_step == now.step) out["test_accuracy"] = progress_->validation->accuracy();
    return out;
}

}  // namespace trilens

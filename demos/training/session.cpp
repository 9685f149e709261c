// A job alternates between the contenders, batch by batch, and evaluates the learner's at the end of each epoch and of itself.
#include "demos/training/session.h"

#include <algorithm>
#include <limits>

#include "engine/errors.h"

namespace trilens {

namespace {

constexpr int64_t evaluation_batch = 128;  // at most: a model whose batches are large has smaller ones

}  // namespace

class Session::Run : public Job {
public:
    Run(std::shared_ptr<Session> session, const Goal& goal) : session_(std::move(session)), goal_(goal) {}

    bool step(const Budget& budget) override {
        const std::lock_guard only_one(session_->working_);
        if (!started_) start();
        bool more = false;
        try {
            more = session_->work(goal_, budget);
        } catch (...) {
            session_->publish();
            session_->running_ = false;
            throw;
        }
        session_->publish();
        if (!more) session_->running_ = false;
        return more;
    }

private:
    // The goal counts from where the run stands when its turn comes.
    void start() {
        started_ = true;
        const Trainer& first = *session_->trainers_.front();
        const auto never = std::numeric_limits<int64_t>::max();
        if (goal_.back_to >= 0) return;
        const int64_t epochs = goal_.epochs > 0 ? (first.epoch() + goal_.epochs) * first.steps_per_epoch() : never;
        goal_.steps = std::min(goal_.steps > 0 ? first.steps() + goal_.steps : never, epochs);
    }

    std::shared_ptr<Session> session_;
    Goal goal_;
    bool started_ = false;
};

Session::Session(SessionSetup setup) : setup_(std::move(setup)), failed_(setup_.contenders.size()) {
    if (setup_.contenders.empty()) throw ValueError("session: nothing to train");
    setup_.trainer.history_bytes /= static_cast<int64_t>(setup_.contenders.size());
    for (const Contender& each : setup_.contenders)
        trainers_.push_back(
            std::make_unique<Trainer>(each.parameters, each.buffers, each.build, *setup_.data, setup_.split, setup_.trainer));
    publish();
}

std::shared_ptr<Job> Session::run(const Goal& goal) {
    stopped_ = false;
    running_ = true;
    return std::make_shared<Run>(shared_from_this(), goal);
}

void Session::set_rate(float rate) {
    for (const auto& trainer : trainers_) trainer->set_rate(rate);
}

// At least one piece: one batch of every contender, or one of evaluation. Returns whether more is left of the goal.
bool Session::work(const Goal& goal, const Budget& budget) {
    Trainer& first = *trainers_.front();
    if (goal.back_to >= 0) {
        for (size_t i = 0; i < trainers_.size(); ++i) {
            // Contenders of another size keep other steps: the last one before, from which they catch up.
            const auto kept = trainers_[i]->history().steps();
            trainers_[i]->restore(i == 0 ? goal.back_to : *std::prev(std::upper_bound(kept.begin() + 1, kept.end(), goal.back_to)));
            failed_[i] = false;
        }
        gradients_.clear();
        start_evaluation();
        while (evaluating()) evaluate_some();
        return false;
    }
    do {
        if (evaluating()) {
            evaluate_some();
        } else if (!first.validating() && (stopped_ || first.steps() >= goal.steps || first.finished())) {
            if (evaluated_step_ == first.steps()) return false;
            start_evaluation();
        } else {
            const bool validated = first.validating();
            train_one();
            if (validated && !first.validating() && evaluated_step_ != first.steps()) start_evaluation();
        }
        if (wanted_.exchange(false)) publish();
    } while (budget());
    return true;
}

void Session::train_one() {
    const int64_t before = trainers_.front()->steps();
    trainers_.front()->step_once();
    if (trainers_.front()->steps() > before) note_gradients();
    // The others follow until they stand where the first does.
    for (size_t i = 1; i < trainers_.size(); ++i) {
        try {
            const auto behind = [&](const Trainer& other, const Trainer& first) {
                return other.steps() < first.steps() || (other.validating() && !first.validating());
            };
            while (!failed_[i] && behind(*trainers_[i], *trainers_.front())) trainers_[i]->step_once();
        } catch (const NonFiniteError&) {
            failed_[i] = true;
        }
    }
}

void Session::note_gradients() {
    const auto& parameters = setup_.contenders.front().parameters;
    GradientNorms row{trainers_.front()->steps() - 1, {}};
    gradients_.clear();
    for (Parameter* parameter : parameters) {
        row.norms.push_back(gradient_norm(std::span(&parameter, 1)));
        gradients_.push_back(parameter->gradient.clone());
    }
    gradient_norms_.forget_from(row.step);
    gradient_norms_.push(std::move(row));
}

void Session::start_evaluation() {
    if (setup_.classes < 2 || setup_.split.validation.empty()) {
        evaluated_step_ = trainers_.front()->steps();
        return;
    }
    evaluation_ = std::make_shared<Evaluation>(setup_.classes);
}

void Session::evaluate_some() {
    const auto& samples = setup_.split.validation;
    const int64_t from = evaluation_->samples();
    const int64_t count = std::min({evaluation_batch, setup_.trainer.validation_batch, static_cast<int64_t>(samples.size()) - from});
    const Batch batch = setup_.data->batch(std::span(samples).subspan(static_cast<size_t>(from), static_cast<size_t>(count)));
    Graph graph;
    const Outcome outcome = setup_.contenders.front().build(graph, batch);
    evaluation_->add(outcome.scores.tensor(), outcome.asked(batch), from);
    if (from + count < static_cast<int64_t>(samples.size())) return;
    evaluated_ = std::move(evaluation_);
    evaluated_step_ = trainers_.front()->steps();
}

std::shared_ptr<const SessionSnapshot> Session::snapshot() const {
    wanted_ = true;
    const std::lock_guard lock(published_mutex_);
    return published_;
}

void Session::publish() {
    auto snapshot = std::make_shared<SessionSnapshot>();
    for (const auto& trainer : trainers_) {
        trainer->publish();
        snapshot->contenders.push_back(trainer->snapshot());
    }
    snapshot->gradients = gradients_;
    gradient_norms_.each(
        [&all = snapshot->gradient_norms](const GradientNorms& row) { all.insert(all.end(), row.norms.begin(), row.norms.end()); });
    snapshot->validation = evaluated_;
    snapshot->tested = setup_.split.validation;
    snapshot->evaluated_step = evaluated_step_;
    const std::lock_guard lock(published_mutex_);
    published_ = std::move(snapshot);
}

}  // namespace trilens

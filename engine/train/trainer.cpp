// The loop: shuffle, batch, loss, gradient, step; then validation, in pieces no longer than a batch.
#include "engine/train/trainer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/errors.h"
#include "engine/train/schedule.h"

namespace trilens {
namespace {

constexpr uint64_t split_stream = uint64_t{1} << 62;   // apart from the epochs' streams, which are numbered from 0

void require(bool valid, const std::string& setting, int64_t value, const char* allowed) {
    if (!valid) throw ValueError("trainer: " + setting + " is " + std::to_string(value) + ", expected " + allowed);
}

int64_t count_correct(const Tensor& scores, std::span<const int32_t> labels) {
    const auto rows = static_cast<int64_t>(labels.size());
    if (scores.rank() != 2 || scores.extent(0) != rows || scores.extent(1) < 1)
        throw ShapeError("trainer: scores are " + scores.shape().text() + ", expected [" + std::to_string(rows) + ", classes]");
    const int64_t classes = scores.extent(1);
    int64_t correct = 0;
    for (int64_t row = 0; row < rows; ++row) {
        const float* score = scores.data() + row * classes;
        correct += std::max_element(score, score + classes) - score == labels[static_cast<size_t>(row)];
    }
    return correct;
}

// How many of the batch's samples are right; where each has several labels (one a time step), the share of its labels that are; NaN where
// nothing is judged.
double correct_in(const Outcome& outcome, const Batch& batch, int64_t samples) {
    const std::vector<int32_t>& labels = outcome.asked(batch);
    const int64_t counted = std::ranges::count_if(labels, [](int32_t label) { return label >= 0; });
    if (!outcome.scores.graph || counted == 0) return NAN;
    return static_cast<double>(samples * count_correct(outcome.scores.tensor(), labels)) / static_cast<double>(counted);
}

std::string name_of(const Graph& graph, int node) {
    const Node& found = graph.node(node);
    return found.name.empty() ? "node " + std::to_string(node) + " (" + found.operation + ")" : found.name + " (" + found.operation + ")";
}

}  // namespace

Split random_split(int64_t samples, double validation_share, uint64_t seed) {
    require(samples >= 0 && samples < int64_t{1} << 31, "the number of samples", samples, "0 to 2^31 - 1");
    if (!(validation_share >= 0 && validation_share <= 1))
        throw ValueError("trainer: a validation share of " + std::to_string(validation_share) + ", expected 0 to 1");
    const std::vector<int32_t> order = Random(seed, split_stream).permutation(static_cast<int32_t>(samples));
    const auto validation = static_cast<std::ptrdiff_t>(static_cast<double>(samples) * validation_share);
    Split split;
    split.validation.assign(order.begin(), order.begin() + validation);
    split.training.assign(order.begin() + validation, order.end());
    std::ranges::sort(split.validation);
    std::ranges::sort(split.training);
    return split;
}

Trainer::Trainer(std::vector<Parameter*> parameters, std::vector<Buffer> buffers, BuildLoss build, const DataSet& data, Split split,
                 const TrainerSettings& settings)
    : parameters_(std::move(parameters)),
      buffers_(std::move(buffers)),
      build_(std::move(build)),
      data_(data),
      split_(std::move(split)),
      settings_(settings),
      optimizer_(parameters_, settings.optimizer),
      history_(settings.history_bytes, settings.history_interval),
      rate_(settings.optimizer.rate) {
    require(settings.batch >= 1, "batch", settings.batch, "at least 1");
    require(settings.validation_batch >= 1, "validation_batch", settings.validation_batch, "at least 1");
    require(settings.warmup >= 0, "warmup", settings.warmup, "at least 0");
    require(settings.epochs >= 0, "epochs", settings.epochs, "at least 0");
    if (!(settings.clip >= 0)) throw ValueError("trainer: clip is " + std::to_string(settings.clip) + ", expected at least 0");
    require(!split_.training.empty(), "the number of training samples", 0, "at least 1");
    for (const std::vector<int32_t>* part : {&split_.training, &split_.validation})
        for (const int32_t sample : *part)
            require(sample >= 0 && sample < data.size(), "a sample of the split", sample, "one that the data set has");
    steps_per_epoch_ = (static_cast<int64_t>(split_.training.size()) + settings.batch - 1) / settings.batch;
    start_ = state();
    if (history_.wants(0)) history_.keep(state());
    publish();
}

bool Trainer::finished() const { return validated_ < 0 && step_ >= settings_.epochs * steps_per_epoch_; }

bool Trainer::step(const Budget& budget) {
    bool more = !failure_ && !finished();
    while (more) {
        try {
            more = step_once();
        } catch (const NonFiniteError&) {
            publish();
            throw;
        }
        if (wanted_.exchange(false)) publish();
        if (stopped_.exchange(false) || !budget()) break;
    }
    publish();
    return more;
}

bool Trainer::step_once() {
    if (failure_ || finished()) return false;
    validated_ >= 0 ? validate_batch() : train_batch();
    return !finished();
}

std::vector<int32_t> Trainer::samples_of(int64_t step) {
    const int64_t epoch = step / steps_per_epoch_, number = step % steps_per_epoch_;
    if (order_epoch_ != epoch) {
        order_ = split_.training;
        Random(settings_.seed, static_cast<uint64_t>(epoch)).shuffle(order_);
        order_epoch_ = epoch;
    }
    const auto begin = order_.begin() + number * settings_.batch;
    return {begin, std::min(begin + settings_.batch, order_.end())};
}

void Trainer::train_batch() {
    forget_future();
    const int64_t epoch = this->epoch();
    const std::vector<int32_t> samples = samples_of(step_);
    const Batch batch = data_.training_batch(samples, epoch);
    Graph graph("", true, settings_.seed + static_cast<uint64_t>(step_));
    const Outcome outcome = build_(graph, batch);
    const float loss = outcome.loss.tensor().item();
    if (!std::isfinite(loss)) fail(TrainingFailure::What::loss, graph, loss);
    graph.backward(outcome.loss);
    const float norm = settings_.clip > 0 ? clip_gradients(parameters_, settings_.clip) : gradient_norm(parameters_);
    if (!std::isfinite(norm)) {
        const auto broken =
            std::ranges::find_if(parameters_, [](Parameter* parameter) { return !std::isfinite(gradient_norm(std::span(&parameter, 1))); });
        const std::string where = broken == parameters_.end() ? "all parameters together" : (*broken)->name;
        fail(TrainingFailure::What::gradient, where, "the gradient of " + where + " is not finite");
    }
    optimizer_.set_rate(scheduled_rate(rate_, settings_.warmup, step_));
    optimizer_.step();

    const auto count = static_cast<double>(samples.size());
    const double correct = correct_in(outcome, batch, static_cast<int64_t>(samples.size()));
    step_metrics_.push({step_, epoch, loss, static_cast<float>(correct / count), norm, optimizer_.rate()});
    epoch_loss_ += static_cast<double>(loss) * count;
    epoch_correct_ += correct;
    ++step_;
    if (step_ % steps_per_epoch_ == 0) {
        validated_ = 0;
        if (split_.validation.empty()) end_epoch();
    } else if (history_.wants(step_)) {
        history_.keep(state());
    }
}

void Trainer::validate_batch() {
    const auto begin = split_.validation.begin() + validated_;
    const std::vector<int32_t> samples(begin, begin + std::min<int64_t>(settings_.validation_batch, split_.validation.end() - begin));
    const Batch batch = data_.batch(samples);
    Graph graph;
    const Outcome outcome = build_(graph, batch);
    const float loss = outcome.loss.tensor().item();
    if (!std::isfinite(loss)) fail(TrainingFailure::What::validation_loss, graph, loss);
    validation_loss_ += static_cast<double>(loss) * static_cast<double>(samples.size());
    validation_correct_ += correct_in(outcome, batch, static_cast<int64_t>(samples.size()));
    validated_ += static_cast<int64_t>(samples.size());
    if (validated_ == static_cast<int64_t>(split_.validation.size())) end_epoch();
}

void Trainer::end_epoch() {
    const auto trained = static_cast<double>(split_.training.size());
    const auto validated = static_cast<double>(std::max<size_t>(split_.validation.size(), 1));
    epoch_metrics_.push({epoch() - 1, step_, epoch_loss_ / trained, epoch_correct_ / trained, validation_loss_ / validated,
                         validation_correct_ / validated});
    start_epoch_sums();
    if (history_.wants(step_)) history_.keep(state());
}

void Trainer::start_epoch_sums() {
    validated_ = -1;
    epoch_loss_ = epoch_correct_ = validation_loss_ = validation_correct_ = 0;
}

void Trainer::fail(TrainingFailure::What what, std::string where, const std::string& sentence) {
    failure_ = {what, step_, std::move(where), "training stopped at step " + std::to_string(step_) + ": " + sentence};
    throw NonFiniteError(failure_->sentence);
}

void Trainer::fail(TrainingFailure::What what, const Graph& graph, float loss) {
    const std::string where = name_of(graph, std::max(graph.first_non_finite(), 0));
    fail(what, where,
         std::string(what == TrainingFailure::What::loss ? "the loss" : "the validation loss") + " is " + std::to_string(loss) +
             ", first seen in " + where);
}

void Trainer::set_rate(float rate) {
    if (!std::isfinite(rate) || rate < 0) throw ValueError("trainer: rate is " + std::to_string(rate) + ", expected a finite number >= 0");
    rate_ = rate;
}

void Trainer::reset() {
    load(start_);
    forget_future();
    history_.clear();
    rate_ = settings_.optimizer.rate;
    if (history_.wants(0)) history_.keep(state());
    publish();
}

void Trainer::reset(uint64_t seed) {
    settings_.seed = seed;
    order_epoch_ = -1;
    reset();
}

void Trainer::restore(int64_t step) {
    const TrainingState& kept = history_.at(step);
    load(kept);
    publish();
}

TrainingState Trainer::state() const {
    TrainingState state;
    state.step = step_;
    for (const Parameter* parameter : parameters_) state.weights.push_back(parameter->value.clone());
    for (const Buffer& buffer : buffers_) state.weights.push_back(buffer.value->clone());
    state.optimizer = optimizer_.save();
    state.epoch_loss = epoch_loss_;
    state.epoch_correct = epoch_correct_;
    return state;
}

void Trainer::load(const TrainingState& state) {
    for (size_t i = 0; i < parameters_.size(); ++i) parameters_[i]->value = state.weights[i].clone();
    for (size_t i = 0; i < buffers_.size(); ++i) *buffers_[i].value = state.weights[parameters_.size() + i].clone();
    optimizer_.restore(state.optimizer);
    step_ = state.step;
    start_epoch_sums();
    epoch_loss_ = state.epoch_loss;
    epoch_correct_ = state.epoch_correct;
    failure_.reset();
}

void Trainer::forget_future() {
    step_metrics_.forget_from(step_);
    epoch_metrics_.forget_from(epoch());
    history_.forget_after(step_);
}

std::shared_ptr<const TrainingSnapshot> Trainer::snapshot() const {
    wanted_ = true;
    std::lock_guard lock(published_mutex_);
    return published_;
}

void Trainer::publish() {
    auto snapshot = std::make_shared<TrainingSnapshot>();
    snapshot->step = step_;
    snapshot->epoch = epoch();
    snapshot->steps_per_epoch = steps_per_epoch_;
    snapshot->finished = finished();
    snapshot->failure = failure_;
    snapshot->rate = rate_;
    snapshot->steps = step_metrics_.entries();
    snapshot->epochs = epoch_metrics_.entries();
    for (const Parameter* parameter : parameters_) {
        snapshot->names.push_back(parameter->name);
        snapshot->weights.push_back(parameter->value.clone());
    }
    for (const Buffer& buffer : buffers_) {
        snapshot->names.push_back(buffer.name);
        snapshot->weights.push_back(buffer.value->clone());
    }
    snapshot->restorable = history_.steps();
    std::lock_guard lock(published_mutex_);
    published_ = std::move(snapshot);
}

}  // namespace trilens

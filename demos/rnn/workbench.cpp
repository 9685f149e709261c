// The task at hand, its networks, and the computation.
#include "demos/rnn/workbench.h"

#include <algorithm>
#include <chrono>

#include "demos/rnn/tasks/tasks.h"
#include "engine/errors.h"
#include "engine/io/safetensors.h"
#include "engine/train/weights.h"

namespace trilens {

namespace {

constexpr double validation_share = 0.3;  // curriculum RA

// The class that wins when nothing is held or left out: what is held is seen in how probable that one still is.
int32_t winning_class(const Tensor& scores) {
    const int64_t width = scores.extent(-1);
    const float* last = scores.data() + (scores.elements() - width);
    return static_cast<int32_t>(std::max_element(last, last + width) - last);
}

}  // namespace

RnnWorkbench::RnnWorkbench() : input(example_rnn_input()) { read(); }

const RnnTask& RnnWorkbench::task() const { return *rnn_tasks()[static_cast<size_t>(settings.task)]; }

std::string& RnnWorkbench::text_of(RnnInput& of) const {
    const char* name = task().text_name(context());
    if (!name) throw ValueError(std::string("the task \"") + task().id() + "\" reads no text");
    return of.texts[name];
}

const std::string& RnnWorkbench::text() const {
    const char* name = task().text_name(context());
    if (!name) throw ValueError(std::string("the task \"") + task().id() + "\" reads no text");
    return input.texts.at(name);
}

void RnnWorkbench::read() {
    task().complete(settings, input);
    reading_ = task().read(context());
    target_ = reading_.target;
}

int64_t RnnWorkbench::shown_steps() const { return settings.step == 0 ? steps() : std::min<int64_t>(settings.step, steps()); }

const ShippedModel* RnnWorkbench::shipped() const {
    const char* name = task().weights(context());
    return name ? &shipped_model(name) : nullptr;
}

RnnCell RnnWorkbench::cell() const {
    const ShippedModel* made = shipped();
    return made ? rnn_cell_of(made->model->plan().cell) : settings.cell;
}

SequencePlan RnnWorkbench::plan(RnnCell cell) const {
    if (const ShippedModel* made = shipped()) return made->model->plan();
    SequencePlan plan;
    plan.cell = row_of(cell).engine(settings, task().likes_relu());
    plan.hidden_size = settings.hidden_size;
    plan.spectral_radius = settings.spectral_radius;
    task().shape(context(), plan);
    return plan;
}

RnnWorkbench::Slot& RnnWorkbench::slot(RnnCell cell) const { return slots_[{settings.task, cell}]; }

std::shared_ptr<SequenceModel> RnnWorkbench::model(RnnCell cell) const {
    if (const ShippedModel* made = shipped()) return made->model;
    Slot& now = slot(cell);
    const SequencePlan wanted = plan(cell);
    if (!now.model || !(now.model->plan() == wanted) || now.seed != settings.seed) {
        Random random(static_cast<uint64_t>(settings.seed));
        now = {std::make_shared<SequenceModel>(wanted, random), settings.seed};
    }
    return now.model;
}

std::shared_ptr<SequenceModel> RnnWorkbench::copy(RnnCell cell) const {
    const auto from = model(cell);
    Random random(0);
    auto to = std::make_shared<SequenceModel>(from->plan(), random);
    const auto source = from->parameters(), target = to->parameters();
    for (size_t i = 0; i < source.size(); ++i) target[i]->value = source[i]->value.clone();
    return to;
}

void RnnWorkbench::start_anew() {
    if (is_shipped()) return;
    for (const RnnCell each : rnn_cells()) slot(each) = {};
    ++weights_version_;
}

bool RnnWorkbench::is_trained() const { return !is_shipped() && model() && slot(cell()).trained; }

void RnnWorkbench::use_weights(RnnCell cell, const std::vector<Tensor>& weights) {
    const auto parameters = model(cell)->parameters();
    for (size_t i = 0; i < parameters.size(); ++i) parameters[i]->value = weights[i].clone();
    slot(cell).trained = true;
    ++weights_version_;
}

std::vector<uint8_t> RnnWorkbench::save() const { return write_safetensors(collect_weights(model()->parameters())); }

void RnnWorkbench::load(const WeightFile& file) {
    apply_weights(file, model()->parameters());
    slot(cell()).trained = true;
    ++weights_version_;
}

std::string RnnWorkbench::network_key() const {
    std::string key;
    const SequencePlan now = plan(cell());
    for (const int64_t part : {static_cast<int64_t>(settings.task), static_cast<int64_t>(is_shipped()), static_cast<int64_t>(cell()),
                               now.vocabulary, static_cast<int64_t>(now.cell), now.hidden_size, static_cast<int64_t>(settings.compare)})
        key += std::to_string(part) + " ";
    return key + number(static_cast<double>(now.spectral_radius)) + " " + data_key();
}

std::string RnnWorkbench::data_key() const {
    const RnnSettings& s = settings;
    return std::to_string(s.task) + " " + std::to_string(s.samples) + " " + std::to_string(s.seed) + " " + task().data_key(context());
}

std::shared_ptr<const DataSet> RnnWorkbench::data() const {
    const std::string key = data_key();
    if (!data_ || data_key_ != key) {
        data_ = task().data(context());
        data_key_ = key;
    }
    return data_;
}

Split RnnWorkbench::split() const { return random_split(data()->size(), validation_share, static_cast<uint64_t>(settings.seed)); }

void RnnWorkbench::take_held() {
    const std::string now = std::to_string(settings.task) + " " + std::to_string(static_cast<int>(cell())) + " " +
                            std::to_string(is_shipped()) + " " + std::to_string(reads_text() && context().chinese());
    if (now == held_of_) return;
    if (held_of_.empty()) held_elsewhere_[now] = std::move(held);  // the first network
    held_elsewhere_[held_of_] = std::exchange(held, held_elsewhere_[now]);
    held_of_ = now;
}

SequenceLook RnnWorkbench::look() const {
    const SequencePlan now = plan(cell());
    const auto parts = part_names(now.cell);
    SequenceLook used;
    for (const Held& each : held)
        if (each.step < steps() && each.unit < now.hidden_size && std::ranges::find(parts, each.part) != parts.end())
            used.held.push_back(each);
    if (left_out && *left_out < steps() && steps() > 1) used.skipped = {*left_out};
    return used;
}

std::shared_ptr<Graph> RnnWorkbench::forward(RnnCell which, Value& scores) const {
    auto graph = std::make_shared<Graph>("rnn.");
    SequenceLook here = look();
    if (which != cell()) here.held.clear();
    scores = model(which)->forward(*graph, sequence(), here);
    return graph;
}

void RnnWorkbench::send_back(Graph& graph, const Value& scores) const {
    if (const auto loss = task().loss(graph, scores, reading_, target_)) graph.backward(*loss);
}

std::shared_ptr<const Graph> RnnWorkbench::run(RnnCell which) const {
    if (steps() == 0) return nullptr;
    Value scores;
    const auto graph = forward(which, scores);
    send_back(*graph, scores);
    return graph;
}

void RnnWorkbench::compute() {
    const auto start = std::chrono::steady_clock::now();
    take_held();
    read();
    ++version_;
    graph_ = nullptr;
    if (steps() > 0) {
        Value scores;
        const auto graph = forward(cell(), scores);
        if (target_ < 0 && !classes().empty()) {
            const bool as_it_is = look().held.empty() && !left_out;
            Graph plain("rnn.");
            target_ = winning_class(as_it_is ? scores.tensor() : model()->forward(plain, sequence()).tensor());
        }
        send_back(*graph, scores);
        graph_ = graph;
    }
    milliseconds_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

void RnnWorkbench::compute_without(std::optional<int64_t> step) {
    left_out = step;
    if (steps() == 0) return;
    const auto start = std::chrono::steady_clock::now();
    ++version_;
    Value scores;
    const auto graph = forward(cell(), scores);
    if (!left_out || settings.gradients) send_back(*graph, scores);
    graph_ = graph;
    milliseconds_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace trilens

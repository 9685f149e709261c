// Tasks, networks, and the computation.
#include "demos/rnn/workbench.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "demos/rnn/shipped_models.h"
#include "demos/text/text.h"
#include "demos/weights.h"
#include "engine/autograd/loss.h"
#include "engine/autograd/shape.h"
#include "engine/data/needle.h"
#include "engine/errors.h"
#include "engine/io/safetensors.h"
#include "engine/math.h"
#include "engine/train/weights.h"

namespace trilens {

RnnWorkbench::RnnWorkbench() {
    input.english = "The story is thin, but the actors are wonderful and the ending is a joy.";
    input.chinese = "房间很干净，服务也很好，就是早餐太差了。";
    input.prompt_english = "ROMEO:\n";
    input.prompt_chinese = "床前明月光，";
    for (int i = 0; i < 128; ++i) {
        const float x = static_cast<float>(i) / 128;
        input.curve.push_back(0.6f * math::sin(x * 25) + 0.25f * math::sin(x * 61));
    }
    read_input();
}

bool RnnWorkbench::chinese() const {
    if (settings.text_language == RnnSettings::TextLanguage::page) return language() == Language::chinese;
    return settings.text_language == RnnSettings::TextLanguage::chinese;
}

std::string& RnnWorkbench::text_of(RnnInput& of) const {
    if (task() == RnnTask::generate) return chinese() ? of.prompt_chinese : of.prompt_english;
    return chinese() ? of.chinese : of.english;
}

bool RnnWorkbench::is_shipped() const {
    if (task() != RnnTask::generate) return task() == RnnTask::sentiment;
    return settings.source == RnnSettings::Source::shipped && has_weights(shipped_name(task(), chinese()));
}

const Vocabulary* RnnWorkbench::vocabulary() const {
    if (is_shipped()) return &shipped_model(task(), chinese()).vocabulary;
    return task() == RnnTask::generate ? &corpus_vocabulary() : nullptr;
}

const std::map<std::string, std::string>* RnnWorkbench::metadata() const {
    return is_shipped() ? &shipped_model(task(), chinese()).metadata : nullptr;
}

std::vector<std::string> RnnWorkbench::classes() const {
    switch (task()) {
    case RnnTask::sum:
        return {say(Text::rnn_sum_below, {number(settings.threshold)}), say(Text::rnn_sum_above, {number(settings.threshold)})};
    case RnnTask::sentiment: return {say(Text::rnn_negative), say(Text::rnn_positive)};
    case RnnTask::needle: return {say(Text::rnn_needle_low), say(Text::rnn_needle_high)};
    case RnnTask::generate: {
        std::vector<std::string> names;
        for (int64_t i = 0; i < vocabulary()->size(); ++i) names.push_back(shown_token(vocabulary()->token(static_cast<int32_t>(i))));
        return names;
    }
    case RnnTask::forecast: return {};
    }
    return {};
}

bool RnnWorkbench::is_known(int64_t step) const { return !reads_text() || numbers_[static_cast<size_t>(step)] != Vocabulary::unknown; }

int64_t RnnWorkbench::shown_steps() const { return settings.step == 0 ? steps() : std::min<int64_t>(settings.step, steps()); }

RnnCell RnnWorkbench::cell() const {
    if (!is_shipped()) return settings.cell;
    switch (shipped_model(task(), chinese()).model->plan().cell) {
    case Cell::lstm: return RnnCell::lstm;
    case Cell::gru:
    case Cell::gru_reset_before: return RnnCell::gru;
    default: return RnnCell::rnn;
    }
}

SequencePlan RnnWorkbench::plan(RnnCell cell) const {
    if (is_shipped()) return shipped_model(task(), chinese()).model->plan();
    SequencePlan plan;
    using Activation = RnnSettings::Activation;
    const bool relu = settings.activation == Activation::by_task ? task() == RnnTask::sum : settings.activation == Activation::relu;
    if (cell == RnnCell::rnn) plan.cell = relu ? Cell::rnn_relu : Cell::rnn_tanh;
    else if (cell == RnnCell::gru) plan.cell = settings.reset_before ? Cell::gru_reset_before : Cell::gru;
    else plan.cell = Cell::lstm;
    plan.hidden_size = settings.hidden_size;
    plan.spectral_radius = settings.spectral_radius;
    if (task() == RnnTask::needle) plan.features = needle_features;
    if (task() == RnnTask::generate) {
        plan.vocabulary = plan.outputs = std::max<int64_t>(2, corpus_vocabulary().size());
        plan.head = SequencePlan::Head::every;
    }
    if (task() == RnnTask::forecast) {
        plan.head = SequencePlan::Head::every;
        plan.outputs = 1;
        plan.regression = true;
    }
    return plan;
}

std::shared_ptr<SequenceModel> RnnWorkbench::model(RnnCell cell) const {
    if (is_shipped()) return shipped_model(task(), chinese()).model;
    Slot& slot = slots()[static_cast<size_t>(cell)];
    const SequencePlan wanted = plan(cell);
    if (!slot.model || !(slot.model->plan() == wanted) || slot.seed != settings.seed) {
        Random random(static_cast<uint64_t>(settings.seed));
        slot = {std::make_shared<SequenceModel>(wanted, random), settings.seed};
    }
    return slot.model;
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
    for (Slot& slot : slots()) slot.model = nullptr;
    ++weights_version_;
}

bool RnnWorkbench::is_trained() const { return !is_shipped() && model() && slots()[static_cast<size_t>(cell())].trained; }

void RnnWorkbench::use_weights(RnnCell cell, const std::vector<Tensor>& weights) {
    const auto parameters = model(cell)->parameters();
    for (size_t i = 0; i < parameters.size(); ++i) parameters[i]->value = weights[i].clone();
    slots()[static_cast<size_t>(cell)].trained = true;
    ++weights_version_;
}

std::vector<uint8_t> RnnWorkbench::save() const { return write_safetensors(collect_weights(model()->parameters())); }

void RnnWorkbench::load(const WeightFile& file) {
    apply_weights(file, model()->parameters());
    slots()[static_cast<size_t>(cell())].trained = true;
    ++weights_version_;
}

std::string RnnWorkbench::network_key() const {
    std::string key;
    const SequencePlan now = plan(cell());
    for (const int64_t part : {static_cast<int64_t>(task()), static_cast<int64_t>(is_shipped()), static_cast<int64_t>(cell()),
                               now.vocabulary, static_cast<int64_t>(now.cell), now.hidden_size, static_cast<int64_t>(settings.compare)})
        key += std::to_string(part) + " ";
    return key + number(now.spectral_radius) + " " + data_key();
}

std::optional<Value> RnnWorkbench::loss(Graph& graph, const Value& scores) const {
    const int64_t count = steps();
    if (task() == RnnTask::forecast || task() == RnnTask::generate) {
        if (count < 2) return std::nullopt;
        const Value predicted = slice(scores, 0, 0, count - 1);
        if (task() == RnnTask::forecast) return graph.tap(mean_squared_error(predicted, sequence().rows(1, count - 1)), "loss");
        return graph.tap(cross_entropy(predicted, std::span(numbers_).subspan(1)), "loss");
    }
    const int32_t label[] = {target_};
    return graph.tap(cross_entropy(slice(scores, 0, count - 1, count), label), "loss");
}

void RnnWorkbench::take_held() {
    const std::string now = std::to_string(static_cast<int>(task())) + " " + std::to_string(static_cast<int>(cell())) + " " +
                            std::to_string(is_shipped()) + " " + std::to_string(reads_text() && chinese());
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
    if (const auto loss_now = loss(graph, scores)) graph.backward(*loss_now);
}

std::shared_ptr<const Graph> RnnWorkbench::run(RnnCell which) const {
    if (steps() == 0) return nullptr;
    Value scores;
    const auto graph = forward(which, scores);
    send_back(*graph, scores);
    return graph;
}

// The class that wins when nothing is held or left out: what is held is seen in how probable that one still is.
int32_t RnnWorkbench::winning_class(const Tensor& scores) {
    const int64_t width = scores.extent(-1);
    const float* last = scores.data() + (scores.elements() - width);
    return static_cast<int32_t>(std::max_element(last, last + width) - last);
}

void RnnWorkbench::compute() {
    const auto start = std::chrono::steady_clock::now();
    take_held();
    read_input();
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

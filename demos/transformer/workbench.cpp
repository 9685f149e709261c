// The network of each task, what is switched of it, and the computation.
#include "demos/transformer/workbench.h"

#include <algorithm>
#include <chrono>

#include "demos/text/text.h"
#include "demos/transformer/shipped_transformers.h"
#include "engine/autograd/loss.h"
#include "engine/autograd/shape.h"
#include "engine/errors.h"
#include "engine/io/safetensors.h"
#include "engine/train/weights.h"

namespace trilens {

namespace {

using Kind = TransformerPlan::Kind;

constexpr size_t most_earlier = 8;

template <typename Count>
Count at_most(int wanted, Count there) {
    return std::clamp<Count>(wanted, 1, std::max<Count>(there, 1));
}

}  // namespace

std::string shortened(const std::string& text, size_t most) {
    size_t characters = 0;
    for (size_t at = 0; at < text.size(); ++at)
        if ((static_cast<unsigned char>(text[at]) & 0xc0) != 0x80 && ++characters > most) return text.substr(0, at) + "...";
    return text;
}

TransformerWorkbench::TransformerWorkbench() {
    input = example_input();
    compute();
}

bool TransformerWorkbench::chinese() const {
    if (settings.text_language == TransformerSettings::TextLanguage::page) return language() == Language::chinese;
    return settings.text_language == TransformerSettings::TextLanguage::chinese;
}

const std::map<std::string, std::string>* TransformerWorkbench::metadata() const {
    return is_shipped() ? &shipped_transformer(shipped_name()).metadata : nullptr;
}

const char* TransformerWorkbench::shipped_name() const { return task() == TransformerTask::vision ? "vit" : "translate"; }

// What the task is good with, and over it what the learner wants otherwise.
TransformerPlan TransformerWorkbench::plan() const {
    if (is_shipped()) return shipped_transformer(shipped_name()).model->plan();
    TransformerPlan plan = task_plan();
    using Encoding = TransformerSettings::Encoding;
    using Norm = TransformerSettings::Norm;
    using Activation = TransformerSettings::Activation;
    if (settings.layers > 0) plan.layers = settings.layers;
    if (settings.num_heads > 0) plan.layer.num_heads = settings.num_heads;
    if (settings.d_model > 0 && task() != TransformerTask::layer) plan.layer.d_model = settings.d_model;
    // All heads together are as wide as the model, as in the paper; rotation needs pairs. Curriculum TA has its own key size.
    if (task() != TransformerTask::layer && (settings.num_heads > 0 || settings.d_model > 0))
        plan.layer.key_size = std::max<int64_t>(2, plan.layer.d_model / plan.layer.num_heads / 2 * 2);
    if (settings.norm != Norm::by_task)
        plan.layer.norm = settings.norm == Norm::pre ? TransformerLayerSettings::Norm::pre : TransformerLayerSettings::Norm::post;
    if (settings.activation != Activation::by_task)
        plan.layer.activation = settings.activation == Activation::gelu ? TransformerLayerSettings::Activation::gelu
                                                                        : TransformerLayerSettings::Activation::relu;
    switch (settings.encoding) {
    case Encoding::by_task: break;
    case Encoding::none: plan.positions = Positions::none; break;
    case Encoding::sinusoidal: plan.positions = Positions::sinusoidal; break;
    case Encoding::learned: plan.positions = Positions::learned; break;
    case Encoding::rotary: plan.positions = Positions::rotary; break;
    }
    return plan;
}

// Each problem is a task of its own, and so is each language.
size_t TransformerWorkbench::slot() const {
    const size_t task_number = static_cast<size_t>(task()), problems = transformer_task_count + sequence_problem_count;
    if (task() == TransformerTask::sequences) return transformer_task_count + static_cast<size_t>(settings.problem);
    const bool speaks = task() == TransformerTask::generate || task() == TransformerTask::mask;
    return speaks && chinese() ? problems + task_number : task_number;
}

std::shared_ptr<Transformer> TransformerWorkbench::model() const {
    if (is_shipped()) return shipped_transformer(shipped_name()).model;
    Slot& slot_now = slots_[slot()];
    const TransformerPlan wanted = plan();
    // Another text may have as many characters, but other ones.
    const std::string text = task() == TransformerTask::generate ? corpus() : "";
    if (!slot_now.model || !(slot_now.model->plan() == wanted) || slot_now.seed != settings.seed || slot_now.corpus != text) {
        Slot next = made(wanted, text);
        if (slot_now.model && slot_now.trained) earlier_.push_back(slot_now);
        if (earlier_.size() > most_earlier) earlier_.erase(earlier_.begin());
        slot_now = std::move(next);
    }
    return slot_now.model;
}

// The one that was trained under the same settings, or fresh weights.
TransformerWorkbench::Slot TransformerWorkbench::made(const TransformerPlan& wanted, const std::string& text) const {
    const auto found = std::ranges::find_if(earlier_, [&](const Slot& each) {
        return each.task == slot() && each.model->plan() == wanted && each.seed == settings.seed && each.corpus == text;
    });
    if (found != earlier_.end()) {
        Slot again = std::move(*found);
        earlier_.erase(found);
        return again;
    }
    Random random(static_cast<uint64_t>(settings.seed));
    return {std::make_shared<Transformer>(wanted, random), settings.seed, text, false, slot()};
}

std::shared_ptr<Transformer> TransformerWorkbench::copy() const {
    const auto from = model();
    Random random(0);
    auto to = std::make_shared<Transformer>(from->plan(), random);
    const auto source = from->parameters(), target = to->parameters();
    for (size_t i = 0; i < source.size(); ++i) target[i]->value = source[i]->value.clone();
    return to;
}

TransformerLook TransformerWorkbench::look() const {
    TransformerLook look;
    look.scaled = settings.scaled;
    look.positions = settings.positions;
    const TransformerPlan now = plan();
    for (const Where where : stacks())
        for (size_t layer = 0; layer < std::min<size_t>(most_layers, static_cast<size_t>(now.layers)); ++layer)
            for (size_t head = 0; head < std::min<size_t>(most_heads, static_cast<size_t>(now.layer.num_heads)); ++head) {
                const HeadMode mode = settings.heads[static_cast<size_t>(where)][layer][head];
                if (mode != HeadMode::on) look.heads.push_back({where, static_cast<int64_t>(layer), static_cast<int64_t>(head), mode});
            }
    return look;
}

void TransformerWorkbench::start_anew() {
    if (is_shipped()) return;
    slots_.erase(slot());
    ++weights_version_;
}

bool TransformerWorkbench::is_trained() const { return !is_shipped() && model() && slots_[slot()].trained; }

void TransformerWorkbench::put_back(const Slot& kept) {
    slots_[kept.task] = kept;
    ++weights_version_;
}

void TransformerWorkbench::use_weights(const std::vector<Tensor>& weights) {
    const auto parameters = model()->parameters();
    for (size_t i = 0; i < parameters.size(); ++i) parameters[i]->value = weights[i].clone();
    slots_[slot()].trained = true;
    ++weights_version_;
}

std::vector<uint8_t> TransformerWorkbench::save() const { return write_safetensors(collect_weights(model()->parameters())); }

void TransformerWorkbench::load(const WeightFile& file) {
    apply_weights(file, model()->parameters());
    slots_[slot()].trained = true;
    ++weights_version_;
}

std::string TransformerWorkbench::network_key() const {
    if (is_shipped()) return std::string("shipped ") + shipped_name();
    const TransformerPlan now = plan();
    std::string key;
    for (const int64_t part :
         {static_cast<int64_t>(slot()), static_cast<int64_t>(now.kind), now.vocabulary, now.target_vocabulary, now.layers,
          now.layer.d_model, now.layer.num_heads, now.layer.key_size, now.layer.d_ff, static_cast<int64_t>(now.layer.norm),
          static_cast<int64_t>(now.layer.activation), static_cast<int64_t>(now.positions), now.max_length})
        key += std::to_string(part) + " ";
    return key + data_key();
}

std::vector<TransformerLook::Where> TransformerWorkbench::stacks() const {
    switch (plan().kind) {
    case Kind::encoder: return {Where::encoder};
    case Kind::decoder: return {Where::decoder};
    case Kind::encoder_decoder: return {Where::encoder, Where::decoder, Where::cross};
    }
    return {};
}

TransformerLook::Where TransformerWorkbench::stack() const {
    const auto all = stacks();
    return std::ranges::find(all, settings.stack) != all.end() ? settings.stack : all.front();
}

int64_t TransformerWorkbench::layer() const { return at_most<int64_t>(settings.layer, plan().layers) - 1; }
int64_t TransformerWorkbench::head() const { return at_most<int64_t>(settings.head, plan().layer.num_heads) - 1; }

int64_t TransformerWorkbench::token() const {
    const int64_t count = queries(stack()).size();
    if (settings.token > 0 || count == 0) return std::min<int64_t>(settings.token, count) - 1;
    if (task() == TransformerTask::vision) return 0;
    const std::vector<int64_t> asked = blanks();
    return asked.empty() ? count - 1 : asked.front();
}

std::string TransformerWorkbench::prefix(Where where, int64_t layer) {
    return std::string("transformer.") + (where == Where::encoder ? "encoder." : "decoder.") + std::to_string(layer) +
           (where == Where::cross ? ".cross." : ".");
}

std::vector<int64_t> TransformerWorkbench::blanks() const {
    std::vector<int64_t> places;
    if (task() == TransformerTask::mask)
        for (size_t i = 0; i < source_.numbers.size(); ++i)
            if (source_.numbers[i] == blank_number()) places.push_back(static_cast<int64_t>(i));
    return places;
}

Tensor TransformerWorkbench::source_tensor() const {
    if (source_.numbers.empty()) return vectors_;
    Tensor out(Shape{source_.size()});
    std::ranges::transform(source_.numbers, out.data(), [](int32_t number) { return static_cast<float>(number); });
    return out;
}

// Of the answer that the network gives: where it wrote, each token that it wrote and the one that would come next; in a blank, its filler;
// else its class. One layer alone answers nothing: how far it moves its vectors. Not how large they become: a last layer norm makes that
// the same whatever the weights.
std::optional<Value> TransformerWorkbench::loss(Graph& graph, const Value& scores) const {
    if (task() == TransformerTask::layer) return graph.tap(mean_squared_error(scores, vectors_), "loss");
    const Tensor& values = scores.tensor();
    const int64_t width = values.extent(-1), rows = values.elements() / width;
    const auto winner = [&](int64_t row) {
        const float* at = values.data() + row * width;
        return static_cast<int32_t>(std::max_element(at, at + width) - at);
    };
    std::vector<int32_t> labels(static_cast<size_t>(rows), -1);
    if (task() == TransformerTask::mask) {
        for (const int64_t place : blanks()) labels[static_cast<size_t>(place)] = winner(place);
    } else if (writes()) {
        for (int64_t row = given_ - 1; row + 1 < rows; ++row)
            labels[static_cast<size_t>(row)] = target_.numbers[static_cast<size_t>(row) + 1];
        labels.back() = winner(rows - 1);
    } else {
        labels.back() = winner(rows - 1);
    }
    if (std::ranges::all_of(labels, [](int32_t label) { return label < 0; })) return std::nullopt;
    return graph.tap(cross_entropy(scores, labels), "loss");
}

std::shared_ptr<const Graph> TransformerWorkbench::run(const TransformerLook& look) const {
    const bool empty = writes() && target_.size() == 0;
    if (!problem_.empty() || empty || (plan().kind != Kind::decoder && source_.size() == 0)) return nullptr;
    const auto network = model();
    const auto graph = std::make_shared<Graph>("transformer.");
    Tensor target(Shape{target_.size()});
    std::ranges::transform(target_.numbers, target.data(), [](int32_t number) { return static_cast<float>(number); });
    Value scores;
    switch (plan().kind) {
    case Kind::encoder: scores = network->forward(*graph, source_tensor(), look); break;
    case Kind::decoder: scores = network->forward(*graph, target, look); break;
    case Kind::encoder_decoder: scores = network->forward(*graph, source_tensor(), target, look); break;
    }
    if (const auto loss_now = loss(*graph, scores)) graph->backward(*loss_now);
    return graph;
}

void TransformerWorkbench::compute() {
    const auto start = std::chrono::steady_clock::now();
    ++version_;
    graph_ = nullptr;
    problem_.clear();
    try {
        read_input();
        write();
        graph_ = run(look());
    } catch (const Error& error) {
        // A sentence that cannot be read, weights that did not come: the room says so in the place of its values.
        problem_ = error.what();
    }
    milliseconds_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace trilens

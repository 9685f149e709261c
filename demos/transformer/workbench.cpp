// The network of the task at hand, what is switched of it, and the computation.
#include "demos/transformer/workbench.h"

#include <algorithm>
#include <chrono>

#include "demos/transformer/tasks/tasks.h"
#include "engine/errors.h"
#include "engine/io/safetensors.h"
#include "engine/train/weights.h"

namespace trilens {

namespace {

using Kind = TransformerPlan::Kind;

constexpr size_t most_earlier = 8;
constexpr double validation_share = 0.1;

template <typename Count>
Count at_most(int wanted, Count there) {
    return std::clamp<Count>(wanted, 1, std::max<Count>(there, 1));
}

// What the learner wants otherwise than the task does. 0 and by_task: nothing.
void wish(TransformerPlan& plan, const TransformerSettings& settings, bool keeps_width) {
    using Encoding = TransformerSettings::Encoding;
    using Norm = TransformerSettings::Norm;
    using Activation = TransformerSettings::Activation;
    if (settings.layers > 0) plan.layers = settings.layers;
    if (settings.num_heads > 0) plan.layer.num_heads = settings.num_heads;
    if (settings.d_model > 0 && !keeps_width) plan.layer.d_model = settings.d_model;
    // All heads together are as wide as the model, as in the paper; rotation needs pairs.
    if (!keeps_width && (settings.num_heads > 0 || settings.d_model > 0))
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
}

}  // namespace

TransformerWorkbench::TransformerWorkbench() : input(example_transformer_input()), networks_(most_earlier) { compute(); }

const TransformerTask& TransformerWorkbench::task() const { return *transformer_tasks()[static_cast<size_t>(settings.task)]; }

std::string& TransformerWorkbench::text_of(TransformerInput& of) const {
    if (!reads_text()) throw ValueError(std::string("the task ") + task().id() + " reads no text");
    return of.texts.at(task().text_name(context()));
}

const std::string& TransformerWorkbench::text() const {
    if (!reads_text()) throw ValueError(std::string("the task ") + task().id() + " reads no text");
    return input.texts.at(task().text_name(context()));
}

TransformerPlan TransformerWorkbench::plan() const {
    TransformerPlan plan = task().plan(context());
    if (!is_shipped()) wish(plan, settings, task().keeps_width());
    return plan;
}

// Each problem is a task of its own, and so is each language.
std::string TransformerWorkbench::slot() const { return std::string(task().id()) + " " + task().network(context()); }

TransformerWorkbench::Networks::Wanted TransformerWorkbench::wanted() const {
    const std::string* corpus = task().corpus(context());
    return {slot(), plan(), settings.seed, corpus ? *corpus : ""};
}

std::shared_ptr<Transformer> TransformerWorkbench::model() const {
    if (const TransformerFile* file = task().shipped()) return file->model;
    return networks_.model(wanted());
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
    if (!is_shipped()) networks_.start_anew(slot());
}

std::vector<uint8_t> TransformerWorkbench::save() const { return write_safetensors(collect_weights(model()->parameters())); }

std::string TransformerWorkbench::network_key() const {
    if (is_shipped()) return std::string("shipped ") + task().weights();
    const TransformerPlan now = plan();
    std::string key = slot() + " ";
    for (const int64_t part : {static_cast<int64_t>(now.kind), now.vocabulary, now.target_vocabulary, now.layers, now.layer.d_model,
                               now.layer.num_heads, now.layer.key_size, now.layer.d_ff, static_cast<int64_t>(now.layer.norm),
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
    return task().followed(context(), source()).value_or(count - 1);
}

std::string TransformerWorkbench::prefix(Where where, int64_t layer) {
    return std::string("transformer.") + (where == Where::encoder ? "encoder." : "decoder.") + std::to_string(layer) +
           (where == Where::cross ? ".cross." : ".");
}

std::string TransformerWorkbench::data_key() const {
    return std::to_string(settings.samples) + " " + std::to_string(settings.seed) + " " + task().data_key(context());
}

std::shared_ptr<const DataSet> TransformerWorkbench::data() const {
    return data_.get(slot() + " " + data_key(), [this] { return task().data(context()); });
}

Split TransformerWorkbench::split() const { return random_split(data()->size(), validation_share, static_cast<uint64_t>(settings.seed)); }

// Only an encoder alone reads in another order: a causal mask knows the order by itself.
void TransformerWorkbench::read() {
    reading_ = {};
    task().read(context(), reading_);
    const int64_t count = writes() ? 0 : source().numbers.empty() ? reading_.vectors.extent(0) : source().size();
    const bool shuffled = settings.shuffled && count > 1;
    order_ = shuffled ? shuffle(reading_, count, static_cast<uint64_t>(settings.seed)) : orderly(count);
}

TransformerSettings::Decoding TransformerWorkbench::decoding() const {
    return settings.decoding == TransformerSettings::Decoding::by_task ? task().decoding() : settings.decoding;
}

std::optional<std::string> TransformerWorkbench::right_answer() const {
    return problem_.empty() ? task().right_answer(context()) : std::nullopt;
}

void TransformerWorkbench::write() {
    written_ = {};
    given_ = static_cast<int64_t>(reading_.prompt.size());
    const Kind kind = plan().kind;
    const bool nothing_to_read = kind == Kind::encoder_decoder && source().size() == 0;
    if (kind != Kind::encoder && given_ > 0 && !nothing_to_read && most_steps() > 0) {
        const auto network = model();
        const Decoder decoder = kind == Kind::decoder ? Decoder(*network, look()) : Decoder(*network, reading_.encoder_input(), look());
        const int64_t steps = settings.step == 0 ? most_steps() : std::min<int64_t>(settings.step, most_steps());
        written_ = write_text(decoder, reading_.prompt, {task().ending(), steps}, decoding(), settings);
    }
    target_ = {};
    if (kind == Kind::encoder) return;
    std::vector<int32_t> numbers = reading_.prompt;
    const auto count = static_cast<int64_t>(written().tokens.size()) - (written().finished ? 1 : 0);
    numbers.insert(numbers.end(), written().tokens.begin(), written().tokens.begin() + count);
    target_ = row_of(numbers, *task().target_vocabulary(context()));
}

std::shared_ptr<const Graph> TransformerWorkbench::run(const TransformerLook& look) const {
    const bool empty = writes() && target_.size() == 0;
    if (!problem_.empty() || empty || (plan().kind != Kind::decoder && source().size() == 0)) return nullptr;
    const auto network = model();
    const auto graph = std::make_shared<Graph>("transformer.");
    Value scores;
    switch (plan().kind) {
    case Kind::encoder: scores = network->forward(*graph, reading_.encoder_input(), look); break;
    case Kind::decoder: scores = network->forward(*graph, target_.tensor(), look); break;
    case Kind::encoder_decoder: scores = network->forward(*graph, reading_.encoder_input(), target_.tensor(), look); break;
    }
    if (const auto loss = task().loss(context(), *graph, scores, reading_, target_)) graph->backward(*loss);
    return graph;
}

void TransformerWorkbench::compute() {
    const auto start = std::chrono::steady_clock::now();
    ++version_;
    graph_ = nullptr;
    problem_.clear();
    try {
        read();
        write();
        graph_ = run(look());
    } catch (const Error& error) {
        // A sentence that cannot be read, weights that did not come: the room says so in the place of its values.
        problem_ = error.what();
    }
    milliseconds_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace trilens

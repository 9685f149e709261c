// One network for each problem, so that going to another and back loses nothing.
#include "demos/cnn/workbench.h"

#include <algorithm>
#include <chrono>

#include "demos/text/text.h"
#include "demos/weights.h"
#include "demos/widgets/drawing_pad.h"
#include "engine/autograd/loss.h"
#include "engine/data/digit_pictures.h"
#include "engine/data/examples.h"
#include "engine/data/same_every_pass.h"
#include "engine/data/waves.h"
#include "engine/errors.h"
#include "engine/io/digit_picture.h"
#include "engine/models/architecture.h"
#include "engine/models/digits.h"
#include "engine/models/waves.h"
#include "engine/train/weights.h"

namespace trilens {

namespace {

constexpr uint64_t first_seed = 1;
constexpr double validation_share = 0.15;

const char* default_architecture(Problem problem) { return problem == Problem::waves ? waves_architecture : digits_architecture; }

void copy_weights(const Sequential& from, const Sequential& to) {
    const auto sources = from.parameters(), targets = to.parameters();
    for (size_t i = 0; i < targets.size(); ++i) targets[i]->value = sources[i]->value.clone();
    const auto kept = from.buffers(), buffers = to.buffers();
    for (size_t i = 0; i < buffers.size(); ++i) *buffers[i].value = kept[i].value->clone();
}

}  // namespace

GridStyle Look::grid(bool is_signed) const {
    GridStyle style;
    style.gradient = gradients();
    style.map = (is_signed || gradients()) && diverging ? ColorMap::diverging : map;
    return style;
}

Workbench::Workbench() {
    for (size_t i = 0; i < problem_count; ++i) {
        const auto problem = static_cast<Problem>(i);
        models_[i] = {default_architecture(problem), build(problem, default_architecture(problem), first_seed)};
        if (has_shipped(problem)) use_shipped(problem);
    }
    drawing = example_drawing();
    other_drawing_ = example_curve();
}

void Workbench::set_problem(Problem problem) {
    const bool before = curves();
    problem_ = problem;
    if (curves() != before) std::swap(drawing, other_drawing_);
    if (target > static_cast<int>(classes().size())) target = 0;
    changed_weights();
}

std::vector<std::string> Workbench::classes(Problem problem) const {
    if (problem == Problem::own) return own_.names;
    std::vector<std::string> names;
    if (problem == Problem::waves)
        for (size_t i = 0; i < wave_names().size(); ++i)
            names.emplace_back(say(static_cast<Text>(static_cast<size_t>(Text::wave_sine) + i)));
    else
        for (int digit = 0; digit < 10; ++digit) names.push_back(std::to_string(digit));
    return names;
}

Shape Workbench::input_shape(Problem problem) {
    return problem == Problem::waves ? Shape{1, 1, wave_length} : Shape{1, digit_side, digit_side};
}

void Workbench::set_own(OwnClasses own) {
    const bool resized = own.names.size() != own_.names.size();
    own_ = std::move(own);
    data_.reset();
    if (!resized) return;
    model(Problem::own).network = build(Problem::own, architecture(Problem::own), first_seed);
    if (problem_ != Problem::own) return;
    if (target > static_cast<int>(classes().size())) target = 0;
    changed_weights();
}

bool Workbench::take_idx(std::span<const uint8_t> bytes) {
    const IdxArray array = read_idx(bytes);
    const bool labels = array.shape.rank() == 1;
    if (!labels && !(array.shape.rank() == 3 && array.shape[1] == digit_side && array.shape[2] == digit_side))
        throw FormatError("this idx file holds " + array.shape.text() + ": expected pictures [N, 28, 28] or labels [N]");
    (labels ? idx_labels_ : idx_pictures_).assign(bytes.begin(), bytes.end());
    if (idx_labels_.empty() || idx_pictures_.empty()) return false;
    try {
        files_ = std::make_shared<DigitPictures>(read_idx(idx_pictures_), read_idx(idx_labels_), Augmentation{}, first_seed);
    } catch (...) {
        (labels ? idx_labels_ : idx_pictures_).clear();
        throw;
    }
    idx_labels_.clear();
    idx_pictures_.clear();
    data_.reset();
    return true;
}

std::shared_ptr<const Examples> Workbench::own_examples() const {
    std::vector<Example> examples;
    for (const OwnExample& each : own_.examples)
        if (each.label < static_cast<int32_t>(own_.names.size()))
            examples.push_back({smoothed(each.drawing.strokes), each.drawing.picture, each.label});
    ExampleSettings settings;
    settings.classes = static_cast<int32_t>(own_.names.size());
    settings.variants = std::max<int64_t>(data_plan.samples / settings.classes, 2);
    settings.seed = static_cast<uint64_t>(data_plan.seed);
    settings.brush_radius = brush;
    return std::make_shared<Examples>(std::move(examples), settings);
}

std::shared_ptr<const DataSet> Workbench::make_data() const {
    switch (problem_) {
    case Problem::digits: return std::make_shared<StrokeDigits>(data_plan.samples, static_cast<uint64_t>(data_plan.seed));
    case Problem::own: return own_examples();
    case Problem::waves: return std::make_shared<Waves>(data_plan.samples, static_cast<uint64_t>(data_plan.seed));
    case Problem::files:
        if (!files_) throw ValueError(say(Text::files_hint));
        return files_;
    }
    throw ValueError("this problem has no data");
}

std::shared_ptr<const DataSet> Workbench::data() const {
    if (data_ && data_->problem == problem_ && data_->plan == data_plan) return data_->set;
    std::shared_ptr<const DataSet> set = make_data();
    if (!data_plan.augment) set = std::make_shared<SameEveryPass>(std::move(set));
    data_ = Data{problem_, data_plan, set};
    return set;
}

Split Workbench::split() const {
    if (problem_ == Problem::own) {
        ExamplesSplit parts = own_examples()->examples_split();
        return {std::move(parts.training), std::move(parts.validation)};
    }
    const int64_t count = std::min<int64_t>(data()->size(), data_plan.samples);
    return random_split(count, validation_share, static_cast<uint64_t>(data_plan.seed));
}

Sequential Workbench::build(Problem problem, const std::string& architecture, uint64_t seed) const {
    Random random(seed);
    const auto outputs = static_cast<int64_t>(classes(problem).size());
    return make_classifier(parse_architecture(architecture), input_shape(problem), outputs, random);
}

void Workbench::set_architecture(const std::string& text) {
    Model next{architecture_text(parse_architecture(text)), build(problem_, text, first_seed)};
    model(problem_) = std::move(next);
    if (has_shipped()) use_shipped();
    changed_weights();
}

void Workbench::start_anew(uint64_t seed) {
    copy_weights(build(problem_, architecture(), seed), network());
    changed_weights();
}

bool Workbench::has_shipped(Problem problem) const {
    return (problem == Problem::digits || problem == Problem::waves) && architecture(problem) == default_architecture(problem);
}

void Workbench::use_shipped(Problem problem) {
    const Sequential& network = model(problem).network;
    apply_weights(read_safetensors(weights(problem == Problem::waves ? "waves" : "digits")), network.parameters(), network.buffers());
    changed_weights();
}

void Workbench::use_weights(const std::vector<Tensor>& weights) {
    size_t at = 0;
    for (Parameter* parameter : network().parameters()) parameter->value = weights.at(at++);
    for (const Buffer& buffer : network().buffers()) *buffer.value = weights.at(at++);
    changed_weights();
}

std::shared_ptr<Sequential> Workbench::copy_of_network() const {
    auto copy = std::make_shared<Sequential>(build(problem_, architecture(), first_seed));
    copy_weights(network(), *copy);
    return copy;
}

Forward Workbench::forward() const {
    return [network = copy_of_network()](Graph&, Value input) { classify(*network, input); };
}

Tensor Workbench::input() const { return curves() ? curve_input(drawing) : network_input(drawing, brush); }

void Workbench::compute() {
    const auto start = std::chrono::steady_clock::now();
    auto graph = std::make_shared<Graph>("cnn.");
    const Value scores = classify(network(), graph->input(input(), "input", true));
    if (record) record(*graph);
    const auto values = scores.tensor().values();
    winner_ = static_cast<int32_t>(std::ranges::max_element(values) - values.begin());
    label_ = target == 0 ? winner_ : target - 1;
    graph->backward(graph->tap(cross_entropy(scores, std::span(&label_, 1)), "loss"));
    graph_ = std::move(graph);
    milliseconds_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    if (computed) computed();
}

}  // namespace trilens

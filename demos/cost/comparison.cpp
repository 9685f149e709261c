// Points from left to right, at each the three networks one after the other. A training has its own data, network and trainer.
#include "demos/cost/comparison.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "engine/autograd/activation.h"
#include "engine/autograd/loss.h"
#include "engine/autograd/pool.h"
#include "engine/autograd/shape.h"
#include "engine/data/needle.h"
#include "engine/data/picture_patches.h"
#include "engine/data/same_every_pass.h"
#include "engine/data/strokes.h"
#include "engine/errors.h"
#include "engine/models/sequence_model.h"
#include "engine/models/transformer.h"
#include "engine/nn/conv2d.h"
#include "engine/nn/dense.h"
#include "engine/train/trainer.h"

namespace trilens {

namespace {

constexpr int64_t batch = 32, beyond = 8;  // steps before the farthest needle
constexpr int64_t classes_of_needle = 2, classes_of_digits = 10, picture_side = 28, patch = 7;
constexpr float rate = 3e-3f, gradient_clip = 1;

SequencePlan recurrent_plan(const ComparisonPlan& comparison) {
    const bool needle = comparison.axis == ComparisonAxis::distance;
    SequencePlan plan;
    plan.features = needle ? needle_features : picture_side;
    plan.hidden_size = needle ? 24 : 48;
    plan.outputs = needle ? classes_of_needle : classes_of_digits;
    plan.spectral_radius = 0.58f;  // what PyTorch's start, uniform within 1 / sqrt(hidden_size), comes to: 1 / sqrt(3)
    return plan;
}

TransformerPlan transformer_plan(const ComparisonPlan& comparison) {
    const bool needle = comparison.axis == ComparisonAxis::distance;
    TransformerPlan plan;
    plan.features = needle ? needle_features : patch * patch;
    plan.layer = needle ? TransformerLayerSettings{16, 2, 8, 32} : TransformerLayerSettings{32, 4, 8, 64};
    plan.layer.norm = TransformerLayerSettings::Norm::pre;
    plan.layers = needle ? 1 : 2;
    plan.positions = needle ? Positions::sinusoidal : Positions::learned;
    plan.max_length = needle ? comparison.length(comparison.points.size() - 1) + 1 : (picture_side / patch) * (picture_side / patch) + 1;
    plan.head = TransformerPlan::Head::class_token;
    plan.outputs = needle ? classes_of_needle : classes_of_digits;
    return plan;
}

// Of a needle: two convolutions over time, the answer read off the last step, as the recurrent network's is. Of digits: over the picture,
// with pooling.
class ConvolutionalNetwork {
public:
    ConvolutionalNetwork(ComparisonAxis axis, Random& random) : over_time_(axis == ComparisonAxis::distance) {
        constexpr int64_t kernel = (compared_receptive_field + 1) / 2, channels = 16;
        const auto conv = [&](const char* name, int64_t in, int64_t out, int64_t height, int64_t width) {
            layers_.push_back(std::make_unique<Conv2d>(name, Conv2dSettings{in, out, height, width, {}}, random));
        };
        if (over_time_) {
            conv("conv1", needle_features, channels, 1, kernel);
            conv("conv2", channels, channels, 1, kernel);
            layers_.push_back(std::make_unique<Dense>("answer", channels, classes_of_needle, random));
        } else {
            conv("conv1", 1, 8, 3, 3);
            conv("conv2", 8, channels, 3, 3);
            layers_.push_back(std::make_unique<Dense>("answer", channels * 5 * 5, classes_of_digits, random));
        }
    }

    std::vector<Parameter*> parameters() {
        std::vector<Parameter*> all;
        for (const auto& layer : layers_)
            for (Parameter* parameter : layer->parameters()) all.push_back(parameter);
        return all;
    }

    Outcome loss(Graph& graph, const Batch& samples) {
        const Value input = graph.input(samples.inputs, "input");
        const Value features = over_time_ ? last_step(input) : whole_picture(input);
        const Value scores = layers_[2]->forward(flatten(features));
        return {cross_entropy(scores, samples.labels), scores};
    }

private:
    Value last_step(Value input) {  // [N, T, F]
        const Shape& shape = input.shape();
        const Value x = reshape(permute(input, {0, 2, 1}), Shape{shape[0], shape[2], 1, shape[1]});
        const Value features = relu(layers_[1]->forward(relu(layers_[0]->forward(x))));
        const int64_t steps = features.shape()[3];
        return slice(features, 3, steps - 1, steps);
    }
    Value whole_picture(Value input) {  // [N, 1, 28, 28]
        const Value below = max_pool2d(relu(layers_[0]->forward(input)));
        return max_pool2d(relu(layers_[1]->forward(below)));
    }

    bool over_time_;
    std::vector<std::unique_ptr<Layer>> layers_;
};

// Pictures as sequences of their rows: [N, 1, H, W] -> [N, H, W].
class RowsOfPictures : public DataSet {
public:
    explicit RowsOfPictures(const DataSet& pictures) : pictures_(pictures) {}
    int64_t size() const override { return pictures_.size(); }
    Batch batch(std::span<const int32_t> samples) const override {
        Batch all = pictures_.batch(samples);
        const Shape& shape = all.inputs.shape();
        return {all.inputs.reshaped(Shape{shape[0], shape[2], shape[3]}), std::move(all.labels), {}};
    }

private:
    const DataSet& pictures_;
};

ComparisonPlan checked(ComparisonPlan plan) {
    if (plan.steps < 1) throw ValueError("comparison: " + std::to_string(plan.steps) + " steps, expected at least 1");
    if (plan.points.empty()) throw ValueError("comparison: no points, expected at least one");
    int64_t before = 0;
    for (const int64_t point : plan.points) {
        if (point <= before)
            throw ValueError("comparison: a point of " + std::to_string(point) + " after " + std::to_string(before) +
                             ", expected ascending ones from 1");
        before = point;
    }
    return plan;
}

int64_t count(const std::vector<Parameter*>& parameters) {
    int64_t sum = 0;
    for (const Parameter* parameter : parameters) sum += parameter->value.elements();
    return sum;
}

}  // namespace

int64_t ComparisonPlan::length(size_t point) const { return std::max(points[point] + beyond, compared_receptive_field); }

// One training: its data, network and trainer.
struct Comparison::Run {
    Run(ComparedNetwork network, const ComparisonPlan& plan, size_t point) {
        const int64_t examples = plan.axis == ComparisonAxis::samples ? plan.points[point] : compared_examples;
        prepare_data(network, plan, point, examples);
        Random random(plan.seed, static_cast<uint64_t>(network));
        if (network == ComparedNetwork::recurrent) take(recurrent = std::make_unique<SequenceModel>(recurrent_plan(plan), random));
        else if (network == ComparedNetwork::convolution) take(convolution = std::make_unique<ConvolutionalNetwork>(plan.axis, random));
        else take(transformer = std::make_unique<Transformer>(transformer_plan(plan), random));
        Split split;
        split.training.resize(static_cast<size_t>(examples));
        first_held_back = static_cast<int32_t>(examples);
        std::iota(split.training.begin(), split.training.end(), 0);
        TrainerSettings settings;
        settings.optimizer.rate = rate;
        settings.batch = batch;
        settings.epochs = std::max<int64_t>(1, plan.steps / ((examples + batch - 1) / batch));
        settings.seed = plan.seed;
        settings.clip = gradient_clip;
        settings.history_bytes = 0;
        trainer.emplace(parameters, std::vector<Buffer>{}, build, *data, std::move(split), settings);
    }

    void prepare_data(ComparedNetwork network, const ComparisonPlan& plan, size_t point, int64_t examples) {
        const int64_t all = examples + compared_held_back;
        if (plan.axis == ComparisonAxis::distance) {
            data = std::make_unique<Needle>(all, plan.length(point), plan.points[point], plan.seed);
            return;
        }
        auto digits = std::make_unique<StrokeDigits>(all, plan.seed);
        if (network == ComparedNetwork::convolution) {
            data = std::make_unique<SameEveryPass>(std::move(digits));
            return;
        }
        pictures = std::move(digits);
        if (network == ComparedNetwork::recurrent) data = std::make_unique<RowsOfPictures>(*pictures);
        else data = std::make_unique<SameEveryPass>(std::make_shared<PatchedPictures>(*pictures, patch));
    }

    template <typename Network>
    void take(const std::unique_ptr<Network>& network) {
        parameters = network->parameters();
        build = [made = network.get()](Graph& graph, const Batch& samples) { return made->loss(graph, samples); };
    }

    // Of the samples held back: only at the end, so that few examples do not mean many validations.
    float accuracy() const {
        constexpr int32_t at_once = 100;
        int64_t correct = 0;
        for (int32_t begin = 0; begin < compared_held_back; begin += at_once) {
            std::vector<int32_t> samples(at_once);
            std::iota(samples.begin(), samples.end(), first_held_back + begin);
            const Batch held_back = data->batch(samples);
            Graph graph;
            const Tensor scores = build(graph, held_back).scores.tensor();
            const int64_t classes = scores.extent(1);
            for (int64_t i = 0; i < at_once; ++i) {
                const float* row = scores.data() + i * classes;
                correct += std::max_element(row, row + classes) - row == held_back.labels[static_cast<size_t>(i)] ? 1 : 0;
            }
        }
        return static_cast<float>(correct) / static_cast<float>(compared_held_back);
    }

    int32_t first_held_back = 0;
    std::unique_ptr<DataSet> pictures, data;
    std::unique_ptr<SequenceModel> recurrent;
    std::unique_ptr<ConvolutionalNetwork> convolution;
    std::unique_ptr<Transformer> transformer;
    std::vector<Parameter*> parameters;
    BuildLoss build;
    std::optional<Trainer> trainer;
};

int64_t compared_parameters(ComparedNetwork network, const ComparisonPlan& plan) {
    Random random(plan.seed);
    if (network == ComparedNetwork::recurrent) return count(SequenceModel(recurrent_plan(plan), random).parameters());
    if (network == ComparedNetwork::convolution) return count(ConvolutionalNetwork(plan.axis, random).parameters());
    return count(Transformer(transformer_plan(plan), random).parameters());
}

Comparison::Comparison(ComparisonPlan plan) {
    curves_.plan = checked(std::move(plan));
    curves_.total = static_cast<int64_t>(curves_.plan.points.size() * compared_networks);
    for (auto& row : curves_.accuracy) row.resize(curves_.plan.points.size());
}

Comparison::~Comparison() = default;

void Comparison::begin() {
    const auto network = static_cast<ComparedNetwork>(curves_.done % static_cast<int64_t>(compared_networks));
    run_ = std::make_unique<Run>(network, curves_.plan, static_cast<size_t>(curves_.done) / compared_networks);
}

// A training that diverges ends with what it was: chance is told as chance.
bool Comparison::step(const Budget& budget) {
    if (curves_.complete()) return false;
    if (!run_) begin();
    if (run_->trainer->step(budget)) return true;
    const auto network = static_cast<size_t>(curves_.done) % compared_networks,
               point = static_cast<size_t>(curves_.done) / compared_networks;
    curves_.accuracy[network][point] = run_->accuracy();
    ++curves_.done;
    run_ = nullptr;
    published_.publish(std::make_shared<const ComparisonCurves>(curves_));
    return !curves_.complete();
}

}  // namespace trilens

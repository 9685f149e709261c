// What each kind of batch asks of a Transformer, and what its loss counts.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "engine/autograd/loss.h"
#include "engine/train/trainer.h"
#include "tests/engine/gradient_check.h"
#include "tests/engine/transformer_plans.h"

using namespace trilens;
using namespace trilens::checks;

namespace {

using Kind = TransformerPlan::Kind;

// The mean of -log probability over (row, label) of scores that were tapped as "probabilities".
double mean_surprise(const Graph& graph, const std::vector<std::pair<int64_t, int32_t>>& asked) {
    const Tensor& probabilities = graph.find("probabilities").tensor();
    double total = 0;
    for (const auto& [row, label] : asked)
        total -= std::log(static_cast<double>(probabilities.data()[row * probabilities.extent(-1) + label]));
    return total / static_cast<double>(asked.size());
}

void check_loss(const Outcome& outcome, const Graph& graph, const std::vector<std::pair<int64_t, int32_t>>& asked) {
    CHECK(static_cast<double>(outcome.loss.tensor().item()) == doctest::Approx(mean_surprise(graph, asked)).epsilon(1e-5));
}

// Texts of a decoder, or with sources those of a translation.
class Texts : public DataSet {
public:
    explicit Texts(Tensor texts, Tensor sources = Tensor()) : texts_(std::move(texts)), sources_(std::move(sources)) {}
    int64_t size() const override { return texts_.extent(0); }
    Batch batch(std::span<const int32_t> samples) const override {
        const Tensor texts = rows(texts_, samples);
        return sources_.empty() ? Batch{texts, {}, {}} : Batch{rows(sources_, samples), {}, texts};
    }

private:
    static Tensor rows(const Tensor& of, std::span<const int32_t> samples) {
        Tensor out(Shape{static_cast<int64_t>(samples.size()), of.extent(1)});
        for (size_t i = 0; i < samples.size(); ++i)
            std::copy_n(of.data() + samples[i] * of.extent(1), of.extent(1), out.data() + static_cast<int64_t>(i) * of.extent(1));
        return out;
    }
    Tensor texts_, sources_;
};

// The share of the texts' next tokens that have the greatest score, without those after the end.
double hand_counted(Transformer& model, const Batch& batch) {
    const Tensor& texts = batch.targets.empty() ? batch.inputs : batch.targets;
    const int64_t count = texts.extent(0), steps = texts.extent(1) - 1;
    Tensor read(Shape{count, steps});
    for (int64_t i = 0; i < count * steps; ++i) read.data()[i] = texts.data()[i / steps * (steps + 1) + i % steps];
    Graph graph;
    const Tensor scores = (batch.targets.empty() ? model.forward(graph, read) : model.forward(graph, batch.inputs, read)).tensor();
    int64_t right = 0, asked = 0;
    for (int64_t i = 0; i < count * steps; ++i) {
        const float next = texts.data()[i / steps * (steps + 1) + i % steps + 1];
        if (next < 0) continue;
        const float* row = scores.data() + i * scores.extent(-1);
        right += std::max_element(row, row + scores.extent(-1)) - row == static_cast<int64_t>(next) ? 1 : 0;
        ++asked;
    }
    return static_cast<double>(right) / static_cast<double>(asked);
}

}  // namespace

TEST_CASE("fill in the blank counts only the tokens that were asked for") {
    Random random(21);
    auto model = made(plan_of(Kind::encoder, Positions::sinusoidal), random);
    Graph graph;
    const Outcome outcome = model->loss(graph, {Tensor(Shape{2, 3}, {1, 8, 3, 8, 2, -1}), {-1, 5, -1, 4, -1, -1}, {}});
    check_loss(outcome, graph, {{1, 5}, {3, 4}});
    CHECK(outcome.scores.shape() == Shape{6, 9});  // a row for each label: the accuracy is of tokens
    Graph other;
    CHECK_THROWS_AS(model->loss(other, {Tensor(Shape{2, 3}), {1, 2}, {}}), ShapeError);
}

TEST_CASE("a decoder's labels are its own next tokens, without those after the end") {
    Random random(22);
    auto model = made(plan_of(Kind::decoder, Positions::learned), random);
    Graph graph, labelled;
    const Tensor texts(Shape{2, 4}, {1, 2, 3, 4, 5, 6, -1, -1});
    check_loss(model->loss(graph, {texts, {}, {}}), graph, {{0, 2}, {1, 3}, {2, 4}, {3, 6}});
    CHECK(graph.find("logits").shape() == Shape{2, 3, 9});
    check_loss(model->loss(labelled, {texts, {-1, -1, -1, 7, -1, 0, -1, -1}, {}}), labelled, {{3, 7}, {5, 0}});
}

TEST_CASE("a translation's labels are the target's next tokens, the end's included") {
    Random random(23);
    auto model = made(plan_of(Kind::encoder_decoder, Positions::sinusoidal), random);
    Graph graph;
    const Batch batch{Tensor(Shape{2, 3}, {1, 2, 3, 4, 5, -1}), {}, Tensor(Shape{2, 4}, {0, 6, 7, 8, 0, 8, -1, -1})};
    check_loss(model->loss(graph, batch), graph, {{0, 6}, {1, 7}, {2, 8}, {3, 8}});
    Graph other;
    CHECK_THROWS_AS(model->loss(other, {batch.inputs, {}, {}}), ShapeError);
}

TEST_CASE("a translation may read one vocabulary and write another") {
    Random random(24);
    auto plan = plan_of(Kind::encoder_decoder, Positions::sinusoidal);
    plan.target_vocabulary = 5;
    auto model = made(plan, random);
    Graph graph, other;
    CHECK(model->forward(graph, Tensor(Shape{2}, {8, 7}), Tensor(Shape{2}, {0, 4})).shape() == Shape{2, 5});
    CHECK_THROWS_AS(model->forward(other, Tensor(Shape{2}, {8, 7}), Tensor(Shape{2}, {0, 5})), ValueError);
}

TEST_CASE("a picture's patches are classified by the class token, which sees them all") {
    Random random(25);
    TransformerPlan plan = plan_of(Kind::encoder, Positions::learned);
    plan.vocabulary = 0;
    plan.features = 6;
    plan.outputs = 3;
    plan.max_length = 5;
    plan.layer.activation = TransformerLayerSettings::Activation::gelu;   // no bend for a difference to cross
    plan.head = TransformerPlan::Head::class_token;
    auto model = made(plan, random);
    const Tensor patches = random_tensor(Shape{2, 4, 6}, random);
    Graph graph;
    const Outcome outcome = model->loss(graph, {patches, {2, 0}, {}});
    CHECK(outcome.scores.shape() == Shape{2, 3});
    check_loss(outcome, graph, {{0, 2}, {1, 0}});
    CHECK(graph.find("encoder.vectors").shape() == Shape{2, 4, 6});
    CHECK(graph.find("encoder.embedding").shape() == Shape{2, 4, 8});
    CHECK(graph.find("encoder.positions").shape() == Shape{5, 8});
    CHECK(graph.find("encoder.0.weights").shape() == Shape{2, 2, 5, 5});
    explanations_lead_back(graph);

    Graph single;
    CHECK(model->forward(single, patches.rows(1, 1).reshaped(Shape{4, 6}).clone()).shape() == Shape{1, 3});
    for (int64_t j = 0; j < 3; ++j) CHECK(single.find("logits").tensor().data()[j] == graph.find("logits").tensor().data()[3 + j]);
    // The patches' own gradient, for saliency: the difference of two runs.
    Graph run;
    run.backward(model->forward(run, patches), output_weights(Shape{2, 3}));
    const Tensor& gradient = run.node(run.find("encoder.vectors").node).gradient;
    for (int64_t at = 0; at < patches.elements(); ++at) {
        const auto shifted = [&](float by) {
            Graph other;
            Tensor moved = patches.clone();
            moved.data()[at] += by;
            const Tensor y = model->forward(other, moved).tensor();
            double total = 0;
            for (int64_t i = 0; i < y.elements(); ++i) total += static_cast<double>(output_weight(i)) * static_cast<double>(y.data()[i]);
            return total;
        };
        const double numeric = (shifted(2e-3f) - shifted(-2e-3f)) / 4e-3;
        CHECK(std::abs(numeric - static_cast<double>(gradient.data()[at])) <= 2e-3 + 5e-3 * std::abs(numeric));
    }
    Graph wrong;
    CHECK_THROWS_AS(model->forward(wrong, Tensor(Shape{2, 4, 5})), ShapeError);
}

TEST_CASE("a sequence of nothing but padding gives numbers, and no gradient that is none") {
    Random random(26);
    auto plan = plan_of(Kind::encoder, Positions::sinusoidal);
    auto model = made(plan, random);
    Graph graph;
    const Outcome outcome = model->loss(graph, {Tensor(Shape{2, 3}, {1, 2, 3, -1, -1, -1}), {5, 5, 5, -1, -1, -1}, {}});
    graph.backward(outcome.loss);
    CHECK(graph.first_non_finite() == -1);
    for (const Parameter* parameter : model->parameters())
        for (const float value : parameter->gradient.values()) REQUIRE(std::isfinite(value));
}

TEST_CASE("accuracy counts the next tokens that are predicted, without those after the end") {
    Random random(27);
    for (const Kind kind : {Kind::decoder, Kind::encoder_decoder}) {
        CAPTURE(static_cast<int>(kind));
        auto model = made(plan_of(kind, Positions::sinusoidal), random, 0.3f);
        Tensor texts = random_tokens(Shape{40, 7}, random), sources;
        if (kind == Kind::encoder_decoder) sources = random_tokens(Shape{40, 4}, random);
        for (int64_t row = 0; row < 40; ++row)
            for (int64_t step = 3 + row % 5; step < 7; ++step) texts.data()[row * 7 + step] = -1;
        const Texts data(texts, sources);
        Split split;
        for (int32_t i = 0; i < 40; ++i) (i < 25 ? split.training : split.validation).push_back(i);
        TrainerSettings settings;
        settings.optimizer.kind = OptimizerKind::sgd;
        settings.optimizer.rate = 0;
        settings.batch = 25;
        settings.epochs = 1;
        Trainer trainer(
            model->parameters(), {}, [&](Graph& graph, const Batch& batch) { return model->loss(graph, batch); }, data, split, settings);
        while (trainer.step_once()) continue;
        trainer.publish();
        const EpochMetrics metrics = trainer.snapshot()->epochs.at(0);
        const double training = hand_counted(*model, data.batch(split.training)),
                     validation = hand_counted(*model, data.batch(split.validation));
        CHECK(training > 0);
        CHECK(metrics.training_accuracy == doctest::Approx(training));
        CHECK(metrics.validation_accuracy == doctest::Approx(validation));
        CHECK(static_cast<double>(trainer.snapshot()->steps.at(0).accuracy) == doctest::Approx(training));
    }
}

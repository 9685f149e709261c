// The Transformer as a whole: what it is called, what it must not see, what it may not depend on, and that it learns.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/models/transformer.h"
#include "engine/parallel.h"
#include "engine/train/trainer.h"
#include "tests/engine/gradient_check.h"
#include "tests/engine/transformer_plans.h"

using namespace trilens;
using namespace trilens::checks;

namespace {

// Texts that count up from their first token: what comes next follows from what is there.
class Counting : public DataSet {
public:
    int64_t size() const override { return 36; }
    Batch batch(std::span<const int32_t> samples) const override {
        Tensor inputs(Shape{static_cast<int64_t>(samples.size()), 12});
        for (int64_t at = 0; at < inputs.elements(); ++at)
            inputs.data()[at] = static_cast<float>((samples[static_cast<size_t>(at / 12)] + at % 12) % 9);
        return {inputs, {}, {}};
    }
};

// Rows of the last two axes [.., T, width] of one sequence: row `t` of sequence `n`.
std::vector<float> row_of(const Tensor& x, int64_t n, int64_t t) {
    const int64_t steps = x.extent(-2), width = x.extent(-1);
    const auto row = x.values().subspan(static_cast<size_t>((n * steps + t) * width), static_cast<size_t>(width));
    return {row.begin(), row.end()};
}

}  // namespace

TEST_CASE("one encoder layer on vectors has the names and shapes of the worked example") {
    TransformerPlan plan;
    plan.layer = {16, 2, 16, 64};
    plan.layer.norm_epsilon = 1e-6f;
    plan.layers = 1;
    plan.positions = Positions::none;
    plan.head = TransformerPlan::Head::none;
    Random random(1);
    Transformer model(plan, random);
    Tensor x(Shape{1, 10, 16});
    for (float& value : x.values()) value = random.uniform();
    Graph graph("transformer.");
    CHECK(model.forward(graph, x).shape() == Shape{1, 10, 16});
    CHECK(graph.find("transformer.encoder.0.weights").shape() == Shape{1, 2, 10, 10});
    // 4 projections of 16 x 32 with biases, two of 16 x 64, two norms.
    int64_t count = 0;
    for (const Parameter* parameter : model.parameters()) count += parameter->value.elements();
    CHECK(count == 3 * (16 * 32 + 32) + (32 * 16 + 16) + (16 * 64 + 64) + (64 * 16 + 16) + 4 * 16);

    Graph single("transformer.");
    model.forward(single, x.reshaped(Shape{10, 16}));
    for (const char* name : {"q", "k", "v", "heads"})
        CHECK(single.find(std::string("transformer.encoder.0.") + name).shape() == Shape{2, 10, 16});
    for (const char* name : {"scores", "scaled", "weights"})
        CHECK(single.find(std::string("transformer.encoder.0.") + name).shape() == Shape{2, 10, 10});
    for (const char* name : {"out", "add1", "norm1", "ff.out", "add2", "norm2"})
        CHECK(single.find(std::string("transformer.encoder.0.") + name).shape() == Shape{10, 16});
    for (const char* name : {"ff.sum", "ff.hidden"})
        CHECK(single.find(std::string("transformer.encoder.0.") + name).shape() == Shape{10, 64});
    CHECK(same_bits(single.find("transformer.encoder.0.norm2").tensor().reshaped(Shape{1, 10, 16}).clone(),
                    graph.find("transformer.encoder.0.norm2").tensor()));
}

TEST_CASE("a translation taps encoder, decoder and what passes between them") {
    Random random(2);
    auto model = made(plan_of(TransformerPlan::Kind::encoder_decoder, Positions::sinusoidal), random);
    Graph graph("transformer.");
    CHECK(model->forward(graph, Tensor(Shape{4}, {1, 2, 3, 4}), Tensor(Shape{3}, {0, 5, 6})).shape() == Shape{3, 9});
    CHECK(graph.find("transformer.encoder.1.weights").shape() == Shape{2, 4, 4});
    CHECK(graph.find("transformer.decoder.0.weights").shape() == Shape{2, 3, 3});
    CHECK(graph.find("transformer.decoder.0.cross.weights").shape() == Shape{2, 3, 4});
    CHECK(graph.find("transformer.decoder.1.cross.out").shape() == Shape{3, 8});
    CHECK(graph.find("transformer.decoder.1.norm3").shape() == Shape{3, 8});
    CHECK(graph.find("transformer.decoder.mask").shape() == Shape{3, 3});
    CHECK(graph.find("transformer.encoder.positions").shape() == Shape{4, 8});
    CHECK(graph.find("transformer.probabilities").shape() == Shape{3, 9});
}

TEST_CASE("no bit of what comes earlier depends on a later token") {
    for (const Positions positions : {Positions::none, Positions::sinusoidal, Positions::learned, Positions::rotary})
        for (const bool pre : {false, true}) {
            Random random(3);
            auto plan = plan_of(TransformerPlan::Kind::decoder, positions);
            plan.layer.norm = pre ? TransformerLayerSettings::Norm::pre : TransformerLayerSettings::Norm::post;
            auto model = made(plan, random);
            const Tensor tokens = random_tokens(Shape{2, 37}, random);
            Graph before;
            const Tensor scores = model->forward(before, tokens).tensor();
            for (const int64_t changed : {1, 16, 36}) {
                Tensor other = tokens.clone();
                for (int64_t t = changed; t < 37; ++t)
                    other.data()[t] = static_cast<float>((static_cast<int>(tokens.data()[t]) + 1 + static_cast<int>(random.below(8))) % 9);
                Graph after;
                const Tensor moved = model->forward(after, other).tensor();
                for (int64_t t = 0; t < changed; ++t) CHECK(row_of(scores, 0, t) == row_of(moved, 0, t));
                CHECK(row_of(scores, 0, changed) != row_of(moved, 0, changed));
                for (int64_t t = 0; t < 37; ++t) CHECK(row_of(scores, 1, t) == row_of(moved, 1, t));
            }
        }
}

TEST_CASE("a sequence has the same bits alone and padded in a batch") {
    Random random(4);
    auto model = made(plan_of(TransformerPlan::Kind::encoder, Positions::sinusoidal), random);
    const Tensor longer = random_tokens(Shape{20}, random), shorter = random_tokens(Shape{7}, random);
    Tensor both = Tensor::full(Shape{2, 20}, -1);
    std::ranges::copy(longer.values(), both.data());
    std::ranges::copy(shorter.values(), both.data() + 20);
    Graph batch, alone;
    const Tensor scores = model->forward(batch, both).tensor(), of_shorter = model->forward(alone, shorter).tensor();
    for (int64_t t = 0; t < 7; ++t) CHECK(row_of(scores, 1, t) == row_of(of_shorter, 0, t));

    auto translator = made(plan_of(TransformerPlan::Kind::encoder_decoder, Positions::learned), random);
    const Tensor target = random_tokens(Shape{5}, random);
    Tensor targets(Shape{2, 5});
    std::ranges::copy(target.values(), targets.data() + 5);
    Graph batch_of_two, one;
    const Tensor two = translator->forward(batch_of_two, both, targets).tensor(),
                 single = translator->forward(one, shorter, target).tensor();
    for (int64_t t = 0; t < 5; ++t) CHECK(row_of(two, 1, t) == row_of(single, 0, t));
}

TEST_CASE("without positions the output shuffles with the words, with them it does not") {
    for (const Positions positions : {Positions::none, Positions::sinusoidal, Positions::learned, Positions::rotary})
        for (const bool told : {true, false}) {
            Random random(5);
            auto model = made(plan_of(TransformerPlan::Kind::encoder, positions), random);
            const Tensor tokens(Shape{8}, {3, 1, 4, 0, 5, 8, 2, 6});
            const std::vector<int32_t> order = random.permutation(8);
            Tensor shuffled(Shape{8});
            for (int64_t t = 0; t < 8; ++t) shuffled.data()[t] = tokens.data()[order[static_cast<size_t>(t)]];
            TransformerLook look;
            look.positions = told;
            Graph plain, moved;
            const Tensor scores = model->forward(plain, tokens, look).tensor(), others = model->forward(moved, shuffled, look).tensor();
            double farthest = 0;
            for (int64_t t = 0; t < 8; ++t)
                for (int64_t j = 0; j < 9; ++j)
                    farthest = std::max(farthest, std::abs(static_cast<double>(others.data()[t * 9 + j]) -
                                                           static_cast<double>(scores.data()[order[static_cast<size_t>(t)] * 9 + j])));
            if (positions == Positions::none || !told) CHECK(farthest < 1e-4);
            else CHECK(farthest > 1e-2);
        }
}

TEST_CASE("a head switched off or to uniform changes its layer and what follows, and nothing before") {
    Random random(6);
    auto model = made(plan_of(TransformerPlan::Kind::encoder_decoder, Positions::sinusoidal), random);
    const Tensor source = random_tokens(Shape{5}, random), target = random_tokens(Shape{4}, random);
    using Where = TransformerLook::Where;
    Graph plain, switched;
    model->forward(plain, source, target);
    TransformerLook look;
    look.heads = {{Where::encoder, 1, 0, HeadMode::off}, {Where::cross, 0, 1, HeadMode::uniform}};
    const Value out = model->forward(switched, source, target, look);
    CHECK(same_bits(plain.find("encoder.1.weights").tensor(), switched.find("encoder.1.weights").tensor()));
    CHECK_FALSE(same_bits(plain.find("encoder.1.out").tensor(), switched.find("encoder.1.out").tensor()));
    for (int64_t at = 0; at < 20; ++at) CHECK(switched.find("encoder.1.heads").tensor().data()[at] == 0);
    CHECK(same_bits(plain.find("decoder.0.add1").tensor(), switched.find("decoder.0.add1").tensor()));
    for (int64_t at = 20; at < 40; ++at) CHECK(switched.find("decoder.0.cross.weights").tensor().data()[at] == 0.2f);
    explanations_lead_back(switched);
    switched.backward(out, output_weights(out.shape()));
    for (const auto& [where, layer, head] : std::vector<std::tuple<Where, int, int>>{{Where::encoder, 2, 0}, {Where::decoder, 0, 2}})
        CHECK_THROWS_AS(model->forward(plain, source, target, {true, true, {{where, layer, head}}}), ValueError);
    auto alone = made(plan_of(TransformerPlan::Kind::encoder, Positions::none), random);
    Graph graph;
    CHECK_THROWS_AS(alone->forward(graph, source, {true, true, {{Where::cross, 0, 0}}}), ValueError);
}

TEST_CASE("the gradient of every parameter is a finite difference of the loss, for every kind of model") {
    for (const auto kind : {TransformerPlan::Kind::encoder, TransformerPlan::Kind::decoder, TransformerPlan::Kind::encoder_decoder})
        for (const Positions positions : {Positions::sinusoidal, Positions::learned, Positions::rotary}) {
            Random random(7);
            auto plan = plan_of(kind, positions);
            plan.layer.norm = positions == Positions::learned ? TransformerLayerSettings::Norm::pre : TransformerLayerSettings::Norm::post;
            plan.layer.activation = TransformerLayerSettings::Activation::gelu;   // no bend for a difference to cross
            plan.tied = positions == Positions::rotary;
            if (kind == TransformerPlan::Kind::encoder) plan.head = TransformerPlan::Head::class_token;
            auto model = made(plan, random, 0.3f);
            Batch batch{Tensor(Shape{2, 4}, {1, 5, 3, 2, 7, 8, -1, -1}), {}, Tensor(Shape{2, 4}, {0, 4, 2, 8, 0, 6, 8, -1})};
            if (kind == TransformerPlan::Kind::encoder) batch.labels = {3, 6};
            const auto loss = [&] {
                Graph graph;
                return static_cast<double>(model->loss(graph, batch).loss.tensor().item());
            };
            Graph graph;
            graph.backward(model->loss(graph, batch).loss);
            for (Parameter* parameter : model->parameters()) {
                parameter->value = parameter->value.clone();
                const Tensor gradient = parameter->gradient.clone();
                const int64_t stride = std::max<int64_t>(1, parameter->value.elements() / 5);
                for (int64_t at = 0; at < parameter->value.elements(); at += stride) {
                    float& value = parameter->value.data()[at];
                    const float kept = value, step = 4e-3f;
                    value = kept + step;
                    const double above = loss();
                    value = kept - step;
                    const double numeric = (above - loss()) / (2 * static_cast<double>(step));
                    value = kept;
                    CHECK_MESSAGE(std::abs(numeric - static_cast<double>(gradient.data()[at])) <= 1e-3 + 5e-3 * std::abs(numeric),
                                  parameter->name << " element " << at << ": " << gradient.data()[at] << " for " << numeric);
                }
            }
        }
}

TEST_CASE("training gives the same bits with one, two and three threads, and it learns") {
    const Counting data;
    const int before = threads();
    std::vector<uint64_t> checksums;
    for (const int count : {1, 2, 3}) {
        set_threads(count);
        Random random(8);
        auto plan = plan_of(TransformerPlan::Kind::decoder, Positions::sinusoidal);
        plan.layer = {32, 4, 16, 64};
        plan.layer.dropout = 0.1f;
        Transformer model(plan, random);
        TrainerSettings settings;
        settings.batch = 12;
        settings.epochs = 40;
        settings.optimizer.rate = 3e-3f;
        const auto build = [&](Graph& graph, const Batch& batch) { return model.loss(graph, batch); };
        Trainer trainer(model.parameters(), {}, build, data, random_split(36, 0, 1), settings);
        while (trainer.step([] { return true; })) {
        }
        CHECK(trainer.snapshot()->epochs.front().training_loss > 1.5);
        CHECK(trainer.snapshot()->epochs.back().training_loss < 0.1);
        uint64_t sum = 0;
        for (const Parameter* parameter : model.parameters()) sum = checksum(parameter->value, sum);
        checksums.push_back(sum);
    }
    set_threads(before);
    // On every machine and vector width: a change of arithmetic that is meant changes this number in the same commit.
    CHECK(checksums[0] == 14115102721972167951u);
    CHECK(checksums[0] == checksums[1]);
    CHECK(checksums[0] == checksums[2]);
}

TEST_CASE("plans and inputs that make no sense are refused by name") {
    Random random(9);
    using Kind = TransformerPlan::Kind;
    const auto refused = [&](Kind kind, auto change) {
        TransformerPlan plan = plan_of(kind, Positions::sinusoidal);
        change(plan);
        CHECK_THROWS_AS(Transformer(plan, random), ValueError);
    };
    refused(Kind::encoder, [](TransformerPlan& plan) { plan.layers = 0; });
    refused(Kind::encoder, [](TransformerPlan& plan) { plan.vocabulary = -1; });
    refused(Kind::encoder, [](TransformerPlan& plan) { plan.layer.d_model = 0; });
    refused(Kind::encoder, [](TransformerPlan& plan) { plan.vocabulary = 0; });
    refused(Kind::decoder, [](TransformerPlan& plan) { plan.outputs = 4; });
    refused(Kind::decoder, [](TransformerPlan& plan) { plan.vocabulary = 0; });
    refused(Kind::encoder, [](TransformerPlan& plan) { plan.tied = true, plan.outputs = 4; });
    refused(Kind::encoder, [](TransformerPlan& plan) { plan.positions = Positions::rotary, plan.layer.key_size = 3; });
    refused(Kind::encoder, [](TransformerPlan& plan) { plan.layer.dropout = 1; });
    auto model = made(plan_of(Kind::decoder, Positions::learned), random);
    Graph graph;
    for (const float token : {9.0f, 1.5f, -2.0f}) CHECK_THROWS_AS(model->forward(graph, Tensor(Shape{2}, {0, token})), ValueError);
    Graph second, third, fourth, fifth;
    CHECK_THROWS_AS(model->forward(second, Tensor(Shape{3}, {0, -1, 1})), ValueError);
    CHECK_THROWS_AS(model->forward(third, Tensor(Shape{65})), ShapeError);   // more than the learned positions
    CHECK_THROWS_AS(model->forward(fourth, Tensor(Shape{0})), ShapeError);
    CHECK_THROWS_AS(model->loss(fifth, {Tensor(Shape{2, 1}), {}, {}}), ShapeError);
    CHECK_THROWS_AS(model->encode(fifth, Tensor(Shape{2})), ValueError);
}

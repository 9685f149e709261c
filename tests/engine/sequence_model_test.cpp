// SequenceModel: names, tokens and numbers, batches and single sequences, labels without an answer, refusals.
#include "engine/models/sequence_model.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/engine/recurrent_cells.h"

using namespace trilens;
using namespace trilens::checks;

namespace {

SequencePlan token_plan(Cell cell = Cell::gru) {
    SequencePlan plan;
    plan.vocabulary = 6;
    plan.cell = cell;
    plan.hidden_size = 5;
    plan.outputs = 3;
    return plan;
}

SequencePlan number_plan(Cell cell = Cell::lstm) {
    SequencePlan plan;
    plan.features = 2;
    plan.cell = cell;
    plan.hidden_size = 5;
    return plan;
}

Parameter& find(SequenceModel& model, const std::string& name) {
    for (Parameter* parameter : model.parameters())
        if (parameter->name == name) return *parameter;
    FAIL("no parameter ", name);
    return *model.parameters().front();
}

std::vector<std::string> names_of(const SequencePlan& plan) {
    Random random(1);
    SequenceModel model(plan, random);
    std::vector<std::string> names;
    for (const Parameter* parameter : model.parameters()) names.push_back(parameter->name + " " + parameter->value.shape().text());
    return names;
}

template <typename Error, typename Function>
std::string refusal(Function function) {
    try {
        function();
    } catch (const Error& error) {
        return error.what();
    }
    return "nothing";
}

std::string refused_plan(const SequencePlan& plan) {
    return refusal<ValueError>([&] {
        Random random(1);
        SequenceModel model(plan, random);
    });
}

void check_rows(const Tensor& a, int64_t row_a, const Tensor& b, int64_t row_b, const std::string& what) {
    const int64_t width = a.shape()[-1];
    REQUIRE(b.shape()[-1] == width);
    for (int64_t i = 0; i < width; ++i) CHECK_MESSAGE(a.data()[row_a * width + i] == b.data()[row_b * width + i], what << ", " << i);
}

}  // namespace

TEST_CASE("parameters are named by layer and direction, with the rows of all gates in one matrix") {
    CHECK(names_of(number_plan(Cell::rnn_tanh)) ==
          std::vector<std::string>{"W_xh [5, 2]", "W_hh [5, 5]", "b_h [5]", "W_ho [2, 5]", "b_o [2]"});
    CHECK(names_of(token_plan(Cell::gru)) ==
          std::vector<std::string>{"W_xh [15, 6]", "W_hh [15, 5]", "b_h [15]", "b_hn [5]", "W_ho [3, 5]", "b_o [3]"});
    SequencePlan plan = token_plan(Cell::lstm);
    plan.embedding = 4;
    plan.layers = 2;
    plan.bidirectional = true;
    CHECK(names_of(plan) == std::vector<std::string>{"embedding.weight [6, 4]", "W_xh [20, 4]", "W_hh [20, 5]", "b_h [20]",
                                                     "reverse.W_xh [20, 4]", "reverse.W_hh [20, 5]", "reverse.b_h [20]",
                                                     "layer2.W_xh [20, 10]", "layer2.W_hh [20, 5]", "layer2.b_h [20]",
                                                     "layer2.reverse.W_xh [20, 10]", "layer2.reverse.W_hh [20, 5]",
                                                     "layer2.reverse.b_h [20]", "W_ho [3, 10]", "b_o [3]"});
}

TEST_CASE("one-hot tokens are an embedding by the identity") {
    for (const Cell cell : all_cells()) {
        SequencePlan one_hot = token_plan(cell), table = one_hot;
        table.embedding = 6;
        Random random(5);
        SequenceModel a(one_hot, random), b(table, random);
        for (Parameter* parameter : a.parameters()) find(b, parameter->name).value = parameter->value.clone();
        Tensor identity(Shape{6, 6});
        for (int64_t i = 0; i < 6; ++i) identity.data()[i * 7] = 1;
        find(b, "embedding.weight").value = identity;
        const Tensor tokens(Shape{2, 4}, {5, 0, 2, 2, 1, 3, -1, -1});
        Graph first, second;
        const Value scores = a.forward(first, tokens);
        CHECK(scores.shape() == Shape{2, 3});
        CHECK(same_bits(scores.tensor(), b.forward(second, tokens).tensor()));
        CHECK(first.find("input").shape() == Shape{4, 2, 6});
        explanations_lead_back(first);
        explanations_lead_back(second);
    }
}

TEST_CASE("a batch has the bits of its sequences one by one, whatever stands after the end of the shorter ones") {
    for (const bool bidirectional : {false, true})
        for (const Cell cell : all_cells()) {
            INFO(cell_name(cell), " both directions ", bidirectional);
            SequencePlan plan = token_plan(cell);
            plan.bidirectional = bidirectional;
            plan.layers = 2;
            Random random(6);
            SequenceModel model(plan, random);
            Graph graph, longer, shorter;
            const Tensor batch = model.forward(graph, Tensor(Shape{2, 4}, {5, 0, 2, 2, 1, 3, -1, -1})).tensor();
            REQUIRE(batch.shape() == Shape{2, 3});
            const Tensor four = model.forward(longer, Tensor(Shape{4}, {5, 0, 2, 2})).tensor();
            const Tensor two = model.forward(shorter, Tensor(Shape{2}, {1, 3})).tensor();
            // With one direction every step of a single sequence is classified; the last is the answer.
            REQUIRE(four.shape() == Shape{bidirectional ? 1 : 4, 3});
            check_rows(batch, 0, four, four.extent(0) - 1, "of four tokens");
            check_rows(batch, 1, two, two.extent(0) - 1, "of two tokens");
            CHECK(graph.contains("layer2.hidden"));
            CHECK(graph.contains("layer2.reverse.hidden") == bidirectional);
            CHECK(longer.find("hidden").shape() == Shape{4, 5});
        }
}

TEST_CASE("each step of a single sequence is classified as if it ended there") {
    Random random(7);
    SequenceModel model(number_plan(), random);
    const Tensor x = random_tensor(Shape{6, 2}, random);
    Graph graph;
    const Tensor scores = model.forward(graph, x).tensor();
    REQUIRE(scores.shape() == Shape{6, 2});
    for (int64_t end = 1; end <= 6; ++end) {
        Graph other;
        check_rows(scores, end - 1, model.forward(other, x.rows(0, end)).tensor(), end - 1, "of " + std::to_string(end) + " steps");
        Graph batched;
        check_rows(scores, end - 1, model.forward(batched, x.rows(0, end).clone().reshaped(Shape{1, end, 2})).tensor(), 0, "in a batch");
    }
    const Tensor& probabilities = graph.find("probabilities").tensor();
    for (int64_t t = 0; t < 6; ++t) CHECK(probabilities.data()[t * 2] + probabilities.data()[t * 2 + 1] == doctest::Approx(1));
}

TEST_CASE("the loss of every step leaves out labels of -1") {
    SequencePlan plan = number_plan();
    plan.head = SequencePlan::Head::every;
    Random random(8);
    SequenceModel model(plan, random);
    const Batch batch{random_tensor(Shape{2, 3, 2}, random), {0, 1, 1, -1, -1, 0}, {}};  // in the order of time: two sequences a step
    Graph graph;
    const Outcome outcome = model.loss(graph, batch);
    REQUIRE(outcome.scores.shape() == Shape{6, 2});
    double expected = 0;
    for (const int64_t row : {0, 1, 2, 5}) {
        const float* score = outcome.scores.tensor().data() + row * 2;
        const double other = static_cast<double>(score[1 - batch.labels[static_cast<size_t>(row)]]);
        expected += std::log1p(std::exp(other - static_cast<double>(score[batch.labels[static_cast<size_t>(row)]]))) / 4;
    }
    CHECK(static_cast<double>(outcome.loss.tensor().item()) == doctest::Approx(expected));
    graph.backward(outcome.loss);
    const Tensor& gradient = graph.node(graph.find("logits").node).gradient;
    REQUIRE(gradient.shape() == Shape{3, 2, 2});
    for (int64_t row = 0; row < 6; ++row) CHECK((gradient.data()[row * 2] == 0) == (batch.labels[static_cast<size_t>(row)] < 0));
}

TEST_CASE("a given state continues a sequence where it was cut") {
    for (const Cell cell : all_cells()) {
        Random random(9);
        SequenceModel model(number_plan(cell), random);
        const Tensor x = random_tensor(Shape{6, 2}, random);
        Graph whole, first, second;
        const Tensor scores = model.forward(whole, x).tensor();
        model.forward(first, x.rows(0, 4));
        SequenceLook look;
        look.initial_hidden = first.find("hidden").tensor().rows(3, 1).clone();
        if (cell == Cell::lstm) look.initial_cell = first.find("cell_state").tensor().rows(3, 1).clone();
        const Tensor rest = model.forward(second, x.rows(4, 2), look).tensor();
        for (const int64_t t : {0, 1}) check_rows(rest, t, scores, 4 + t, std::string(cell_name(cell)));
    }
}

TEST_CASE("steps are left out of all layers, elements are held in the first one") {
    SequencePlan plan = token_plan(Cell::lstm);
    plan.layers = 2;
    Random random(10);
    SequenceModel model(plan, random);
    Graph all, without, held;
    SequenceLook look;
    look.skipped = {1};
    const Tensor skipped = model.forward(all, Tensor(Shape{4}, {5, 0, 2, 1}), look).tensor();
    check_rows(skipped, 3, model.forward(without, Tensor(Shape{3}, {5, 2, 1})).tensor(), 2, "without step 1");
    look = {};
    look.held = {{"gate.f", 2, 3, 0.25f}};
    model.forward(held, Tensor(Shape{4}, {5, 0, 2, 1}), look);
    CHECK(held.find("gate.f").tensor().data()[2 * 5 + 3] == 0.25f);
    CHECK(held.find("layer2.gate.f").tensor().data()[2 * 5 + 3] != 0.25f);
}

TEST_CASE("dropout drops while training only, and from the scores' own draws") {
    SequencePlan plan = token_plan(Cell::rnn_tanh);
    plan.embedding = 4;
    plan.dropout = 0.5f;
    Random random(11);
    SequenceModel model(plan, random);
    const Tensor tokens(Shape{2, 3}, {5, 0, 2, 1, 4, 3});
    Graph look, again, training("", true, 1), same("", true, 1), other("", true, 2);
    const Tensor plain = model.forward(look, tokens).tensor();
    CHECK(same_bits(plain, model.forward(again, tokens).tensor()));
    const Tensor dropped = model.forward(training, tokens).tensor();
    CHECK_FALSE(same_bits(plain, dropped));
    CHECK(same_bits(dropped, model.forward(same, tokens).tensor()));
    CHECK_FALSE(same_bits(dropped, model.forward(other, tokens).tensor()));
    CHECK(std::ranges::count(training.find("input").tensor().values(), 0.0f) > 0);
    CHECK(look.contains("probabilities"));
    CHECK_FALSE(training.contains("probabilities"));
}

TEST_CASE("plans and inputs that make no sense are refused with what was expected") {
    SequencePlan plan = number_plan();
    plan.hidden_size = 0;
    CHECK(refused_plan(plan) == "recurrent layer: 2 inputs and 0 hidden units, expected at least 1");
    plan = number_plan();
    plan.outputs = 1;
    CHECK(refused_plan(plan) == "sequence model: outputs 1, expected at least 2");
    plan = number_plan();
    plan.layers = 0;
    CHECK(refused_plan(plan) == "sequence model: layers 0, expected at least 1");
    plan = number_plan();
    plan.features = 0;
    CHECK(refused_plan(plan) == "sequence model: features 0, expected at least 1");
    plan = number_plan();
    plan.vocabulary = -1;
    CHECK(refused_plan(plan) == "sequence model: vocabulary -1, expected at least 0");
    plan = number_plan();
    plan.spectral_radius = -0.5f;
    CHECK(refused_plan(plan) == "recurrent layer: spectral radius -0.500000, expected at least 0");
    plan.spectral_radius = NAN;
    CHECK(refused_plan(plan).starts_with("recurrent layer: spectral radius"));
    plan = number_plan();
    plan.regression = true;
    CHECK(refused_plan(plan) == "sequence model: values are predicted at every step, expected Head::every");

    Random random(12);
    SequenceModel tokens(token_plan(), random), numbers(number_plan(), random);
    SequencePlan both = number_plan();
    both.bidirectional = true;
    SequenceModel directions(both, random);
    const auto value = [](SequenceModel& model, const Tensor& inputs, const SequenceLook& look = {}) {
        return refusal<ValueError>([&] {
            Graph graph;
            model.forward(graph, inputs, look);
        });
    };
    const auto shape = [](SequenceModel& model, const Tensor& inputs) {
        return refusal<ShapeError>([&] {
            Graph graph;
            model.forward(graph, inputs);
        });
    };
    CHECK(value(tokens, Tensor(Shape{2}, {0, 6})) == "sequence model: token 6.000000 at step 1, expected 0 to 5, or -1 after the end");
    for (const float wrong : {-2.0f, 1.5f, NAN, INFINITY})
        CHECK(value(tokens, Tensor(Shape{1}, {wrong})).find("at step 0") != std::string::npos);
    CHECK(value(tokens, Tensor(Shape{3}, {0, -1, 2})) == "sequence model: token 2.000000 at step 2, expected 0 to 5, or -1 after the end");
    CHECK(shape(tokens, Tensor(Shape{1, 2, 3})) == "sequence model: tokens are [1, 2, 3], expected [N, T] or [T]");
    CHECK(shape(numbers, Tensor(Shape{1, 2, 3})) == "sequence model: inputs are [1, 2, 3], expected [N, T, 2] or [T, 2]");
    CHECK(shape(numbers, Tensor(Shape{0, 2})) == "sequence model: a sequence of no steps, expected at least one");
    SequenceLook look;
    look.initial_hidden = Tensor(Shape{5});
    CHECK(value(directions, Tensor(Shape{3, 2}), look) == "sequence model: only a single layer can start from a given state");
    look = {};
    look.held = {{"gate.z", 0, 0, 1}};
    CHECK(value(numbers, Tensor(Shape{3, 2}), look).find("there is no part gate.z") != std::string::npos);
}

// Every value of every step of every recurrent cell, and every gradient, against PyTorch 1.13's (tests/golden/make_recurrent.py).
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/io/safetensors.h"
#include "engine/models/sequence_model.h"
#include "tests/engine/recurrent_cells.h"

using namespace trilens;
using namespace trilens::checks;

namespace {

const std::map<std::string, Tensor>& golden() {
    static const std::map<std::string, Tensor> tensors = [] {
        std::ifstream file(TRILENS_GOLDEN_DIR "/recurrent.safetensors", std::ios::binary);
        REQUIRE(file.good());
        const std::vector<uint8_t> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
        return read_safetensors(bytes).tensors;
    }();
    return tensors;
}

void check_close(const Tensor& actual, const std::string& name) {
    REQUIRE_MESSAGE(golden().contains(name), name);
    const Tensor& expected = golden().at(name);
    REQUIRE_MESSAGE(actual.shape() == expected.shape(), name << ": " << actual.shape().text() << " for " << expected.shape().text());
    for (int64_t at = 0; at < actual.elements(); ++at) {
        const float a = actual.data()[at], e = expected.data()[at];
        CHECK_MESSAGE(std::abs(a - e) <= 5e-6f + 5e-6f * std::abs(e), name << " element " << at << ": " << a << " for " << e);
    }
}

std::vector<int32_t> numbers_of(const Tensor& tensor) {
    std::vector<int32_t> numbers;
    for (const float value : tensor.values()) numbers.push_back(static_cast<int32_t>(value));
    return numbers;
}

// Runs a stack with PyTorch's weights; every parameter has PyTorch's gradient.
void check_stack(const std::string& name, const SequencePlan& plan, Batch batch) {
    Random random(1);
    SequenceModel model(plan, random);
    std::set<std::string> known;
    for (Parameter* parameter : model.parameters()) {
        REQUIRE_MESSAGE(golden().contains(name + ".param." + parameter->name), parameter->name);
        const Tensor& given = golden().at(name + ".param." + parameter->name);
        REQUIRE_MESSAGE(given.shape() == parameter->value.shape(), parameter->name);
        parameter->value = given.clone();
        known.insert(parameter->name);
    }
    for (const auto& [key, tensor] : golden())
        if (key.starts_with(name + ".param.")) CHECK_MESSAGE(known.contains(key.substr(name.size() + 7)), key);
    batch.inputs = golden().at(name + ".inputs");
    Graph graph;
    const Outcome outcome = model.loss(graph, batch);
    check_close(graph.find("logits").tensor(), name + ".logits");
    check_close(outcome.loss.tensor(), name + ".loss");
    graph.backward(outcome.loss);
    for (const Parameter* parameter : model.parameters()) check_close(parameter->gradient, name + ".grad." + parameter->name);
}

}  // namespace

TEST_CASE("every part of every step of every cell has PyTorch's value and gradient, in both directions, with sequences that end early") {
    for (const Cell cell : all_cells())
        for (const bool reverse : {false, true}) {
            const std::string name = std::string(cell_name(cell)) + (reverse ? "_reverse" : "");
            INFO(name);
            const auto read = [&](const std::string& what) { return golden().at(name + "." + what); };
            Graph graph;
            const auto input = [&](const std::string& from, const std::string& to) { return graph.input(read(from), to, true); };
            const Value x = input("x", "x");
            RecurrentWeights weights{input("param.W_xh", "W_xh"), input("param.W_hh", "W_hh"), input("param.b_h", "b_h")};
            if (cell == Cell::gru) weights.candidate_bias = input("param.b_hn", "b_hn");
            RecurrentOptions options;
            options.cell = cell;
            options.reverse = reverse;
            options.lengths = numbers_of(read("lengths"));
            options.initial_hidden = input("initial_hidden", "initial_hidden");
            if (cell == Cell::lstm) options.initial_cell = input("initial_cell", "initial_cell");
            const Value hidden = recurrent(x, weights, options);
            CHECK(hidden.node == graph.find("hidden").node);
            graph.backward(hidden, read("start"));
            for (const std::string& part : part_names(cell)) {
                check_close(graph.find(part).tensor(), name + ".value." + part);
                check_close(graph.node(graph.find(part).node).gradient, name + ".grad." + part);
            }
            for (const char* leaf : {"x", "W_xh", "W_hh", "b_h", "b_hn", "initial_hidden", "initial_cell"})
                if (graph.contains(leaf)) check_close(graph.node(graph.find(leaf).node).gradient, name + ".grad." + leaf);
        }
}

TEST_CASE("two layers in both directions have PyTorch's scores, loss and gradients") {
    SequencePlan plan;
    plan.hidden_size = 4;
    plan.layers = 2;
    plan.bidirectional = true;
    plan.outputs = 3;

    SequencePlan tokens = plan;
    tokens.cell = Cell::lstm;
    tokens.vocabulary = 7;
    tokens.embedding = 3;
    check_stack("stack_lstm", tokens, {{}, numbers_of(golden().at("stack_lstm.labels")), {}});

    SequencePlan steps = plan;
    steps.cell = Cell::gru;
    steps.features = 3;
    steps.head = SequencePlan::Head::every;
    const std::vector<int32_t> labels = numbers_of(golden().at("stack_gru.labels"));
    REQUIRE(std::ranges::count(labels, -1) == 1);
    check_stack("stack_gru", steps, {{}, labels, {}});

    SequencePlan values = plan;
    values.head = SequencePlan::Head::every;
    values.outputs = 1;
    values.regression = true;
    check_stack("stack_rnn", values, {{}, {}, golden().at("stack_rnn.labels")});
}

// Attention over several heads: PyTorch's values and gradients, finite differences, masks that leak nothing, heads that are switched.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/autograd/attention.h"
#include "engine/autograd/positions.h"
#include "engine/io/safetensors.h"
#include "engine/nn/multi_head_attention.h"
#include "engine/nn/transformer_layers.h"
#include "tests/engine/gradient_check.h"

using namespace trilens;
using namespace trilens::checks;

namespace {

constexpr int64_t width = 12, heads = 3, hidden = 20, queries = 5, keys = 7;

std::map<std::string, Tensor> read_golden() {
    std::ifstream file(TRILENS_GOLDEN_DIR "/attention.safetensors", std::ios::binary);
    REQUIRE(file.good());
    const std::vector<uint8_t> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return read_safetensors(bytes).tensors;
}

void check_close(const Tensor& actual, const Tensor& expected, const std::string& what) {
    REQUIRE_MESSAGE(actual.shape() == expected.shape(), what << ": " << actual.shape().text() << " for " << expected.shape().text());
    for (int64_t at = 0; at < actual.elements(); ++at) {
        const float a = actual.data()[at], e = expected.data()[at];
        CHECK_MESSAGE(std::abs(a - e) <= 2e-5f + 2e-5f * std::abs(e), what << " element " << at << ": " << a << " for " << e);
    }
}

// Runs a case with PyTorch's parameters and compares what comes out and what comes back.
template <typename Model, typename Forward>
void check_case(const std::map<std::string, Tensor>& golden, const std::string& name, Model& model, Forward forward) {
    for (Parameter* parameter : model.parameters()) parameter->value = golden.at(name + ".param." + parameter->name);
    Graph graph;
    const Value x = graph.input(golden.at(name + ".x"), "x", true);
    const bool cross = golden.contains(name + ".memory");
    const Value memory = cross ? graph.input(golden.at(name + ".memory"), "memory", true) : Value{};
    const Value y = forward(graph, x, memory);
    check_close(y.tensor(), golden.at(name + ".y"), name);
    if (golden.contains(name + ".weights")) check_close(graph.find("weights").tensor(), golden.at(name + ".weights"), name + ", weights");
    graph.backward(y, golden.at(name + ".start"));
    check_close(graph.node(x.node).gradient, golden.at(name + ".grad.x"), name + ", gradient of x");
    if (cross) check_close(graph.node(memory.node).gradient, golden.at(name + ".grad.memory"), name + ", gradient of memory");
    for (Parameter* parameter : model.parameters())
        check_close(parameter->gradient, golden.at(name + ".grad." + parameter->name), name + ", gradient of " + parameter->name);
}

const AttentionMask causal{true}, padded{false, 0, {keys, 4}};

TransformerLayerSettings layer_settings(bool pre, bool gelu, bool cross) {
    TransformerLayerSettings settings{width, heads, width / heads, hidden};
    settings.norm = pre ? TransformerLayerSettings::Norm::pre : TransformerLayerSettings::Norm::post;
    settings.activation = gelu ? TransformerLayerSettings::Activation::gelu : TransformerLayerSettings::Activation::relu;
    settings.cross = cross;
    settings.norm_epsilon = 1e-6f;
    return settings;
}

}  // namespace

TEST_CASE("multi-head attention has PyTorch's values, weights and gradients") {
    const auto golden = read_golden();
    Random random(1);
    for (const std::string kind : {"self", "causal", "cross", "padding"}) {
        MultiHeadAttention attention("", {width, heads, width / heads}, random);
        check_case(golden, "attention_" + kind, attention, [&](Graph& graph, Value x, Value memory) {
            AttentionOptions options;
            if (kind == "causal") options.mask = attention_mask(graph, causal, queries, queries);
            if (kind == "padding") options.mask = attention_mask(graph, padded, queries, keys);
            return memory.graph ? attention.cross(x, memory, options) : attention.self(x, options);
        });
    }
}

TEST_CASE("encoder and decoder layers have PyTorch's values and gradients, with both places of the norm and both activations") {
    const auto golden = read_golden();
    Random random(1);
    for (const bool pre : {false, true})
        for (const bool gelu : {false, true}) {
            const std::string kind = std::string(pre ? "pre" : "post") + (gelu ? "_gelu" : "_relu");
            for (const bool cross : {false, true}) {
                TransformerLayer layer("layer", layer_settings(pre, gelu, cross), random);
                // PyTorch's names have no layer before them.
                for (Parameter* parameter : layer.parameters()) parameter->name = parameter->name.substr(6);
                check_case(golden, (cross ? "decoder_" : "encoder_") + kind, layer, [&](Graph& graph, Value x, Value memory) {
                    LayerPass pass{memory, {}, {}};
                    pass.self.mask = attention_mask(graph, cross ? causal : padded, x.shape()[1], x.shape()[1]);
                    pass.cross.mask = attention_mask(graph, padded, queries, keys);
                    return layer.forward(x, pass);
                });
            }
        }
}

TEST_CASE("gradients of the operations of attention are finite differences, and every explanation adds up") {
    struct Row {
        const char* name;
        std::vector<Shape> shapes;
        Operation operation;
    };
    static const std::vector<HeadMode> switched = {HeadMode::uniform, HeadMode::on, HeadMode::off};
    const std::vector<Row> rows = {
        {"project_to_heads", {{4, 5}, {6, 5}, {6}}, [](const Inputs& x) { return project_to_heads(x[0], x[1], x[2], 3); }},
        {"project_to_heads, batch", {{2, 3, 4}, {4, 4}, {4}}, [](const Inputs& x) { return project_to_heads(x[0], x[1], x[2], 2); }},
        {"project_from_heads", {{3, 4, 2}, {5, 6}, {5}}, [](const Inputs& x) { return project_from_heads(x[0], x[1], x[2]); }},
        {"project_from_heads, batch", {{2, 2, 3, 2}, {3, 4}, {3}}, [](const Inputs& x) { return project_from_heads(x[0], x[1], x[2]); }},
        {"masked_softmax without a mask", {{2, 3, 4}}, [](const Inputs& x) { return masked_softmax(x[0]); }},
        {"masked_softmax, causal",
         {{2, 4, 4}},
         [](const Inputs& x) { return masked_softmax(x[0], attention_mask(*x[0].graph, causal, 4, 4)); }},
        {"masked_softmax, padding in a batch",
         {{3, 2, 2, 4}},
         [](const Inputs& x) { return masked_softmax(x[0], attention_mask(*x[0].graph, {false, 0, {4, 2, 0}}, 2, 4)); }},
        {"masked_softmax, a uniform head",
         {{2, 3, 3, 3}},
         [](const Inputs& x) { return masked_softmax(x[0], attention_mask(*x[0].graph, {true, 0, {3, 2}}, 3, 3), switched); }},
        {"masked_softmax, a mask with holes",
         {{2, 1, 2, 3}},
         [](const Inputs& x) { return masked_softmax(x[0], x[0].graph->input(Tensor(Shape{2, 3}, {0, 1, 1, 1, 0, 1}), "mask")); }},
        {"switch_heads", {{2, 3, 2, 2}}, [](const Inputs& x) { return switch_heads(x[0], switched); }},
        {"rotate_by_position", {{2, 3, 4}}, [](const Inputs& x) { return rotate_by_position(x[0], 2); }},
    };
    for (const Row& row : rows) {
        Random random(3);
        std::vector<Tensor> values;
        for (const Shape& shape : row.shapes) values.push_back(random_tensor(shape, random));
        gradient_is_finite_difference(row.name, values, row.operation);
        Graph graph;
        const Inputs inputs = inputs_of(graph, values);
        const Value y = row.operation(inputs);
        graph.backward(y, output_weights(y.shape()));
        explanations_lead_back(graph);
        gradient_explanations_add_up(graph, inputs);
    }
}

TEST_CASE("a masked weight is 0 exactly, and no bit of the others depends on what is masked") {
    Random random(4);
    const Tensor scores = random_tensor(Shape{2, 40, 40}, random, 3);
    const auto weights = [&](const Tensor& x) {
        Graph graph;
        return masked_softmax(graph.input(x, "x"), attention_mask(graph, causal, 40, 40)).tensor();
    };
    const Tensor before = weights(scores);
    Tensor changed = scores.clone();
    for (int64_t at = 0; at < changed.elements(); ++at)
        if (at % 40 > at / 40 % 40) changed.data()[at] = at % 3 == 0 ? INFINITY : at % 3 == 1 ? NAN : 1e30f * random.normal();
    CHECK(same_bits(before, weights(changed)));
    for (int64_t at = 0; at < before.elements(); ++at) CHECK((before.data()[at] == 0) == (at % 40 > at / 40 % 40));
    // A row alone, with only the keys that it sees, has the same bits too.
    for (const int64_t query : {0, 15, 16, 17, 39}) {
        Graph graph;
        const Tensor row(Shape{1, 1, query + 1}, scores.values().subspan(static_cast<size_t>(query * 40), static_cast<size_t>(query + 1)));
        const Tensor alone = masked_softmax(graph.input(row, "x")).tensor();
        for (int64_t key = 0; key <= query; ++key) CHECK(alone.data()[key] == before.data()[query * 40 + key]);
    }
}

TEST_CASE("a mask says of every pair why it is hidden") {
    Graph graph;
    const Value mask = attention_mask(graph, {true, 0, {3, 2}}, 3, 3);
    CHECK(mask.shape() == Shape{2, 3, 3});
    const std::vector<float> expected = {1, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 1, 0};
    CHECK(std::vector<float>(mask.tensor().values().begin(), mask.tensor().values().end()) == expected);
    CHECK(graph.explain(mask.node, 1).formula == "causal: key 1 > query 0");
    CHECK(graph.explain(mask.node, 17).formula == "padding: key 2 of 2");
    CHECK(graph.explain(mask.node, 0).formula == "seen");
    CHECK(attention_mask(graph, {}, 3, 3).graph == nullptr);
    CHECK(attention_mask(graph, {true, 4}, 1, 5).graph == nullptr);
    const Value weights = masked_softmax(graph.input(Tensor::full(Shape{2, 1, 3, 3}, 1), "x"), mask);
    CHECK(graph.explain(weights.node, 1).formula == "masked: 0");
    CHECK(graph.explain(weights.node, 1).terms.front().node == mask.node);
    CHECK(graph.explain(weights.node, 3).terms.size() == 2);
}

TEST_CASE("a head that is off adds nothing, one that is uniform averages the values that it may see") {
    Random random(6);
    MultiHeadAttention attention("", {8, 2, 4}, random);
    for (Parameter* parameter : attention.parameters()) parameter->value = random_tensor(parameter->value.shape(), random);
    const Tensor x = random_tensor(Shape{5, 8}, random);
    Graph graph("", false);
    AttentionOptions options{attention_mask(graph, causal, 5, 5), true, true, {HeadMode::off, HeadMode::uniform}};
    const Value input = graph.input(x, "x", true);
    const Value out = attention.self(input, options);
    const Tensor &weights = graph.find("weights").tensor(), &v = graph.find("v").tensor(), &mixed = graph.find("heads").tensor();
    for (int64_t t = 0; t < 5; ++t)
        for (int64_t j = 0; j < 4; ++j) {
            CHECK(mixed.data()[t * 4 + j] == 0);
            double mean = 0;
            for (int64_t key = 0; key <= t; ++key) {
                mean += static_cast<double>(v.data()[(5 + key) * 4 + j]) / static_cast<double>(t + 1);
                CHECK(weights.data()[(5 + t) * 5 + key] == 1 / static_cast<float>(t + 1));
            }
            CHECK(static_cast<double>(mixed.data()[(5 + t) * 4 + j]) == doctest::Approx(mean).epsilon(1e-5));
        }
    explanations_lead_back(graph);
    // No gradient comes back through what does nothing: the first head's v, and both heads' scores.
    graph.backward(out, output_weights(out.shape()));
    for (const float value : graph.node(graph.find("scores").node).gradient.values()) CHECK(value == 0);
    const Tensor& of_v = graph.node(graph.find("v").node).gradient;
    for (int64_t at = 0; at < of_v.elements(); ++at) CHECK((of_v.data()[at] == 0) == (at < 20));
    gradient_is_finite_difference("switched heads", {x}, [&](const Inputs& inputs) {
        Graph& other = *inputs[0].graph;
        return attention.self(inputs[0], {attention_mask(other, causal, 5, 5), true, true, {HeadMode::off, HeadMode::uniform}});
    });
}

TEST_CASE("without scaling the scores go to softmax as they are") {
    Random random(7);
    MultiHeadAttention attention("", {16, 2, 16}, random);
    const Tensor x = random_tensor(Shape{10, 16}, random);
    Graph scaled, plain;
    attention.self(scaled.input(x, "x"));
    AttentionOptions options;
    options.scaled = false;
    attention.self(plain.input(x, "x"), options);
    CHECK(same_bits(scaled.find("scores").tensor(), plain.find("scores").tensor()));
    CHECK(same_bits(plain.find("scaled").tensor(), plain.find("scores").tensor()));
    CHECK(scaled.find("weights").shape() == Shape{2, 10, 10});
    CHECK(scaled.find("out").shape() == Shape{10, 16});
    for (int64_t at = 0; at < 200; ++at)
        CHECK(scaled.find("scaled").tensor().data()[at] == scaled.find("scores").tensor().data()[at] * 0.25f);
    const Explanation score = scaled.explain(scaled.find("scores").node, 13);   // head 0, query 1, key 3
    REQUIRE(score.terms.size() == 16);
    CHECK(score.terms[2].node == scaled.find("q").node);
    CHECK(score.terms[2].index == 18);
    CHECK(score.terms[2].factor_node == scaled.find("k").node);
    CHECK(score.terms[2].factor_index == 50);
}

TEST_CASE("rotation leaves a token's score with itself as it was, and changes the others") {
    Random random(9);
    MultiHeadAttention attention("", {8, 2, 4, true}, random);
    const Tensor x = random_tensor(Shape{6, 8}, random);
    Graph turned, plain;
    attention.self(turned.input(x, "x"));
    AttentionOptions options;
    options.rotated = false;
    attention.self(plain.input(x, "x"), options);
    const Tensor &a = turned.find("scores").tensor(), &b = plain.find("scores").tensor();
    for (int64_t at = 0; at < 72; ++at) {
        const bool itself = at % 6 == at / 6 % 6;
        CHECK((std::abs(a.data()[at] - b.data()[at]) < 1e-5f) == itself);
    }
    explanations_lead_back(turned);
}

TEST_CASE("sizes and shapes that do not fit are refused") {
    Random random(8);
    CHECK_THROWS_AS(MultiHeadAttention("", {8, 0, 4}, random), ValueError);
    CHECK_THROWS_AS(MultiHeadAttention("", {8, 2, 3, true}, random), ValueError);
    CHECK_THROWS_AS(TransformerLayer("layer", {8, 2, 4, 0}, random), ValueError);
    Graph graph;
    const Value x = graph.input(Tensor(Shape{2, 3, 3}), "x"), weight = graph.input(Tensor(Shape{4, 3}), "weight"),
                bias = graph.input(Tensor(Shape{4}), "bias");
    CHECK_THROWS_AS(project_to_heads(x, weight, bias, 0), ValueError);
    CHECK_THROWS_AS(project_to_heads(x, weight, bias, 3), ShapeError);
    CHECK_THROWS_AS(project_to_heads(bias, weight, bias, 2), ShapeError);
    CHECK_THROWS_AS(project_from_heads(x, weight, bias), ShapeError);
    CHECK_THROWS_AS(masked_softmax(x, weight), ShapeError);
    CHECK_THROWS_AS(masked_softmax(bias), ShapeError);
    CHECK_THROWS_AS(masked_softmax(x, {}, std::vector<HeadMode>{HeadMode::on}), ShapeError);
    CHECK_THROWS_AS(switch_heads(x, std::vector<HeadMode>{HeadMode::on}), ShapeError);
    CHECK_THROWS_AS(attention_mask(graph, {false, 0, {4}}, 3, 3), ValueError);
    CHECK_THROWS_AS(rotate_by_position(x), ShapeError);
}

// Networks of layers: the digits network's shapes and counts (worked out by hand), its receptive fields, layers' states and refusals.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "engine/autograd/receptive_field.h"
#include "engine/autograd/reduction.h"
#include "engine/models/architecture.h"
#include "engine/models/digits.h"
#include "engine/nn/conv2d.h"
#include "engine/nn/dense.h"
#include "engine/nn/initialization.h"
#include "engine/nn/norm_layers.h"

using namespace trilens;

TEST_CASE("the digits network has the shapes, parameters and multiplications of its figure") {
    Random random(1);
    const Sequential network = digits_network(random);
    const auto rows = network.summary(Shape{1, 1, 28, 28});
    int64_t parameters = 0, multiply_adds = 0;
    for (const auto& row : rows) {
        parameters += row.parameters;
        multiply_adds += row.multiply_adds;
    }
    CHECK(rows.front().name == "conv1");
    CHECK(rows[5].output == Shape{1, 16, 7, 7});
    CHECK(rows.back().output == Shape{1, 10});
    CHECK(parameters == 80 + 1168 + 50240 + 650);
    CHECK(multiply_adds == 28 * 28 * 8 * 9 + 14 * 14 * 16 * 72 + 784 * 64 + 64 * 10);

    Graph graph("cnn.");
    classify(network, graph.input(Tensor::full(Shape{2, 1, 28, 28}, 0.5f), "input"));
    for (const auto& row : rows) {
        Shape expected = row.output;
        const Shape shape = graph.find("cnn." + row.name).shape();
        CHECK_MESSAGE(shape.elements() == 2 * expected.elements(), row.name);
    }
    float total = 0;
    for (const float p : graph.find("cnn.probabilities").tensor().rows(0, 1).values()) total += p;
    CHECK(total == doctest::Approx(1));
}

TEST_CASE("the parameters are named and shaped as PyTorch's") {
    Random random(1);
    const Sequential network = digits_network(random);
    const auto parameters = network.parameters();
    REQUIRE(parameters.size() == 8);
    CHECK(parameters[0]->name == "conv1.weight");
    CHECK(parameters[0]->value.shape() == Shape{8, 1, 3, 3});
    CHECK(parameters[1]->name == "conv1.bias");
    CHECK(parameters[4]->name == "dense1.weight");
    CHECK(parameters[4]->value.shape() == Shape{64, 784});
    CHECK(parameters[6]->name == "logits.weight");
    CHECK(parameters[7]->name == "logits.bias");
}

TEST_CASE("receptive fields grow as 3, 4, 8, 10 through the digits network and are cut at the border") {
    Random random(1);
    const Sequential network = digits_network(random);
    Graph graph;
    const Value x = graph.input(Tensor::full(Shape{1, 1, 28, 28}, 0.5f), "input");
    classify(network, x);
    const auto field = [&](const char* name, int64_t index) { return *receptive_field(graph, graph.find(name).node, index, x.node); };
    CHECK(field("conv1", 5 * 28 + 6) == Box{4, 5, 7, 8});
    CHECK(field("pool1", 2 * 14 + 3) == Box{3, 5, 7, 9});
    CHECK(field("conv2", 2 * 14 + 3) == Box{1, 3, 9, 11});
    CHECK(field("pool2", 7 + 1) == Box{1, 1, 11, 11});
    CHECK(field("conv1", 0) == Box{-1, -1, 2, 2});
    CHECK(clipped(field("conv1", 0), x.shape()) == Box{0, 0, 2, 2});
    CHECK(clipped(field("logits", 3), x.shape()) == Box{0, 0, 28, 28});
    CHECK_FALSE(receptive_field(graph, x.node, 0, graph.find("conv1").node).has_value());
}

TEST_CASE("what lies outside a receptive field changes nothing, what lies at its corner does") {
    Random random(3);
    const Sequential network = digits_network(random);
    Tensor picture(Shape{1, 1, 28, 28});
    for (float& pixel : picture.values()) pixel = random.uniform();
    const auto conv2 = [&](const Tensor& x) {
        Graph graph;
        classify(network, graph.input(x, "input"));
        return graph.find("conv2").tensor().data()[2 * 14 + 3];   // sees rows 1 to 8 and columns 3 to 10
    };
    const float before = conv2(picture);
    Tensor moved = picture.clone();
    for (int64_t row = 0; row < 28; ++row)
        for (int64_t column = 0; column < 28; ++column)
            if (row < 1 || row >= 9 || column < 3 || column >= 11) moved.data()[row * 28 + column] = 9;
    CHECK(conv2(moved) == before);
    moved.data()[1 * 28 + 3] = 9;
    CHECK(conv2(moved) != before);
}

TEST_CASE("a layer that does not fit is named") {
    Random random(1);
    Sequential network;
    network.add<Conv2d>("first", Conv2dSettings{1, 4, 3, 3, {}}, random);
    network.add<Dense>("second", 99, 10, random);
    try {
        network.summary(Shape{1, 1, 8, 8});
        FAIL("expected a ShapeError");
    } catch (const ShapeError& error) {
        CHECK(std::string(error.what()).find("second") != std::string::npos);
    }
    CHECK_THROWS_AS(network.summary(Shape{1, 2, 8, 8}), ShapeError);
    CHECK_THROWS_AS(network.summary(Shape{1, 1, 2, 2}), ShapeError);
    CHECK_THROWS_AS(Conv2d("bad", Conv2dSettings{1, 0, 3, 3, {}}, random), ValueError);
}

TEST_CASE("parameters start within the bounds that their initialisation states") {
    Random random(4);
    const auto moments = [](const Tensor& tensor) {
        double sum = 0, squares = 0, largest = 0;
        for (const float value : tensor.values()) {
            sum += static_cast<double>(value);
            squares += static_cast<double>(value) * static_cast<double>(value);
            largest = std::max(largest, std::abs(static_cast<double>(value)));
        }
        const double count = static_cast<double>(tensor.elements());
        return std::array{sum / count, squares / count, largest};
    };
    const auto linear = moments(fan_in_uniform(Shape{100, 100}, 100, random));
    CHECK(linear[2] <= 0.1);
    CHECK(linear[1] == doctest::Approx(0.01 / 3).epsilon(0.05));
    const auto he = moments(he_normal(Shape{100, 100}, 50, random));
    CHECK(std::abs(he[0]) < 0.01);
    CHECK(he[1] == doctest::Approx(0.04).epsilon(0.05));
    const auto glorot = moments(glorot_uniform(Shape{100, 100}, 100, 50, random));
    CHECK(glorot[2] <= 0.2);
    CHECK(glorot[1] == doctest::Approx(0.04 / 3).epsilon(0.05));
}

TEST_CASE("an architecture is read, written and built as it says") {
    const std::string line =
        "conv 8 5 stride 2 padding 0, norm, leaky, average 3 stride 1, conv 4 3 dilation 2, tanh, max 2, dropout 25, dense 12, relu";
    const auto plans = parse_architecture(line);
    CHECK(architecture_text(plans) == line);
    CHECK(parse_architecture(digits_architecture).size() == 8);
    Random random(3);
    const Sequential network = make_classifier(plans, Shape{1, 28, 28}, 5, random);
    const auto rows = network.summary(Shape{1, 1, 28, 28});
    CHECK(rows[0].output == Shape{1, 8, 12, 12});   // (28 - 5) / 2 + 1
    CHECK(rows[3].output == Shape{1, 8, 10, 10});
    CHECK(rows[4].output == Shape{1, 4, 10, 10});   // padding 2 keeps the size with dilation 2
    CHECK(rows[6].output == Shape{1, 4, 5, 5});
    CHECK(rows.back().name == "logits");
    CHECK(rows.back().output == Shape{1, 5});
    CHECK(parameter_count(network) == (8 * 25 + 8) + 16 + (4 * 8 * 9 + 4) + (100 * 12 + 12) + (12 * 5 + 5));
}

TEST_CASE("on a curve kernels and windows are one cell high") {
    Random random(3);
    const Sequential network = make_classifier(parse_architecture("conv 6 7, relu, max 4"), Shape{1, 1, 128}, 4, random);
    CHECK(network.parameters()[0]->value.shape() == Shape{6, 1, 1, 7});
    CHECK(network.summary(Shape{1, 1, 1, 128})[2].output == Shape{1, 6, 1, 32});
}

TEST_CASE("an architecture that makes no sense is refused by the layer that does not") {
    CHECK_THROWS_WITH_AS(parse_architecture("conv 8 3, rely"), doctest::Contains("rely"), FormatError);
    CHECK_THROWS_WITH_AS(parse_architecture("conv 8"), doctest::Contains("missing"), FormatError);
    CHECK_THROWS_WITH_AS(parse_architecture("conv 8 99"), doctest::Contains("1 to 31"), FormatError);
    CHECK_THROWS_AS(parse_architecture("relu,,relu"), FormatError);
    CHECK_THROWS_WITH_AS(parse_architecture("max 2 dilation 2"), doctest::Contains("dilation"), FormatError);
    Random random(3);
    const auto build = [&](const char* text) { return make_classifier(parse_architecture(text), Shape{1, 8, 8}, 3, random); };
    CHECK_THROWS_WITH_AS(build("dense 4, conv 8 3"), doctest::Contains("conv1"), ShapeError);
    CHECK_THROWS_WITH_AS(build("max 2, max 2, max 2, max 2"), doctest::Contains("pool4"), ShapeError);
    CHECK(parse_architecture("  ").empty());
    CHECK(build("").layers().size() == 1);
}

TEST_CASE("a fully connected network of equal size differs by less than one hidden unit") {
    Random random(3);
    const int64_t wanted = parameter_count(digits_network(random));
    const auto plans = dense_of_equal_size(Shape{1, 28, 28}, 10, wanted);
    const int64_t got = parameter_count(make_classifier(plans, Shape{1, 28, 28}, 10, random));
    CHECK(std::abs(got - wanted) <= 795 / 2 + 1);
}

// The graph itself: names, the chain rule along shared paths, and what it refuses. The operations have their own table in
// gradient_test.cpp.
#include "engine/autograd/graph.h"

#include <doctest/doctest.h>

#include <cmath>

#include "engine/autograd/activation.h"
#include "engine/autograd/elementwise.h"
#include "engine/autograd/reduction.h"

using namespace trilens;

TEST_CASE("names carry the graph's prefix and the open scopes, and are found again") {
    Graph graph("cnn.");
    const Value x = graph.input(Tensor(Shape{2}, {1, -2}), "input");
    CHECK(graph.node(x.node).name == "cnn.input");
    Value y;
    {
        const Scope scope(graph, "head");
        y = graph.tap(relu(x), "relu");
    }
    CHECK(graph.node(y.node).name == "cnn.head.relu");
    CHECK(graph.find("cnn.head.relu").node == y.node);
    CHECK(graph.contains("cnn.input"));
    CHECK_FALSE(graph.contains("cnn.relu"));
    CHECK_THROWS_AS(graph.find("cnn.head.rely"), ValueError);
    CHECK_THROWS_AS(graph.tap(relu(y), "input"), ValueError);
}

TEST_CASE("a value used twice gets the gradients of both uses") {
    Graph graph;
    const Value x = graph.input(Tensor(Shape{1}, {3}), "x", true);
    graph.backward(sum(add(square(x), multiply(x, x))));  // 2 x^2
    CHECK(graph.node(x.node).gradient.item() == 12);
}

TEST_CASE("a parameter is one node however often it is asked for, and its gradient is that of the last backward") {
    Parameter weight{"w", Tensor(Shape{1}, {2}), Tensor()};
    for (const float factor : {5.0f, 7.0f}) {
        Graph graph;
        CHECK(graph.parameter(weight).node == graph.parameter(weight).node);
        graph.backward(sum(scale(add(graph.parameter(weight), graph.parameter(weight)), factor)));
        CHECK(weight.gradient.item() == 2 * factor);
    }
}

TEST_CASE("what needs no gradient gets none") {
    Graph graph;
    const Value data = graph.input(Tensor(Shape{2}, {1, 2}), "data");
    const Value weight = graph.input(Tensor(Shape{2}, {3, 4}), "weight", true);
    const Value silent = exp(data);
    graph.backward(sum(multiply(silent, weight)));
    CHECK(graph.node(data.node).gradient.empty());
    CHECK(graph.node(silent.node).gradient.empty());
    CHECK(graph.node(weight.node).gradient.elements() == 2);
}

TEST_CASE("backward starts from one element or from a gradient of the same shape") {
    Graph graph;
    const Value x = graph.input(Tensor(Shape{2}, {1, 2}), "x", true);
    const Value y = square(x);
    CHECK_THROWS_AS(graph.backward(y), ShapeError);
    CHECK_THROWS_AS(graph.backward(y, Tensor(Shape{3})), ShapeError);
    graph.backward(y, Tensor(Shape{2}, {1, 10}));
    CHECK(graph.node(x.node).gradient.data()[0] == 2);
    CHECK(graph.node(x.node).gradient.data()[1] == 40);
}

TEST_CASE("the first node that is not finite is found") {
    Graph graph;
    const Value x = graph.input(Tensor(Shape{2}, {1, -1}), "x");
    const Value bad = log(x);
    CHECK(graph.first_non_finite() == bad.node);
    Graph sound;
    relu(sound.input(Tensor(Shape{1}, {1}), "x"));
    CHECK(sound.first_non_finite() == -1);
}

TEST_CASE("an element that does not exist is not explained") {
    Graph graph;
    const Value x = graph.input(Tensor(Shape{2}), "x");
    CHECK(graph.explain(x.node, 1).terms.empty());
    CHECK_THROWS_AS(graph.explain(x.node, 2), ValueError);
    CHECK_THROWS_AS(graph.explain(x.node, -1), ValueError);
    CHECK_THROWS_AS(graph.explain(1, 0), ValueError);
}

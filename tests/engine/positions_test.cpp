// Encodings of position against their formulas in double precision.
#include <doctest/doctest.h>

#include <cmath>

#include "engine/autograd/linear.h"
#include "engine/autograd/positions.h"
#include "tests/engine/gradient_check.h"

using namespace trilens;
using namespace trilens::checks;

TEST_CASE("the sinusoidal encoding is the paper's formula, far out too") {
    const Tensor table = sinusoidal_encoding(2000, 34);
    for (int64_t pos = 0; pos < 2000; pos += pos < 20 ? 1 : 97)
        for (int64_t j = 0; j < 34; ++j) {
            const double angle = static_cast<double>(pos) / std::pow(10000.0, static_cast<double>(j / 2 * 2) / 34);
            CHECK(std::abs(static_cast<double>(table.data()[pos * 34 + j]) - (j % 2 ? std::cos(angle) : std::sin(angle))) < 3e-7);
        }
    CHECK(same_bits(sinusoidal_encoding(3, 34, 5), table.rows(5, 3).clone()));
    CHECK(sinusoidal_encoding(2, 3).shape() == Shape{2, 3});
}

TEST_CASE("an element of the encoding is explained by its formula with the numbers in it") {
    Graph graph;
    const Value table = sinusoidal_encoding(graph, 4, 6, 10);
    CHECK(graph.explain(table.node, 2 * 6 + 4).formula == "sin(12 / 10000^(4/6))");
    CHECK(graph.explain(table.node, 1).formula == "cos(10 / 10000^(0/6))");
    explanations_lead_back(graph);
}

TEST_CASE("rotation turns every pair by its angle and keeps its length") {
    Random random(2);
    const Tensor x = random_tensor(Shape{3, 5, 8}, random);
    Graph graph;
    const Tensor y = rotate_by_position(graph.input(x, "x"), 7).tensor();
    for (int64_t at = 0; at < x.elements(); at += 2) {
        const double angle = static_cast<double>(7 + at / 8 % 5) / std::pow(10000.0, static_cast<double>(at % 8) / 8);
        const auto even = static_cast<double>(x.data()[at]), odd = static_cast<double>(x.data()[at + 1]);
        CHECK(static_cast<double>(y.data()[at]) == doctest::Approx(even * std::cos(angle) - odd * std::sin(angle)).epsilon(1e-5).scale(1));
        CHECK(static_cast<double>(y.data()[at + 1]) ==
              doctest::Approx(odd * std::cos(angle) + even * std::sin(angle)).epsilon(1e-5).scale(1));
    }
}

TEST_CASE("products of rotated rows depend on their distance only") {
    Random random(3);
    const Tensor q = random_tensor(Shape{1, 8}, random), k = random_tensor(Shape{1, 8}, random);
    const auto product = [&](int64_t at_q, int64_t at_k) {
        Graph graph;
        return matmul(rotate_by_position(graph.input(q, "q"), at_q), rotate_by_position(graph.input(k, "k"), at_k), false, true)
            .tensor()
            .item();
    };
    CHECK(product(5, 3) == doctest::Approx(product(105, 103)).epsilon(1e-4));
    CHECK(product(0, 9) == doctest::Approx(product(41, 50)).epsilon(1e-4));
    CHECK(std::abs(product(5, 3) - product(5, 4)) > 1e-3f);
}

TEST_CASE("an encoding of negative extents and a rotation of odd width are refused") {
    Graph graph;
    CHECK_THROWS_AS(sinusoidal_encoding(-1, 4), ValueError);
    CHECK_THROWS_AS(sinusoidal_encoding(4, 4, -1), ValueError);
    CHECK_THROWS_AS(rotate_by_position(graph.input(Tensor(Shape{2, 3}), "odd")), ShapeError);
    CHECK_THROWS_AS(rotate_by_position(graph.input(Tensor(Shape{2, 4}), "before"), -1), ValueError);
}

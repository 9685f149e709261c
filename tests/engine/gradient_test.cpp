// Every operation's gradients against finite differences, its explanations against its values, and what it refuses.
// One row an operation in the table below.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "engine/autograd/activation.h"
#include "engine/autograd/conv.h"
#include "engine/autograd/dropout.h"
#include "engine/autograd/elementwise.h"
#include "engine/autograd/embedding.h"
#include "engine/autograd/linear.h"
#include "engine/autograd/loss.h"
#include "engine/autograd/normalization.h"
#include "engine/autograd/pool.h"
#include "engine/autograd/reduction.h"
#include "engine/autograd/shape.h"
#include "engine/autograd/warp.h"

using namespace trilens;

namespace {

using Inputs = std::vector<Value>;

struct Row {
    const char* name;
    std::vector<Shape> shapes;
    std::function<Value(const Inputs&)> operation;
    float low = -1, high = 1;
};

Conv2dOptions conv_options(int64_t stride, int64_t padding, int64_t dilation, int64_t groups) {
    return {stride, stride, padding, padding, dilation, dilation, groups};
}

RunningStatistics running(int64_t channels) { return {Tensor(Shape{channels}), Tensor::full(Shape{channels}, 1)}; }

const std::vector<Row>& table() {
    static const int32_t labels[] = {2, 0, -1}, tokens[] = {1, 3, 1, 0};
    static const std::vector<Row> rows = {
        {"relu", {{2, 5}}, [](const Inputs& x) { return relu(x[0]); }},
        {"leaky_relu", {{2, 5}}, [](const Inputs& x) { return leaky_relu(x[0], 0.2f); }},
        {"gelu", {{7}}, [](const Inputs& x) { return gelu(x[0]); }, -3, 3},
        {"tanh", {{7}}, [](const Inputs& x) { return tanh(x[0]); }, -2, 2},
        {"sigmoid", {{7}}, [](const Inputs& x) { return sigmoid(x[0]); }, -4, 4},
        {"exp", {{5}}, [](const Inputs& x) { return exp(x[0]); }},
        {"log", {{5}}, [](const Inputs& x) { return log(x[0]); }, 0.5f, 2},
        {"sqrt", {{5}}, [](const Inputs& x) { return sqrt(x[0]); }, 0.5f, 2},
        {"square", {{5}}, [](const Inputs& x) { return square(x[0]); }},
        {"scale", {{5}}, [](const Inputs& x) { return scale(x[0], -1.5f); }},
        {"add", {{2, 3}, {2, 3}}, [](const Inputs& x) { return add(x[0], x[1]); }},
        {"add of one value to itself", {{2, 3}}, [](const Inputs& x) { return add(x[0], x[0]); }},
        {"add, broadcast", {{2, 1, 3}, {4, 1}}, [](const Inputs& x) { return add(x[0], x[1]); }},
        {"subtract, broadcast", {{2, 3}, {3}}, [](const Inputs& x) { return subtract(x[0], x[1]); }},
        {"multiply, broadcast", {{2, 3}, {2, 1}}, [](const Inputs& x) { return multiply(x[0], x[1]); }},
        {"divide, broadcast", {{3}, {2, 3}}, [](const Inputs& x) { return divide(x[0], x[1]); }, 0.5f, 2},
        {"sum over all", {{2, 3}}, [](const Inputs& x) { return sum(x[0]); }},
        {"sum over axes 0 and 2", {{2, 3, 4}}, [](const Inputs& x) { return sum(x[0], {0, 2}); }},
        {"mean over the last axis, kept", {{2, 3, 4}}, [](const Inputs& x) { return mean(x[0], {-1}, true); }},
        {"max over axis 1", {{2, 5, 3}}, [](const Inputs& x) { return max(x[0], 1); }},
        {"reshape", {{2, 6}}, [](const Inputs& x) { return reshape(x[0], Shape{3, 4}); }},
        {"flatten", {{2, 2, 3}}, [](const Inputs& x) { return flatten(x[0]); }},
        {"permute", {{2, 3, 4}}, [](const Inputs& x) { return permute(x[0], {2, 0, 1}); }},
        {"transpose", {{2, 3, 4}}, [](const Inputs& x) { return transpose(x[0]); }},
        {"slice", {{3, 5, 2}}, [](const Inputs& x) { return slice(x[0], 1, 1, 4); }},
        {"concat", {{2, 2, 3}, {2, 1, 3}}, [](const Inputs& x) { return concat(x, 1); }},
        {"warp, between pixels", {{2, 4, 5}}, [](const Inputs& x) { return warp(x[0], {0.75f, -1.5f, 30, 1.25f}); }},
        {"warp, a whole shift", {{2, 4, 5}}, [](const Inputs& x) { return warp(x[0], {2, -1}); }},
        {"matmul", {{3, 4}, {4, 2}}, [](const Inputs& x) { return matmul(x[0], x[1]); }},
        {"matmul, a transposed", {{4, 3}, {4, 2}}, [](const Inputs& x) { return matmul(x[0], x[1], true); }},
        {"matmul, b transposed", {{3, 4}, {2, 4}}, [](const Inputs& x) { return matmul(x[0], x[1], false, true); }},
        {"matmul, both transposed, batched", {{2, 4, 3}, {2, 5, 4}}, [](const Inputs& x) { return matmul(x[0], x[1], true, true); }},
        {"dense", {{2, 3, 4}, {5, 4}, {5}}, [](const Inputs& x) { return dense(x[0], x[1], x[2]); }},
        {"dense without bias", {{3, 4}, {2, 4}}, [](const Inputs& x) { return dense(x[0], x[1]); }},
        {"conv2d 3x3, padding 1",
         {{2, 2, 5, 4}, {3, 2, 3, 3}, {3}},
         [](const Inputs& x) { return conv2d(x[0], x[1], x[2], conv_options(1, 1, 1, 1)); }},
        {"conv2d 1x1", {{2, 3, 3, 3}, {2, 3, 1, 1}}, [](const Inputs& x) { return conv2d(x[0], x[1]); }},
        {"conv2d, stride 2, dilation 2, groups 2",
         {{1, 4, 7, 6}, {2, 2, 2, 3}, {2}},
         [](const Inputs& x) { return conv2d(x[0], x[1], x[2], conv_options(2, 1, 2, 2)); }},
        {"max_pool2d", {{2, 2, 4, 5}}, [](const Inputs& x) { return max_pool2d(x[0]); }},
        {"max_pool2d, overlapping, padded", {{1, 2, 5, 5}}, [](const Inputs& x) { return max_pool2d(x[0], {3, 3, 2, 2, 1, 1}); }},
        {"average_pool2d, padded", {{1, 2, 5, 5}}, [](const Inputs& x) { return average_pool2d(x[0], {3, 2, 2, 1, 1, 1}); }},
        {"global_average_pool2d", {{2, 3, 3, 2}}, [](const Inputs& x) { return global_average_pool2d(x[0]); }},
        {"batch_norm",
         {{3, 2, 2, 2}, {2}, {2}},
         [](const Inputs& x) {
             auto statistics = running(2);
             return batch_norm(x[0], x[1], x[2], statistics);
         }},
        {"layer_norm", {{3, 4}, {4}, {4}}, [](const Inputs& x) { return layer_norm(x[0], x[1], x[2]); }},
        {"softmax", {{2, 4}}, [](const Inputs& x) { return softmax(x[0]); }},
        {"log_softmax", {{2, 4}}, [](const Inputs& x) { return log_softmax(x[0]); }},
        {"cross_entropy", {{3, 4}}, [](const Inputs& x) { return cross_entropy(x[0], labels); }},
        {"mean_squared_error", {{2, 3}}, [](const Inputs& x) { return mean_squared_error(x[0], Tensor::full(Shape{2, 3}, 0.3f)); }},
        {"embedding", {{4, 3}}, [](const Inputs& x) { return embedding(x[0], tokens, Shape{2, 2}); }},
        {"dropout", {{4, 5}}, [](const Inputs& x) { return dropout(x[0], 0.4f); }},
    };
    return rows;
}

// Values at least 0.02 apart, so that no finite difference crosses a tie of a maximum, and none near the bend of ReLU.
Tensor spread_values(const Shape& shape, float low, float high, Random& random) {
    Tensor tensor(shape);
    const auto count = static_cast<int32_t>(tensor.elements());
    const auto order = random.permutation(count);
    for (int32_t i = 0; i < count; ++i) {
        const float position =
            (static_cast<float>(order[static_cast<size_t>(i)]) + 0.5f + 0.2f * random.uniform()) / static_cast<float>(count);
        float value = low + (high - low) * position;
        if (low < 0 && std::abs(value) < 0.02f) value += 0.04f;
        tensor.data()[i] = value;
    }
    return tensor;
}

// sum over outputs of weight * output, weights fixed by position: every output counts differently.
double objective(const Row& row, const std::vector<Tensor>& values) {
    Graph graph("", true, 7);
    Inputs inputs;
    for (size_t i = 0; i < values.size(); ++i) inputs.push_back(graph.input(values[i], "x" + std::to_string(i), true));
    const Tensor& y = row.operation(inputs).tensor();
    double total = 0;
    for (int64_t i = 0; i < y.elements(); ++i) total += (0.3 + 0.1 * static_cast<double>(i % 7)) * static_cast<double>(y.data()[i]);
    return total;
}

}  // namespace

TEST_CASE("the gradient of every operation is its finite difference") {
    for (const Row& row : table()) {
        for (uint64_t seed = 1; seed <= 3; ++seed) {
            Random random(seed);
            std::vector<Tensor> values;
            for (const Shape& shape : row.shapes) values.push_back(spread_values(shape, row.low, row.high, random));

            Graph graph("", true, 7);
            Inputs inputs;
            for (size_t i = 0; i < values.size(); ++i) inputs.push_back(graph.input(values[i], "x" + std::to_string(i), true));
            const Value y = row.operation(inputs);
            Tensor start(y.shape());
            for (int64_t i = 0; i < start.elements(); ++i) start.data()[i] = 0.3f + 0.1f * static_cast<float>(i % 7);
            graph.backward(y, start);

            for (size_t i = 0; i < values.size(); ++i) {
                const Tensor& gradient = graph.node(inputs[i].node).gradient;
                REQUIRE_MESSAGE(gradient.shape() == values[i].shape(), row.name);
                for (int64_t at = 0; at < values[i].elements(); ++at) {
                    const float step = 4e-3f;
                    const auto shifted = [&](float by) {
                        std::vector<Tensor> moved = values;
                        moved[i] = values[i].clone();
                        moved[i].data()[at] += by;
                        return objective(row, moved);
                    };
                    const double numeric = (shifted(step) - shifted(-step)) / (2 * static_cast<double>(step));
                    const double analytic = static_cast<double>(gradient.data()[at]);
                    CHECK_MESSAGE(
                        std::abs(numeric - analytic) <= 2e-3 + 2e-3 * std::abs(numeric),
                        row.name << ", seed " << seed << ", input " << i << " element " << at << ": " << analytic << " for " << numeric);
                }
            }
        }
    }
}

TEST_CASE("the explanation of every element leads back to its value") {
    for (const Row& row : table()) {
        Random random(5);
        Graph graph("", true, 7);
        Inputs inputs;
        for (const Shape& shape : row.shapes)
            inputs.push_back(graph.input(spread_values(shape, row.low, row.high, random), "x" + std::to_string(inputs.size()), true));
        const Value y = row.operation(inputs);
        for (int64_t at = 0; at < y.tensor().elements(); ++at) {
            const Explanation explanation = graph.explain(y.node, at);
            REQUIRE(explanation.value == y.tensor().data()[at]);
            REQUIRE_FALSE(explanation.formula.empty());
            float sum = 0, largest = -INFINITY;
            for (const Term& term : explanation.terms) {
                REQUIRE(term.value == graph.node(term.node).value.data()[term.index]);
                if (term.factor_node >= 0) REQUIRE(term.factor == graph.node(term.factor_node).value.data()[term.factor_index]);
                sum += term.value * term.factor;
                largest = std::max(largest, term.value);
            }
            if (explanation.kind == Explanation::Kind::sum) CHECK_MESSAGE(sum == explanation.value, row.name << " element " << at);
            if (explanation.kind == Explanation::Kind::maximum) {
                CHECK_MESSAGE(largest == explanation.value, row.name << " element " << at);
                CHECK_MESSAGE(sum == explanation.value, row.name << " element " << at);
            }
        }
    }
}

TEST_CASE("the explanation of every gradient adds up to the gradient") {
    for (const Row& row : table()) {
        if (std::string(row.name) == "batch_norm") continue;  // its explanation leaves the statistics' share to the gradient, and says so
        Random random(6);
        Graph graph("", true, 7);
        Inputs inputs;
        for (const Shape& shape : row.shapes)
            inputs.push_back(graph.input(spread_values(shape, row.low, row.high, random), "x" + std::to_string(inputs.size()), true));
        const Value y = row.operation(inputs);
        Tensor start(y.shape());
        for (int64_t i = 0; i < start.elements(); ++i) start.data()[i] = 0.3f + 0.1f * static_cast<float>(i % 7);
        graph.backward(y, start);
        for (const Value& input : inputs)
            for (int64_t at = 0; at < input.tensor().elements(); ++at) {
                const Explanation explanation = graph.explain_gradient(input.node, at);
                double sum = 0;
                for (const Term& term : explanation.terms) {
                    REQUIRE(term.of_gradient);
                    sum += static_cast<double>(term.value) * static_cast<double>(term.factor);
                }
                CHECK_MESSAGE(sum == doctest::Approx(explanation.value).epsilon(1e-4).scale(0.1), row.name << " element " << at);
            }
    }
}

TEST_CASE("operations on an empty batch give an empty result and gradients of zero") {
    Graph graph("", false);
    const Value x = graph.input(Tensor(Shape{0, 1, 4, 4}), "x", true);
    Parameter weight{"w", Tensor::full(Shape{2, 1, 3, 3}, 1), Tensor()}, bias{"b", Tensor(Shape{2}), Tensor()};
    const Value y = dense(flatten(max_pool2d(relu(conv2d(x, graph.parameter(weight), graph.parameter(bias), conv_options(1, 1, 1, 1))))),
                          graph.input(Tensor::full(Shape{3, 8}, 1), "v"));
    CHECK(y.shape() == Shape{0, 3});
    graph.backward(sum(y));
    REQUIRE(weight.gradient.shape() == weight.value.shape());
    for (const float value : weight.gradient.values()) CHECK(value == 0);
}

TEST_CASE("one element goes through every kind of operation") {
    Graph graph("", false);
    const Value x = graph.input(Tensor(Shape{1, 1, 1, 1}, {2.0f}), "x");
    CHECK(conv2d(x, graph.input(Tensor(Shape{1, 1, 1, 1}, {3.0f}), "w")).tensor().item() == 6);
    CHECK(max_pool2d(x, {1, 1, 1, 1, 0, 0}).tensor().item() == 2);
    CHECK(global_average_pool2d(x).tensor().item() == 2);
    CHECK(softmax(flatten(x)).tensor().item() == 1);
    CHECK(sum(x).tensor().item() == 2);
    CHECK(add(x, graph.input(Tensor(Shape{}, {1.0f}), "one")).tensor().item() == 3);
}

TEST_CASE("shapes that do not fit are refused with the operation and both shapes") {
    Graph graph("", true);
    const Value a = graph.input(Tensor(Shape{2, 3}), "a"), b = graph.input(Tensor(Shape{4, 5}), "b");
    const Value picture = graph.input(Tensor(Shape{1, 2, 3, 3}), "picture"), vector = graph.input(Tensor(Shape{3}), "vector"),
                scalar = graph.input(Tensor(Shape{}), "scalar");
    CHECK_THROWS_WITH_AS(matmul(a, b), "matmul: [2, 3] and [4, 5], expected [.., M, K] and [.., K, N]", ShapeError);
    CHECK_THROWS_WITH_AS(add(a, b), "add: [2, 3] and [4, 5], expected shapes that broadcast", ShapeError);
    CHECK_THROWS_AS(subtract(a, b), ShapeError);
    CHECK_THROWS_AS(multiply(a, b), ShapeError);
    CHECK_THROWS_AS(divide(a, b), ShapeError);
    CHECK_THROWS_AS(dense(a, b), ShapeError);
    CHECK_THROWS_AS(dense(graph.input(Tensor(Shape{1, 5}), "c"), b, vector), ShapeError);
    CHECK_THROWS_AS(conv2d(a, b), ShapeError);
    CHECK_THROWS_AS(conv2d(picture, graph.input(Tensor(Shape{1, 3, 1, 1}), "w")), ShapeError);
    CHECK_THROWS_AS(conv2d(picture, graph.input(Tensor(Shape{1, 2, 4, 4}), "large")), ShapeError);
    CHECK_THROWS_AS(conv2d(picture, graph.input(Tensor(Shape{1, 2, 1, 1}), "small"), vector), ShapeError);
    CHECK_THROWS_AS(conv2d(picture, graph.find("small"), conv_options(0, 0, 1, 1)), ValueError);
    CHECK_THROWS_AS(conv2d(picture, graph.find("small"), conv_options(1, -1, 1, 1)), ValueError);
    CHECK_THROWS_AS(max_pool2d(a), ShapeError);
    CHECK_THROWS_AS(max_pool2d(picture, {5, 5, 1, 1, 0, 0}), ShapeError);
    CHECK_THROWS_AS(average_pool2d(picture, {2, 2, 1, 1, 2, 2}), ValueError);
    CHECK_THROWS_AS(global_average_pool2d(a), ShapeError);
    CHECK_THROWS_AS(reshape(a, Shape{5}), ShapeError);
    CHECK_THROWS_AS(flatten(scalar), ShapeError);
    CHECK_THROWS_AS(permute(a, {0, 0}), ShapeError);
    CHECK_THROWS_AS(permute(a, {0}), ShapeError);
    CHECK_THROWS_AS(transpose(vector), ShapeError);
    CHECK_THROWS_AS(slice(a, 1, 2, 4), ShapeError);
    CHECK_THROWS_AS(slice(a, 2, 0, 1), ShapeError);
    CHECK_THROWS_AS(concat(std::vector{a, b}, 0), ShapeError);
    CHECK_THROWS_AS(concat(std::vector<Value>{}, 0), ShapeError);
    CHECK_THROWS_AS(sum(a, {2}), ShapeError);
    CHECK_THROWS_AS(sum(a, {0, 0}), ShapeError);
    CHECK_THROWS_AS(mean(graph.input(Tensor(Shape{0, 2}), "nothing"), {0}), ShapeError);
    CHECK_THROWS_AS(max(scalar, 0), ShapeError);
    CHECK_THROWS_AS(softmax(scalar), ShapeError);
    CHECK_THROWS_AS(log_softmax(scalar), ShapeError);
    CHECK_THROWS_AS(mean_squared_error(a, Tensor(Shape{3, 2})), ShapeError);
    CHECK_THROWS_AS(layer_norm(a, vector, b), ShapeError);
    auto statistics = running(2);
    CHECK_THROWS_AS(batch_norm(a, vector, vector, statistics), ShapeError);
    CHECK_THROWS_AS(dropout(a, 1), ValueError);
    const int32_t labels[] = {0, 9}, tokens[] = {0, 2};
    CHECK_THROWS_AS(cross_entropy(b, labels), ShapeError);
    CHECK_THROWS_AS(cross_entropy(a, labels), ValueError);
    CHECK_THROWS_AS(embedding(a, tokens, Shape{2}), ValueError);
    CHECK_THROWS_AS(embedding(a, tokens, Shape{3}), ShapeError);
}

TEST_CASE("dropout leaves inference alone and keeps the mean while training") {
    Graph inference;
    const Value x = inference.input(Tensor::full(Shape{10}, 1), "x");
    CHECK(dropout(x, 0.5f).node == x.node);
    Graph training("", true, 3);
    const Tensor y = dropout(training.input(Tensor::full(Shape{10000}, 1), "x"), 0.25f).tensor();
    double mean_value = 0;
    for (const float value : y.values()) {
        REQUIRE((value == 0 || value == 1 / 0.75f));
        mean_value += static_cast<double>(value) / 10000;
    }
    CHECK(mean_value == doctest::Approx(1).epsilon(0.03));
}

// Every operation's values and gradients against PyTorch 1.13's (tests/golden/make_operations.py). One row a case.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/autograd/activation.h"
#include "engine/autograd/conv.h"
#include "engine/autograd/elementwise.h"
#include "engine/autograd/embedding.h"
#include "engine/autograd/linear.h"
#include "engine/autograd/loss.h"
#include "engine/autograd/normalization.h"
#include "engine/autograd/pool.h"
#include "engine/autograd/reduction.h"
#include "engine/autograd/shape.h"
#include "engine/io/safetensors.h"

using namespace trilens;

namespace {

using Inputs = std::vector<Value>;

struct Row {
    const char* name;
    std::function<Value(const Inputs&)> operation;
    bool training = true;
};

RunningStatistics running(float mean, float variance) { return {Tensor::full(Shape{3}, mean), Tensor::full(Shape{3}, variance)}; }

const std::vector<Row>& table() {
    static const int32_t labels[] = {2, 0, 3, 1}, tokens[] = {1, 3, 1, 0};
    static const Conv2dOptions same{1, 1, 1, 1, 1, 1, 1}, strided{2, 2, 1, 1, 2, 2, 2}, depthwise{1, 1, 0, 0, 1, 1, 3};
    static const Pool2dOptions padded{3, 3, 2, 2, 1, 1};
    static const std::vector<Row> rows = {
        {"conv2d", [](const Inputs& x) { return conv2d(x[0], x[1], x[2], same); }},
        {"conv2d_large", [](const Inputs& x) { return conv2d(x[0], x[1], x[2], same); }},
        {"conv2d_strided", [](const Inputs& x) { return conv2d(x[0], x[1], x[2], strided); }},
        {"conv2d_depthwise", [](const Inputs& x) { return conv2d(x[0], x[1], depthwise); }},
        {"max_pool2d", [](const Inputs& x) { return max_pool2d(x[0]); }},
        {"max_pool2d_padded", [](const Inputs& x) { return max_pool2d(x[0], padded); }},
        {"average_pool2d", [](const Inputs& x) { return average_pool2d(x[0], padded); }},
        {"global_average_pool2d", [](const Inputs& x) { return global_average_pool2d(x[0]); }},
        {"relu", [](const Inputs& x) { return relu(x[0]); }},
        {"leaky_relu", [](const Inputs& x) { return leaky_relu(x[0], 0.2f); }},
        {"gelu", [](const Inputs& x) { return gelu(x[0]); }},
        {"tanh", [](const Inputs& x) { return tanh(x[0]); }},
        {"sigmoid", [](const Inputs& x) { return sigmoid(x[0]); }},
        {"exp", [](const Inputs& x) { return exp(x[0]); }},
        {"square", [](const Inputs& x) { return square(x[0]); }},
        {"dense", [](const Inputs& x) { return dense(x[0], x[1], x[2]); }},
        {"matmul", [](const Inputs& x) { return matmul(x[0], x[1]); }},
        {"matmul_transposed", [](const Inputs& x) { return matmul(x[0], x[1], true, true); }},
        {"add", [](const Inputs& x) { return add(x[0], x[1]); }},
        {"multiply", [](const Inputs& x) { return multiply(x[0], x[1]); }},
        {"divide", [](const Inputs& x) { return divide(x[0], x[1]); }},
        {"sum", [](const Inputs& x) { return sum(x[0], {0, 2}); }},
        {"mean", [](const Inputs& x) { return mean(x[0], {-1}, true); }},
        {"max", [](const Inputs& x) { return max(x[0], 1); }},
        {"permute", [](const Inputs& x) { return permute(x[0], {2, 0, 1}); }},
        {"slice", [](const Inputs& x) { return slice(x[0], 1, 1, 4); }},
        {"concat", [](const Inputs& x) { return concat(x, 1); }},
        {"softmax", [](const Inputs& x) { return softmax(x[0]); }},
        {"log_softmax", [](const Inputs& x) { return log_softmax(x[0]); }},
        {"cross_entropy", [](const Inputs& x) { return cross_entropy(x[0], labels); }},
        {"mean_squared_error", [](const Inputs& x) { return mean_squared_error(x[0], Tensor::full(Shape{2, 3}, 0.3f)); }},
        {"batch_norm",
         [](const Inputs& x) {
             auto kept = running(0, 1);
             return batch_norm(x[0], x[1], x[2], kept);
         }},
        {"batch_norm_inference",
         [](const Inputs& x) {
             auto kept = running(0.2f, 1.7f);
             return batch_norm(x[0], x[1], x[2], kept);
         },
         false},
        {"layer_norm", [](const Inputs& x) { return layer_norm(x[0], x[1], x[2]); }},
        {"embedding", [](const Inputs& x) { return embedding(x[0], tokens, Shape{2, 2}); }},
        {"subtract", [](const Inputs& x) { return subtract(x[0], x[1]); }},
        {"scale", [](const Inputs& x) { return scale(x[0], -1.5f); }},
        {"log", [](const Inputs& x) { return log(square(x[0])); }},
        {"sqrt", [](const Inputs& x) { return sqrt(exp(x[0])); }},
        {"reshape", [](const Inputs& x) { return reshape(x[0], Shape{3, 4}); }},
        {"flatten", [](const Inputs& x) { return flatten(x[0]); }},
        {"transpose", [](const Inputs& x) { return transpose(x[0]); }},
    };
    return rows;
}

std::map<std::string, Tensor> read_golden() {
    std::ifstream file(TRILENS_GOLDEN_DIR "/operations.safetensors", std::ios::binary);
    REQUIRE(file.good());
    const std::vector<uint8_t> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return read_safetensors(bytes).tensors;
}

void check_close(const Tensor& actual, const Tensor& expected, const std::string& what) {
    REQUIRE_MESSAGE(actual.shape() == expected.shape(), what << ": " << actual.shape().text() << " for " << expected.shape().text());
    for (int64_t at = 0; at < actual.elements(); ++at) {
        const float a = actual.data()[at], e = expected.data()[at];
        // Rounding of sums in another order; the largest sums here have 400 terms of size 1.
        CHECK_MESSAGE(std::abs(a - e) <= 1e-5f + 1e-5f * std::abs(e), what << " element " << at << ": " << a << " for " << e);
    }
}

}  // namespace

TEST_CASE("values and gradients of every operation are PyTorch's") {
    const auto golden = read_golden();
    for (const Row& row : table()) {
        const std::string name = row.name;
        Graph graph("", row.training);
        Inputs inputs;
        for (auto x = golden.find(name + ".x0"); x != golden.end(); x = golden.find(name + ".x" + std::to_string(inputs.size())))
            inputs.push_back(graph.input(x->second, "x" + std::to_string(inputs.size()), true));
        REQUIRE_MESSAGE(!inputs.empty(), name);
        const Value y = row.operation(inputs);
        check_close(y.tensor(), golden.at(name + ".y"), name);
        graph.backward(y, golden.at(name + ".start"));
        for (size_t i = 0; i < inputs.size(); ++i)
            check_close(graph.node(inputs[i].node).gradient, golden.at(name + ".g" + std::to_string(i)),
                        name + ", gradient " + std::to_string(i));
    }
}

TEST_CASE("every golden case has its row") {
    std::set<std::string> named, kept;
    for (const Row& row : table()) named.insert(row.name);
    for (const auto& [name, tensor] : read_golden()) kept.insert(name.substr(0, name.find('.')));
    CHECK(named == kept);
}

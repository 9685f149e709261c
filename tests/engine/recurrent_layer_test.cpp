// RecurrentLayer: how its weights start, and that it is autograd's recurrent under its names.
#include "engine/nn/recurrent_layer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/engine/recurrent_cells.h"

using namespace trilens;
using namespace trilens::checks;

namespace {

constexpr int64_t inputs = 2, size = 24;

}  // namespace

TEST_CASE("every gate's W_hh starts orthogonal times the spectral radius, different from the others") {
    for (const float radius : {0.0f, 0.5f, 1.0f, 1.5f})
        for (const Cell cell : all_cells()) {
            Random random(3);
            RecurrentLayer layer("", cell, inputs, size, radius, random);
            const Tensor& weight = layer.parameters()[1]->value;
            const auto gates = static_cast<int64_t>(gate_names(cell).size());
            REQUIRE(weight.shape() == Shape{gates * size, size});
            // W W^T = r^2 I: every eigenvalue has the absolute value r.
            for (int64_t gate = 0; gate < gates; ++gate)
                for (int64_t a = 0; a < size; ++a)
                    for (int64_t b = 0; b < size; ++b) {
                        const float *row_a = weight.data() + (gate * size + a) * size, *row_b = weight.data() + (gate * size + b) * size;
                        double product = 0;
                        for (int64_t k = 0; k < size; ++k) product += static_cast<double>(row_a[k]) * static_cast<double>(row_b[k]);
                        const double expected = a == b ? static_cast<double>(radius) * static_cast<double>(radius) : 0;
                        CHECK(std::abs(product - expected) < 1e-6);
                    }
            if (gates > 1 && radius > 0) CHECK_FALSE(same_bits(weight.rows(0, size), weight.rows(size, size)));
        }
}

TEST_CASE("W_xh starts within Glorot's limits; the gate that keeps starts open, all other biases at 0") {
    for (const Cell cell : all_cells()) {
        Random random(3);
        RecurrentLayer layer("reverse.", cell, inputs, size, 1, random);
        const std::vector<Parameter*> parameters = layer.parameters();
        const float limit = std::sqrt(6.0f / (inputs + size));
        const auto [least, most] = std::ranges::minmax(parameters[0]->value.values());
        CHECK(most < limit);
        CHECK(least >= -limit);
        CHECK(most > 0.8f * limit);
        CHECK(least < -0.8f * limit);
        const Tensor& bias = parameters[2]->value;
        for (int64_t i = 0; i < bias.elements(); ++i) CHECK(bias.data()[i] == (gate_names(cell).size() > 1 && i / size == 1 ? 1.0f : 0.0f));
        CHECK(parameters.size() == (cell == Cell::gru ? 4 : 3));
        if (cell == Cell::gru)
            for (const float value : parameters[3]->value.values()) CHECK(value == 0);
        for (const Parameter* parameter : parameters) CHECK(parameter->name.starts_with("reverse."));
    }
}

TEST_CASE("the same seed starts the same weights, another one others") {
    Random one(4), two(4), three(5);
    RecurrentLayer a("", Cell::lstm, inputs, size, 1, one), b("", Cell::lstm, inputs, size, 1, two),
        c("", Cell::lstm, inputs, size, 1, three);
    for (const size_t i : {0u, 1u}) {
        CHECK(same_bits(a.parameters()[i]->value, b.parameters()[i]->value));
        CHECK_FALSE(same_bits(a.parameters()[i]->value, c.parameters()[i]->value));
    }
}

TEST_CASE("a layer is recurrent() of its parameters, its parts under its prefix") {
    for (const Cell cell : all_cells()) {
        Random random(6);
        RecurrentLayer layer("layer2.reverse.", cell, inputs, size, 1, random);
        for (Parameter* parameter : layer.parameters()) parameter->value = random_tensor(parameter->value.shape(), random, 0.3f);
        const Tensor x = random_tensor(Shape{5, 2, inputs}, random);
        RecurrentOptions options;
        options.reverse = true;
        Graph graph("rnn."), other;
        const Value hidden = layer.forward(graph.input(x, "input"), options);
        std::vector<Tensor> tensors{x};
        for (const size_t i : {0u, 1u, 2u}) tensors.push_back(layer.parameters()[i]->value);
        tensors.push_back(Tensor(Shape{2, size}));
        if (cell == Cell::gru) tensors.push_back(layer.parameters()[3]->value);
        if (cell == Cell::lstm) tensors.push_back(Tensor(Shape{2, size}));
        const Value expected = run_cell(cell, inputs_of(other, tensors), options);
        CHECK(same_bits(hidden.tensor(), expected.tensor()));
        for (const std::string& part : part_names(cell)) CHECK(graph.contains("rnn.layer2.reverse." + part));
    }
}

// Elements of a recurrent cell that are held at a value, and what recurrent() refuses.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/engine/recurrent_cells.h"

using namespace trilens;
using namespace trilens::checks;

namespace {

constexpr int64_t steps = 4, batch = 2, size = 3;

double objective(const Tensor& y) {
    double total = 0;
    for (int64_t i = 0; i < y.elements(); ++i) total += static_cast<double>(output_weight(i)) * static_cast<double>(y.data()[i]);
    return total;
}

// "ValueError: sentence" of what is thrown.
template <typename Function>
std::string refusal(Function function) {
    try {
        function();
    } catch (const ShapeError& error) {
        return std::string("ShapeError: ") + error.what();
    } catch (const ValueError& error) {
        return std::string("ValueError: ") + error.what();
    }
    return "nothing";
}

}  // namespace

TEST_CASE("a held element has its value and says so; the rest is computed from it") {
    for (const Cell cell : all_cells())
        for (const std::string& part : part_names(cell)) {
            INFO(cell_name(cell), ", ", part);
            Random random(5);
            const auto values = cell_tensors(cell, {steps, batch, 2, size}, random);
            RecurrentOptions options;
            options.held = {{part, 1, 2, 0.37f}};
            options.lengths = {4, 1};
            Graph graph, free;
            const Inputs inputs = inputs_of(graph, values);
            const Value hidden = run_cell(cell, inputs, options);
            RecurrentOptions unheld = options;
            unheld.held.clear();
            const Value other = run_cell(cell, inputs_of(free, values), unheld);
            const Value held = graph.find(part);
            const int64_t element = 1 * batch * size + 2;
            CHECK(held.tensor().data()[element] == 0.37f);
            const Explanation explanation = graph.explain(held.node, element);
            CHECK(explanation.formula == "held");
            CHECK(explanation.value == 0.37f);
            CHECK(explanation.terms.empty());
            // The second sequence has ended by then: nothing is held in it. What comes before is as it was.
            for (int64_t t = 0; t < steps; ++t)
                for (int64_t n = 0; n < batch; ++n) {
                    const int64_t row = (t * batch + n) * size;
                    bool same = true;
                    for (int64_t unit = 0; unit < size; ++unit)
                        same &= hidden.tensor().data()[row + unit] == other.tensor().data()[row + unit];
                    CHECK((same || (n == 0 && t >= 1)));
                    if (n == 0 && t > 1) CHECK_FALSE(same);
                }
            // Everything else still adds up.
            for (const std::string& each : part_names(cell)) {
                const Value value = graph.find(each);
                for (int64_t at = 0; at < value.tensor().elements(); ++at) {
                    if (value.node == held.node && at == element) continue;
                    const Explanation computed = graph.explain(value.node, at);
                    CHECK(computed.formula != "held");
                    if (computed.kind != Explanation::Kind::sum) continue;
                    float sum = 0;
                    for (const Term& term : computed.terms) sum += term.value * term.factor;
                    CHECK_MESSAGE(sum == computed.value, each << " element " << at);
                }
            }
        }
}

TEST_CASE("nothing flows back through a held element; its own gradient is what the held value does") {
    for (const Cell cell : all_cells())
        for (const std::string& part : part_names(cell)) {
            const std::string what = std::string(cell_name(cell)) + ", " + part + " held";
            Random random(15);
            const auto values = cell_tensors(cell, {steps, batch, 2, size}, random);
            const auto held_at = [&](float value) {
                RecurrentOptions options;
                options.held = {{part, 1, 2, value}};
                return options;
            };
            gradient_is_finite_difference(what, values, [&](const Inputs& inputs) { return run_cell(cell, inputs, held_at(0.6f)); });
            const auto at = [&](float value) {
                Graph graph;
                return objective(run_cell(cell, inputs_of(graph, values), held_at(value)).tensor());
            };
            const float step = 4e-3f;
            const double numeric = (at(0.6f + step) - at(0.6f - step)) / (2 * static_cast<double>(step));
            Graph graph;
            const Inputs inputs = inputs_of(graph, values);
            const Value hidden = run_cell(cell, inputs, held_at(0.6f));
            graph.backward(hidden, output_weights(hidden.shape()));
            const int node = graph.find(part).node;
            double gradient = 0;
            for (int64_t n = 0; n < batch; ++n)
                gradient += static_cast<double>(graph.node(node).gradient.data()[((1 * batch) + n) * size + 2]);
            CHECK_MESSAGE(gradient == doctest::Approx(numeric).epsilon(2e-3).scale(1), what);
            CHECK_MESSAGE(std::abs(gradient) > 1e-4, what);
            if (part != "hidden") gradient_explanations_add_up(graph, {graph.find(part)});
            gradient_explanations_add_up(graph, inputs);
        }
}

TEST_CASE("an lstm with its forget gate held at 1 and its input gate at 0 keeps its cell state, and the gradient passes unchanged") {
    Random random(16);
    auto values = cell_tensors(Cell::lstm, {6, 0, 2, size}, random);
    values[2] = Tensor(values[2].shape());   // without W_hh the cell state is the only way through time
    RecurrentOptions options;
    for (int64_t t = 1; t < 6; ++t) {
        options.held.push_back({"gate.f", t, 0, 1});
        options.held.push_back({"gate.i", t, 0, 0});
    }
    Graph graph;
    const Value hidden = run_cell(Cell::lstm, inputs_of(graph, values), options);
    const Value cells = graph.find("cell_state");
    for (int64_t t = 1; t < 6; ++t) CHECK(cells.tensor().data()[t * size] == cells.tensor().data()[0]);
    Tensor last(hidden.shape());
    last.data()[5 * size] = 1;
    graph.backward(hidden, last);
    const float* gradient = graph.node(cells.node).gradient.data();
    CHECK(gradient[5 * size] != 0);
    for (int64_t t = 0; t < 5; ++t) CHECK(gradient[t * size] == gradient[5 * size]);
}

TEST_CASE("shapes, lengths, steps and parts that do not exist are refused with what was expected") {
    Graph graph;
    const auto input = [&](const Shape& shape) { return graph.input(Tensor(shape), "x" + std::to_string(graph.size())); };
    const Value x = input({4, 2, 3}), w_x = input({20, 3}), w_h = input({20, 5}), bias = input({20}), hn = input({5});
    const auto run = [&](Value from, const RecurrentWeights& weights, RecurrentOptions options = {}, Cell cell = Cell::lstm) {
        options.cell = cell;
        return refusal([&] {
            const Scope scope(graph, "run" + std::to_string(graph.size()));
            recurrent(from, weights, options);
        });
    };
    const auto with = [&](auto change) {
        RecurrentOptions options;
        change(options);
        return run(x, {w_x, w_h, bias}, options);
    };
    CHECK(run(x, {w_x, w_h, bias}) == "nothing");
    CHECK(run(input({4}), {w_x, w_h, bias}).starts_with("ShapeError: recurrent: "));
    CHECK(run(input({4, 2, 2}), {w_x, w_h, bias}).find("x [T, N, F] or [T, F] and W_xh [G H, F]") != std::string::npos);
    CHECK(run(x, {w_x, input({20, 4}), bias}).find("with G = 4") != std::string::npos);
    CHECK(run(x, {input({15, 3}), w_h, bias}).find("with G = 4") != std::string::npos);
    CHECK(run(x, {w_x, w_h, input({15})}).find("bias [20]") != std::string::npos);
    CHECK(run(x, {w_x, w_h, bias, hn}) == "ShapeError: recurrent: a gru, and no other cell, has a candidate bias [5]");
    CHECK(run(x, {input({15, 3}), input({15, 5}), input({15})}, {}, Cell::gru) ==
          "ShapeError: recurrent: a gru, and no other cell, has a candidate bias [5]");
    CHECK(run(x, {w_x, w_h, bias}, {}, Cell::gru).find("with G = 3") != std::string::npos);
    CHECK(with([&](RecurrentOptions& options) { options.initial_hidden = input({3, 5}); }) ==
          "ShapeError: recurrent: the initial state is [3, 5], expected [2, 5]");
    CHECK(with([&](RecurrentOptions& options) { options.initial_cell = input({5}); }) ==
          "ShapeError: recurrent: the initial state is [5], expected [2, 5]");
    CHECK(with([](RecurrentOptions& options) { options.lengths = {4}; }) == "ShapeError: recurrent: 1 lengths for 2 sequences");
    CHECK(with([](RecurrentOptions& options) { options.lengths = {4, 5}; }) == "ValueError: recurrent: length 5, expected 0 to 4");
    CHECK(with([](RecurrentOptions& options) { options.lengths = {-1, 4}; }) == "ValueError: recurrent: length -1, expected 0 to 4");
    CHECK(with([](RecurrentOptions& options) { options.skipped = {4}; }) ==
          "ValueError: recurrent: step 4 cannot be left out, expected 0 to 3");
    CHECK(with([](RecurrentOptions& options) { options.held = {{"gate.i", 4, 0, 1}}; }) ==
          "ValueError: recurrent: step 4, unit 0 cannot be held, expected steps below 4 and units below 5");
    CHECK(with([](RecurrentOptions& options) { options.held = {{"gate.i", 0, 5, 1}}; }) ==
          "ValueError: recurrent: step 0, unit 5 cannot be held, expected steps below 4 and units below 5");
    CHECK(with([](RecurrentOptions& options) { options.held = {{"gate.z", 0, 0, 1}}; }) ==
          "ValueError: recurrent: there is no part gate.z, expected one of sum.i, sum.f, sum.g, sum.o, gate.i, gate.f, gate.g, gate.o, "
          "cell_state, hidden");
}

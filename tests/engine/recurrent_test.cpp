// Recurrent cells: finite differences, explanations that walk back in time to the bit, held elements, ended and left out steps, refusals.
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "engine/autograd/elementwise.h"
#include "engine/autograd/shape.h"
#include "engine/parallel.h"
#include "tests/engine/recurrent_cells.h"

using namespace trilens;
using namespace trilens::checks;

namespace {

struct Way {
    const char* name;
    CellSizes sizes;
    RecurrentOptions options;
};

std::vector<Way> ways() {
    std::vector<Way> all{
        {"plain", {}, {}}, {"one sequence", {4, 0, 2, 3}, {}}, {"ends early, reverse", {}, {}}, {"steps left out", {}, {}}};
    all[2].options.lengths = {2, 4};
    all[2].options.reverse = true;
    all[3].options.skipped = {0, 2};
    all[3].options.lengths = {4, 3};
    return all;
}

Value tapped(const Value& hidden, const std::string& part) { return hidden.graph->find(part); }

float read(const Value& value, int64_t index) { return value.tensor().data()[index]; }

std::vector<Value> parts_of(Graph& graph, Cell cell) {
    std::vector<Value> parts;
    for (const std::string& part : part_names(cell)) parts.push_back(graph.find(part));
    return parts;
}

}  // namespace

TEST_CASE("gradients of x, weights, biases and initial states are finite differences, however the sequence is read") {
    for (const Cell cell : all_cells())
        for (const Way& way : ways()) {
            Random random(5);
            const auto values = cell_tensors(cell, way.sizes, random);
            gradient_is_finite_difference(std::string(cell_name(cell)) + ", " + way.name, values,
                                          [&](const Inputs& inputs) { return run_cell(cell, inputs, way.options); });
        }
}

TEST_CASE("what is made of the cell state sends its gradient back, with the hidden state and alone") {
    Random random(6);
    const auto values = cell_tensors(Cell::lstm, {}, random);
    for (const bool alone : {false, true})
        gradient_is_finite_difference(alone ? "cell state alone" : "cell state and hidden", values, [&](const Inputs& inputs) {
            const Value hidden = run_cell(Cell::lstm, inputs), cells = tapped(hidden, "cell_state");
            return alone ? scale(cells, 2) : multiply(hidden, cells);
        });
}

TEST_CASE("every element of every part adds up to the bit, in the order x, h, bias, and every gradient adds up") {
    for (const Cell cell : all_cells())
        for (const Way& way : ways()) {
            INFO(cell_name(cell), ", ", way.name);
            Random random(7);
            Graph graph;
            const Inputs inputs = inputs_of(graph, cell_tensors(cell, way.sizes, random));
            const Value hidden = run_cell(cell, inputs, way.options);
            graph.backward(hidden, output_weights(hidden.shape()));
            explanations_lead_back(graph);
            gradient_explanations_add_up(graph, inputs);
            // The hidden state's own gradient begins with what the output was given.
            for (const Value& part : parts_of(graph, cell))
                for (int64_t at = 0; at < part.tensor().elements(); ++at) {
                    const Explanation explanation = graph.explain_gradient(part.node, at);
                    double sum = part.node == hidden.node ? static_cast<double>(output_weight(at)) : 0;
                    for (const Term& term : explanation.terms) sum += static_cast<double>(term.value) * static_cast<double>(term.factor);
                    CHECK_MESSAGE(sum == doctest::Approx(explanation.value).epsilon(1e-4).scale(0.1),
                                  graph.node(part.node).name << " element " << at);
                }
        }
}

TEST_CASE("the explanation of a sum lists x, then the state of the step before, then the bias") {
    Random random(8);
    Graph graph;
    const Inputs inputs = inputs_of(graph, cell_tensors(Cell::lstm, {4, 2, 3, 5}, random));
    RecurrentOptions options;
    for (const bool reverse : {false, true}) {
        Graph other;
        options.reverse = reverse;
        const Inputs x = inputs_of(other, cell_tensors(Cell::lstm, {4, 2, 3, 5}, random));
        const Value hidden = run_cell(Cell::lstm, x, options), sum = tapped(hidden, "sum.g");
        // Step 1, sequence 1, unit 4: row 2 * 5 + 4 of the weights.
        const Explanation explanation = other.explain(sum.node, (1 * 2 + 1) * 5 + 4);
        REQUIRE(explanation.terms.size() == 3 + 5 + 1);
        for (int64_t k = 0; k < 3; ++k) {
            const Term& term = explanation.terms[static_cast<size_t>(k)];
            CHECK(term.node == x[0].node);
            CHECK(term.index == (1 * 2 + 1) * 3 + k);
            CHECK(term.factor_node == x[1].node);
            CHECK(term.factor_index == 14 * 3 + k);
        }
        for (int64_t k = 0; k < 5; ++k) {
            const Term& term = explanation.terms[static_cast<size_t>(3 + k)];
            CHECK(term.node == hidden.node);
            CHECK(term.index == ((reverse ? 2 : 0) * 2 + 1) * 5 + k);
            CHECK(term.factor_node == x[2].node);
            CHECK(term.factor_index == 14 * 5 + k);
        }
        CHECK(explanation.terms.back().node == x[3].node);
        CHECK(explanation.terms.back().index == 14);
        // The first step that is read starts from the initial state.
        const Explanation first = other.explain(sum.node, (reverse ? 3 : 0) * 10);
        CHECK(first.terms[3].node == x[4].node);
        const Explanation cell = other.explain(tapped(hidden, "cell_state").node, (reverse ? 3 : 0) * 10);
        CHECK(cell.terms[0].factor_node == x[5].node);
    }
}

TEST_CASE("from the last hidden state explanations lead back to the first input") {
    for (const Cell cell : all_cells()) {
        INFO(cell_name(cell));
        Random random(9);
        Graph graph;
        const Inputs inputs = inputs_of(graph, cell_tensors(cell, {5, 0, 1, 2}, random));
        const Value hidden = run_cell(cell, inputs);
        // From each element to its first operand that is neither a parameter nor x, as a learner walks; ReLU's and GRU's ways are as long.
        int node = hidden.node, steps = 0;
        int64_t at = 4 * 2;
        while (node != inputs[4].node && steps < 40) {
            const std::vector<Term> terms = graph.explain(node, at).terms;
            const auto back = std::ranges::find_if(terms, [&](const Term& term) {
                return term.node == inputs[4].node || (term.node > inputs.back().node && (term.node != hidden.node || term.index < at));
            });
            REQUIRE(back != terms.end());
            CHECK((back->node != node || back->index < at));
            node = back->node;
            at = back->index;
            ++steps;
        }
        CHECK(node == inputs[4].node);
        CHECK(steps >= 5);
    }
}

TEST_CASE("a step that has ended or is left out changes nothing, and says so") {
    for (const Cell cell : all_cells()) {
        INFO(cell_name(cell));
        Random random(10);
        const auto values = cell_tensors(cell, {6, 2, 3, 4}, random);
        RecurrentOptions options;
        options.lengths = {6, 3};
        options.skipped = {1};
        Graph graph;
        const Value hidden = run_cell(cell, inputs_of(graph, values), options);
        // The same with other numbers where nothing is read.
        auto changed = values;
        changed[0] = values[0].clone();
        for (int64_t t = 0; t < 6; ++t)
            for (int64_t n = 0; n < 2; ++n)
                if (t == 1 || (n == 1 && t >= 3)) std::fill_n(changed[0].data() + (t * 2 + n) * 3, 3, 1e6f);
        Graph other;
        CHECK(same_bits(run_cell(cell, inputs_of(other, changed), options).tensor(), hidden.tensor()));
        // The same without those steps at all: sequence 1 is steps 0 and 2.
        auto shorter = values;
        shorter[0] = Tensor(Shape{2, 2, 3});
        for (const int64_t t : {0, 2}) std::copy_n(values[0].data() + t * 6, 6, shorter[0].data() + t / 2 * 6);
        Graph third;
        const Value alone = run_cell(cell, inputs_of(third, shorter));
        for (int64_t unit = 0; unit < 4; ++unit) {
            CHECK(read(hidden, 5 * 8 + 4 + unit) == read(alone, 1 * 8 + 4 + unit));
            CHECK(read(hidden, 1 * 8 + unit) == read(hidden, unit));
            CHECK(read(hidden, 1 * 8 + unit) == read(alone, unit));
        }
        const Explanation ended = graph.explain(hidden.node, 5 * 8 + 4), skipped = graph.explain(hidden.node, 8);
        CHECK(ended.formula == "after the end of the sequence");
        REQUIRE(ended.terms.size() == 1);
        CHECK(ended.terms[0].index == 4 * 8 + 4);
        CHECK(skipped.formula == "step left out");
        REQUIRE(skipped.terms.size() == 1);
        CHECK(skipped.terms[0].index == 0);
        const Value sum = tapped(hidden, part_names(cell).front());
        CHECK(read(sum, 8) == 0);
        CHECK(graph.explain(sum.node, 8).terms.empty());
    }
}

TEST_CASE("no input changes a state before it, in the direction of reading") {
    for (const Cell cell : all_cells())
        for (const bool reverse : {false, true}) {
            INFO(cell_name(cell), " reverse ", reverse);
            Random random(11);
            const auto values = cell_tensors(cell, {9, 3, 2, 16}, random);
            RecurrentOptions options;
            options.reverse = reverse;
            Graph graph, other;
            const Value hidden = run_cell(cell, inputs_of(graph, values), options);
            auto changed = values;
            changed[0] = values[0].clone();
            for (int64_t n = 0; n < 3; ++n) changed[0].data()[(4 * 3 + n) * 2] += 1;
            const Value moved = run_cell(cell, inputs_of(other, changed), options);
            for (const std::string& part : part_names(cell))
                for (int64_t t = 0; t < 9; ++t) {
                    const bool before = reverse ? t > 4 : t < 4;
                    const bool same = same_bits(tapped(hidden, part).tensor().rows(t, 1), tapped(moved, part).tensor().rows(t, 1));
                    if (before || part == "hidden") CHECK_MESSAGE(same == before, part << " at step " << t);
                }
        }
}

TEST_CASE("reading in reverse is reading the reversed sequence") {
    for (const Cell cell : all_cells()) {
        Random random(12);
        const auto values = cell_tensors(cell, {5, 2, 3, 4}, random);
        RecurrentOptions options;
        options.reverse = true;
        Graph graph, other;
        const Tensor reverse = run_cell(cell, inputs_of(graph, values), options).tensor();
        auto turned = values;
        turned[0] = values[0].clone();
        for (int64_t t = 0; t < 5; ++t) std::copy_n(values[0].data() + t * 6, 6, turned[0].data() + (4 - t) * 6);
        const Tensor forward = run_cell(cell, inputs_of(other, turned)).tensor();
        for (int64_t t = 0; t < 5; ++t) CHECK(same_bits(reverse.rows(t, 1), forward.rows(4 - t, 1)));
    }
}

TEST_CASE("one sequence has the bits of a batch of one, and of its place in a larger batch") {
    for (const Cell cell : all_cells()) {
        Random random(13);
        const auto values = cell_tensors(cell, {5, 3, 2, 20}, random);
        auto single = values, one = values;
        for (const size_t i : {size_t{0}, size_t{4}, size_t{5}}) {
            if (i >= values.size() || (i == 5 && cell != Cell::lstm)) continue;
            const int64_t width = values[i].shape()[-1], steps = i == 0 ? 5 : 1;
            Tensor picked = Tensor::uninitialized(Shape{steps, width});
            for (int64_t t = 0; t < steps; ++t) std::copy_n(values[i].data() + (t * 3 + 1) * width, width, picked.data() + t * width);
            one[i] = i == 0 ? picked.reshaped(Shape{steps, 1, width}) : picked;
            single[i] = i == 0 ? picked : picked.reshaped(Shape{width});
        }
        Graph graph, first, second;
        const Value hidden = run_cell(cell, inputs_of(graph, values));
        const Value without = run_cell(cell, inputs_of(first, single)), with = run_cell(cell, inputs_of(second, one));
        CHECK(without.shape() == Shape{5, 20});
        CHECK(with.shape() == Shape{5, 1, 20});
        for (int64_t t = 0; t < 5; ++t)
            for (int64_t unit = 0; unit < 20; ++unit) {
                CHECK(read(without, t * 20 + unit) == read(with, t * 20 + unit));
                CHECK(read(without, t * 20 + unit) == read(hidden, (t * 3 + 1) * 20 + unit));
            }
    }
}

TEST_CASE("values and gradients have the same bits for every number of threads") {
    const int before = threads();
    for (const Cell cell : all_cells()) {
        std::vector<Tensor> first;
        for (const int count : {1, 2, 3}) {
            set_threads(count);
            Random random(14);
            Graph graph;
            const Inputs inputs = inputs_of(graph, cell_tensors(cell, {7, 40, 24, 64}, random));
            RecurrentOptions options;
            options.lengths.assign(40, 7);
            options.lengths[3] = 2;
            const Value hidden = run_cell(cell, inputs, options);
            graph.backward(hidden, output_weights(hidden.shape()));
            std::vector<Tensor> results;
            for (int id = 0; id < graph.size(); ++id)
                for (const Tensor& tensor : {graph.node(id).value, graph.node(id).gradient}) results.push_back(tensor);
            if (first.empty()) first = results;
            REQUIRE(first.size() == results.size());
            for (size_t i = 0; i < first.size(); ++i) CHECK_MESSAGE(same_bits(first[i], results[i]), cell_name(cell) << " tensor " << i);
        }
    }
    set_threads(before);
}

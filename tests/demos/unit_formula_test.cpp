// A hidden unit spelled out: the numbers that stand in the formula, as rounded as they are shown, give the result that stands behind them.
#include "demos/rnn/unit_formula.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "demos/rnn/workbench.h"

using namespace trilens;

namespace {

std::string text_of(const UnitFormula& formula) {
    std::string all;
    for (const FormulaPart& part : formula.parts) all += part.text;
    return all;
}

// The numbers of the formula in order, without their brackets.
std::vector<double> numbers_of(const UnitFormula& formula) {
    std::vector<double> out;
    for (const FormulaPart& part : formula.parts)
        if (part.link >= 0) out.push_back(std::stod(part.text.substr(part.text[0] == '(' ? 1 : 0)));
    return out;
}

std::shared_ptr<const Graph> graph_of(RnnCell cell, RnnWorkbench& bench) {
    bench.settings.cell = cell;
    bench.compute();
    return bench.graph();
}

constexpr double rounding = 2e-3;  // four digits, some of them added up

}  // namespace

TEST_CASE("a plain unit's formula holds with the numbers that stand in it, at the first step too") {
    RnnWorkbench bench;
    bench.settings.activation = RnnSettings::Activation::tanh;
    const auto graph = graph_of(rnn_cell("rnn"), bench);
    for (const int64_t step : {0, 4})
        for (const int64_t unit : {0, 7, 31}) {
            const auto lines = write_unit_formula(*graph, step, unit);
            REQUIRE(lines.size() == 1);
            const auto n = numbers_of(lines[0]);  // of x, of h, b; their sum; h
            REQUIRE(n.size() == 5);
            CHECK(n[0] + n[1] + n[2] == doctest::Approx(n[3]).epsilon(rounding));
            CHECK(std::tanh(n[3]) == doctest::Approx(n[4]).epsilon(rounding));
            CHECK(n[4] == doctest::Approx(graph->find("rnn.hidden").tensor().data()[step * 32 + unit]).epsilon(rounding));
            CHECK(lines[0].links.back() == Element{"rnn.hidden", step * 32 + unit});
        }
    CHECK(text_of(write_unit_formula(*graph, 4, 7)[0]).starts_with("h_5[7] = tanh(W_xh x_5 + W_hh h_4 + b) = tanh("));
    CHECK(text_of(write_unit_formula(*graph, 0, 7)[0]).starts_with("h_1[7] = tanh(W_xh x_1 + W_hh 0 + b) = tanh("));
}

TEST_CASE("an LSTM unit's two formulas hold with the numbers that stand in them") {
    RnnWorkbench bench;
    const auto graph = graph_of(rnn_cell("lstm"), bench);
    for (const int64_t unit : {0, 7, 31}) {
        const auto lines = write_unit_formula(*graph, 4, unit);
        REQUIRE(lines.size() == 2);
        const auto h = numbers_of(lines[0]), c = numbers_of(lines[1]);
        REQUIRE(h.size() == 3);  // o, c; h
        CHECK(h[0] * std::tanh(h[1]) == doctest::Approx(h[2]).epsilon(rounding));
        REQUIRE(c.size() == 5);  // f, c before, i, g; c
        CHECK(c[0] * c[1] + c[2] * c[3] == doctest::Approx(c[4]).epsilon(rounding));
        CHECK(c[4] == h[1]);
    }
    CHECK(numbers_of(write_unit_formula(*graph, 0, 3)[1]).size() == 4);  // no cell state before the first step
}

TEST_CASE("a GRU unit's formula holds with the numbers that stand in it") {
    RnnWorkbench bench;
    const auto graph = graph_of(rnn_cell("gru"), bench);
    for (const int64_t unit : {0, 7, 31}) {
        const auto lines = write_unit_formula(*graph, 4, unit);
        REQUIRE(lines.size() == 2);
        const auto n = numbers_of(lines[0]);  // z, n, z, h before; h
        REQUIRE(n.size() == 5);
        CHECK((1 - n[0]) * n[1] + n[2] * n[3] == doctest::Approx(n[4]).epsilon(rounding));
        CHECK(numbers_of(lines[1]).size() == 1);
    }
}

TEST_CASE("a unit that is held has no formula but says that it is held") {
    RnnWorkbench bench, other;
    bench.held = {{"hidden", 4, 7, 0.5f}};
    const auto graph = graph_of(rnn_cell("rnn"), bench);
    CHECK(text_of(write_unit_formula(*graph, 4, 7)[0]) == "h_5[7] = 0.5 (held at this value by you)");
    other.held = {{"cell_state", 4, 7, -0.25f}};
    const auto lstm = graph_of(rnn_cell("lstm"), other);
    const auto lines = write_unit_formula(*lstm, 4, 7);
    CHECK(numbers_of(lines[0])[1] == -0.25);
    CHECK(text_of(lines[1]) == "c_5[7] = -0.25 (held at this value by you)");
}

// Read off the explanations of the graph: nothing is computed a second time but the three partial sums.
#include "demos/rnn/unit_formula.h"

#include <string>
#include <vector>

#include "demos/rnn/cells.h"
#include "demos/text/text.h"
#include "demos/widgets/number_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr const char* times = " \xc3\x97 ";

struct Written : UnitFormula {
    void text(std::string what) { parts.push_back({std::move(what)}); }
    // What is negative stands in brackets unless nothing follows: a result.
    void value(float shown, ImU32 color, const Element& where, const char* after = "") {
        links.push_back(where);
        const std::string text = number(static_cast<double>(shown));
        parts.push_back({*after ? as_factor(text) : text, color, static_cast<int>(links.size()) - 1, true});
        if (*after) parts.push_back({after, 0, -1, true});
    }
};

struct Unit {
    const Graph& graph;
    int64_t step, unit, width;

    int64_t index() const { return step * width + unit; }
    float read(const std::string& part) const { return graph.find("rnn." + part).tensor().data()[index()]; }
    Element at(const std::string& part) const { return {"rnn." + part, index()}; }
    // "h_10" at step 9; the state before the first step is 0.
    std::string name(const char* symbol, int64_t t) const { return t < 0 ? "0" : std::string(symbol) + "_" + std::to_string(t + 1); }
    std::string cell(const char* symbol) const { return name(symbol, step) + "[" + std::to_string(unit) + "]"; }

    void write(Written& out, const std::string& part, ImU32 color, const char* after = "") const {
        out.value(read(part), color, at(part), after);
    }
    // The same unit one step before.
    void write_before(Written& out, const std::string& part, const char* after) const {
        if (step == 0) out.parts.push_back({std::string("0") + after, 0, -1, true});
        else
            out.value(graph.find("rnn." + part).tensor().data()[index() - width], theme().color.activation,
                      {"rnn." + part, index() - width}, after);
    }
};

// What the cell did not compute at this step: a value that the learner holds, or one that passed over a step left out.
bool write_fixed(const Unit& u, const char* part, const char* symbol, Written& out) {
    const std::string how = u.graph.explain(u.graph.find(std::string("rnn.") + part).node, u.index()).formula;
    if (how != "held" && how != "step left out") return false;
    out.text(u.cell(symbol) + " = ");
    u.write(out, part, theme().color.activation);
    out.text(" " + std::string(say(how == "held" ? Text::rnn_formula_held : Text::rnn_formula_left_out)));
    return true;
}

// h = f(W_xh x + W_hh h + b), the products added up by where they come from, in the order of the explanation.
void write_rnn(const Unit& u, Written& out) {
    const Theme& t = theme();
    const std::string f = u.graph.explain(u.graph.find("rnn.hidden").node, u.index()).formula.starts_with("tanh") ? "tanh" : "ReLU";
    float from_input = 0, from_state = 0, bias = 0;
    for (const Term& term : u.graph.explain(u.graph.find("rnn.sum").node, u.index()).terms) {
        const std::string& source = u.graph.node(term.node).name;
        (source == "rnn.input" ? from_input : term.factor_node < 0 ? bias : from_state) += term.value * term.factor;
    }
    out.text(u.cell("h") + " = " + f + "(W_xh " + u.name("x", u.step) + " + W_hh " + u.name("h", u.step - 1) + " + b)");
    out.text(" = " + f + "(");
    out.value(from_input, t.color.input, u.at("sum"), " + ");
    out.value(from_state, t.color.activation, u.at("sum"), " + ");
    out.value(bias, t.color.weight, u.at("sum"), ")");
    out.text(" = " + f + "(");
    u.write(out, "sum", t.color.text, ")");
    out.text(" = ");
    u.write(out, "hidden", t.color.activation);
}

void write_lstm(const Unit& u, Written& out) {
    const Theme& t = theme();
    out.text(u.cell("h") + " = o tanh(" + u.name("c", u.step) + ")");
    out.text(" = ");
    u.write(out, "gate.o", t.color.weight, " tanh(");
    u.write(out, "cell_state", t.color.activation, ")");
    out.text(" = ");
    u.write(out, "hidden", t.color.activation);
}

void write_cell_state(const Unit& u, Written& state) {
    const Theme& t = theme();
    state.text(u.cell("c") + " = f " + u.name("c", u.step - 1) + " + i g");
    state.text(" = ");
    u.write(state, "gate.f", t.color.weight, times);
    u.write_before(state, "cell_state", " + ");
    u.write(state, "gate.i", t.color.weight, times);
    u.write(state, "gate.g", t.color.weight, " ");
    state.text("= ");
    u.write(state, "cell_state", t.color.activation);
}

void write_gru(const Unit& u, Written& out) {
    const Theme& t = theme();
    out.text(u.cell("h") + " = (1 - z) n + z " + u.name("h", u.step - 1));
    out.text(" = (1 - ");
    u.write(out, "gate.z", t.color.weight, ") ");
    u.write(out, "gate.n", t.color.weight, " + ");
    u.write(out, "gate.z", t.color.weight, times);
    u.write_before(out, "hidden", " ");
    out.text("= ");
    u.write(out, "hidden", t.color.activation);
}

Unit unit_of(const Graph& graph, int64_t step, int64_t unit) { return {graph, step, unit, graph.find("rnn.hidden").shape()[-1]}; }

UnitFormula hidden_line(const Unit& u, void (*write)(const Unit&, Written&)) {
    Written line;
    if (!write_fixed(u, "hidden", "h", line)) write(u, line);
    return line;
}

}  // namespace

std::vector<UnitFormula> write_unit_formula(const Graph& graph, int64_t step, int64_t unit) {
    return row_of(rnn_cell_of(graph)).formula(graph, step, unit);
}

std::vector<UnitFormula> write_rnn_formula(const Graph& graph, int64_t step, int64_t unit) {
    const Unit u = unit_of(graph, step, unit);
    return {hidden_line(u, write_rnn)};
}

std::vector<UnitFormula> write_gru_formula(const Graph& graph, int64_t step, int64_t unit) {
    const Unit u = unit_of(graph, step, unit);
    Written reset;
    reset.text(say(Text::rnn_formula_reset) + std::string(" r = "));
    u.write(reset, "gate.r", theme().color.weight);
    return {hidden_line(u, write_gru), reset};
}

std::vector<UnitFormula> write_lstm_formula(const Graph& graph, int64_t step, int64_t unit) {
    const Unit u = unit_of(graph, step, unit);
    Written state;
    if (!write_fixed(u, "cell_state", "c", state)) write_cell_state(u, state);
    return {hidden_line(u, write_lstm), state};
}

float draw_unit_formula(Stage& stage, const Graph& graph, int64_t step, int64_t unit, Rect area) {
    const float top = area.y;
    const char* name = "rnn.formula";
    for (const UnitFormula& line : write_unit_formula(graph, step, unit)) {
        float height = 0;
        const int clicked = draw_formula(stage, name, line.parts, area, height);
        if (clicked >= 0) stage.inspector.walk(line.links[static_cast<size_t>(clicked)]);
        area.cut_top(height);
        name = "rnn.formula.second";
    }
    return area.y - top;
}

}  // namespace trilens

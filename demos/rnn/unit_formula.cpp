// Read off the explanations of the graph: nothing is computed a second time but the three partial sums.
#include "demos/rnn/unit_formula.h"

#include <string>
#include <vector>

#include "demos/text/text.h"
#include "demos/widgets/formula.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

// Parts of a formula, and the elements that they lead to.
struct Written {
    std::vector<FormulaPart> parts;
    std::vector<Element> links;

    void text(std::string what) { parts.push_back({std::move(what)}); }
    void value(double number_shown, ImU32 color, const Element& where) {
        links.push_back(where);
        parts.push_back({" " + number(number_shown) + " ", color, static_cast<int>(links.size()) - 1, true});
    }
};

struct Unit {
    const Graph& graph;
    int64_t step, unit, index;

    float read(const std::string& part) const { return graph.find("rnn." + part).tensor().data()[index]; }
    Element at(const std::string& part) const { return {"rnn." + part, index}; }
    bool has(const std::string& part) const { return graph.contains("rnn." + part); }
    std::string name(const char* symbol, int64_t t) const { return std::string(symbol) + "_" + std::to_string(t + 1); }
};

// W_xh x + W_hh h + b, the products added up by where they come from, in the order of the explanation.
void write_sum(const Unit& u, const std::string& part, Written& out) {
    const Theme& t = theme();
    const Value sum = u.graph.find("rnn." + part);
    float from_input = 0, from_state = 0, bias = 0;
    for (const Term& term : u.graph.explain(sum.node, u.index).terms) {
        const std::string& source = u.graph.node(term.node).name;
        (source == "rnn.input" ? from_input : term.factor_node < 0 ? bias : from_state) += term.value * term.factor;
    }
    out.text("W_xh x =");
    out.value(static_cast<double>(from_input), t.color.input, u.at(part));
    out.text("+ W_hh h =");
    out.value(static_cast<double>(from_state), t.color.activation, u.at(part));
    out.text("+ b =");
    out.value(static_cast<double>(bias), t.color.weight, u.at(part));
    out.text("= " + number(static_cast<double>(u.read(part))));
}

void write_rnn(const Unit& u, Written& out) {
    const bool squashes = u.graph.explain(u.graph.find("rnn.hidden").node, u.index).formula.starts_with("tanh");
    out.text("= " + std::string(squashes ? "tanh" : "ReLU") + "(");
    write_sum(u, "sum", out);
    out.text(")");
}

void write_lstm(const Unit& u, Written& out) {
    const Theme& t = theme();
    const std::string before = u.step > 0 ? u.name("c", u.step - 1) : "0";
    out.text("= o tanh(c), o =");
    out.value(static_cast<double>(u.read("gate.o")), t.color.weight, u.at("gate.o"));
    out.text(", c = f " + before + " + i g =");
    out.value(static_cast<double>(u.read("cell_state")), t.color.activation, u.at("cell_state"));
    for (const char* gate : {"f", "i", "g"}) {
        out.text(std::string(", ") + gate + " =");
        out.value(static_cast<double>(u.read(std::string("gate.") + gate)), t.color.weight, u.at(std::string("gate.") + gate));
    }
}

void write_gru(const Unit& u, Written& out) {
    const Theme& t = theme();
    out.text("= (1 - z) n + z " + (u.step > 0 ? u.name("h", u.step - 1) : "0"));
    for (const char* gate : {"z", "n", "r"}) {
        out.text(std::string(", ") + gate + " =");
        out.value(static_cast<double>(u.read(std::string("gate.") + gate)), t.color.weight, u.at(std::string("gate.") + gate));
    }
}

}  // namespace

float draw_unit_formula(Stage& stage, const Graph& graph, int64_t step, int64_t unit, Rect area) {
    const Theme& t = theme();
    const int64_t width = graph.find("rnn.hidden").shape()[-1];
    const Unit u{graph, step, unit, step * width + unit};
    Written out;
    out.parts.push_back({u.name("h", step) + "[" + std::to_string(unit) + "] =", t.color.text});
    out.value(static_cast<double>(u.read("hidden")), t.color.activation, u.at("hidden"));
    if (u.has("cell_state")) write_lstm(u, out);
    else if (u.has("gate.z")) write_gru(u, out);
    else write_rnn(u, out);
    float height = 0;
    const int clicked = draw_formula(stage, "rnn.formula", out.parts, area, height);
    if (clicked >= 0) stage.inspector.walk(out.links[static_cast<size_t>(clicked)]);
    return height;
}

}  // namespace trilens

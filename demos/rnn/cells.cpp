// The tables. One of the engine's cells without a row does not compile: the switch below has no default.
#include "demos/rnn/cells.h"

#include <iterator>

#include "demos/rnn/settings.h"
#include "demos/rnn/unit_formula.h"
#include "engine/errors.h"

namespace trilens {

namespace {

Cell plain(const RnnSettings& settings, bool relu) {
    switch (settings.activation) {
    case RnnSettings::Activation::by_task: return relu ? Cell::rnn_relu : Cell::rnn_tanh;
    case RnnSettings::Activation::tanh: return Cell::rnn_tanh;
    case RnnSettings::Activation::relu: return Cell::rnn_relu;
    }
    return Cell::rnn_tanh;
}

Cell gru(const RnnSettings& settings, bool) { return settings.reset_before ? Cell::gru_reset_before : Cell::gru; }

Cell lstm(const RnnSettings&, bool) { return Cell::lstm; }

constexpr RnnCellRow rows[] = {
    {"rnn", Text::rnn_cell_rnn, plain, "activation", "sum", nullptr, write_rnn_formula},
    {"gru", Text::rnn_cell_gru, gru, "reset_before", "gate.z", "gate.z", write_gru_formula},
    {"lstm", Text::rnn_cell_lstm, lstm, nullptr, "cell_state", "gate.f", write_lstm_formula},
};

constexpr RnnGate gates[] = {
    {"gate.i", Text::rnn_title_gate_i, true},  {"gate.f", Text::rnn_title_gate_f, true}, {"gate.g", Text::rnn_title_gate_g, false},
    {"gate.o", Text::rnn_title_gate_o, true},  {"gate.r", Text::rnn_title_gate_r, true}, {"gate.z", Text::rnn_title_gate_z, true},
    {"gate.n", Text::rnn_title_gate_n, false},
};

// One of the engine's cells: the row that it belongs to, and what tells it from others of that row.
struct Variant {
    const char* id;
    const char* suffix = "";
};

Variant variant_of(Cell cell) {
    switch (cell) {
    case Cell::rnn_tanh: return {"rnn", " (tanh)"};
    case Cell::rnn_relu: return {"rnn", " (ReLU)"};
    case Cell::gru:
    case Cell::gru_reset_before: return {"gru"};
    case Cell::lstm: return {"lstm"};
    }
    throw ValueError("no recurrent cell " + std::to_string(static_cast<int>(cell)));
}

}  // namespace

std::span<const RnnCellRow> rnn_cell_table() { return rows; }

const RnnCellRow& row_of(RnnCell cell) { return rows[static_cast<size_t>(cell)]; }

std::vector<RnnCell> rnn_cells() {
    std::vector<RnnCell> cells;
    for (size_t i = 0; i < std::size(rows); ++i) cells.push_back(static_cast<RnnCell>(i));
    return cells;
}

std::vector<Choice> rnn_cell_choices() {
    std::vector<Choice> choices;
    for (const RnnCellRow& row : rows) choices.push_back({row.id, row.label});
    return choices;
}

RnnCell rnn_cell(std::string_view id) {
    std::string known;
    for (const RnnCell cell : rnn_cells()) {
        if (row_of(cell).id == id) return cell;
        known += (known.empty() ? "" : ", ") + std::string(row_of(cell).id);
    }
    throw ValueError("no recurrent cell \"" + std::string(id) + "\", expected one of " + known);
}

RnnCell rnn_cell_of(Cell cell) { return rnn_cell(variant_of(cell).id); }

RnnCell rnn_cell_of(const Graph& graph) {
    for (const RnnCell cell : rnn_cells())
        if (graph.contains(std::string("rnn.") + row_of(cell).own_part)) return cell;
    throw ValueError("the graph is that of no recurrent cell");
}

std::string rnn_cell_name(Cell cell) { return std::string(say(row_of(rnn_cell_of(cell)).label)) + variant_of(cell).suffix; }

std::span<const RnnGate> rnn_gates() { return gates; }

}  // namespace trilens

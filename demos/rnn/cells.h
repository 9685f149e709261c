// The recurrent cells of the RNN room: one row each, which says its names, what the engine computes it with, and what of it is drawn.
// Choices, labels, contenders, fields and formulas are made of the rows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "demos/fields.h"
#include "demos/text/text.h"
#include "engine/autograd/recurrent.h"

namespace trilens {

struct RnnSettings;
struct UnitFormula;

enum class RnnCell : int {};  // the place of a row in the table

struct RnnCellRow {
    const char* id;  // in links and the page API
    Text label;
    // The engine's cell that the settings ask for; `relu`: where that is a choice, the task is better off with it.
    Cell (*engine)(const RnnSettings& settings, bool relu);
    const char* own_field;  // a setting that only this cell has: "activation" is "rnn.activation"; null: none
    const char* own_part;  // what only this cell's graph has, after "rnn."
    const char* keeping_gate;  // that keeps the state, one of part_names(); null: none
    std::vector<UnitFormula> (*formula)(const Graph& graph, int64_t step, int64_t unit);  // see unit_formula.h
};

std::span<const RnnCellRow> rnn_cell_table();
const RnnCellRow& row_of(RnnCell cell);
std::vector<RnnCell> rnn_cells();  // all, in the order of the table
std::vector<Choice> rnn_cell_choices();
RnnCell rnn_cell(std::string_view id);  // throws ValueError naming it and the cells that there are

RnnCell rnn_cell_of(Cell cell);  // the row that the engine's cell belongs to
RnnCell rnn_cell_of(const Graph& graph);  // that made its "rnn.hidden". Throws ValueError where none did
std::string rnn_cell_name(Cell cell);  // as a learner reads it: "RNN (ReLU)"

// The gates of all cells, in the order in which a step computes them.
struct RnnGate {
    const char* part;  // one of part_names()
    Text title;
    bool is_share;  // between 0 and 1: what it lets through; else a value to be let through
};
std::span<const RnnGate> rnn_gates();

}  // namespace trilens

// One hidden unit at one step, spelled out with the real numbers (curriculum R2): in symbols, in numbers, and what comes of them.
#pragma once

#include <cstdint>
#include <vector>

#include "demos/stage.h"
#include "demos/widgets/formula.h"
#include "demos/widgets/inspector.h"

namespace trilens {

struct UnitFormula {
    std::vector<FormulaPart> parts;
    std::vector<Element> links;  // where a part's link leads
};

// Of "rnn.hidden" [T, H] of the graph: one line, and of a gated cell another for its cell state (LSTM) or reset gate (GRU).
std::vector<UnitFormula> write_unit_formula(const Graph& graph, int64_t step, int64_t unit);
// The same, of a cell that is known (RnnCellRow::formula).
std::vector<UnitFormula> write_rnn_formula(const Graph& graph, int64_t step, int64_t unit);
std::vector<UnitFormula> write_gru_formula(const Graph& graph, int64_t step, int64_t unit);
std::vector<UnitFormula> write_lstm_formula(const Graph& graph, int64_t step, int64_t unit);

// The same, drawn. The parts are links into the inspector. Returns the height used.
float draw_unit_formula(Stage& stage, const Graph& graph, int64_t step, int64_t unit, Rect area);

}  // namespace trilens

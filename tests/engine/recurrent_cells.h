// All recurrent cells with random weights, for tests: one list of tensors that finite differences can move.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/autograd/recurrent.h"
#include "tests/engine/gradient_check.h"

namespace trilens::checks {

inline std::span<const Cell> all_cells() {
    static const Cell cells[] = {Cell::rnn_tanh, Cell::rnn_relu, Cell::gru, Cell::gru_reset_before, Cell::lstm};
    return cells;
}

inline std::string_view cell_name(Cell cell) {
    switch (cell) {
    case Cell::rnn_tanh: return "rnn_tanh";
    case Cell::rnn_relu: return "rnn_relu";
    case Cell::gru: return "gru";
    case Cell::gru_reset_before: return "gru_reset_before";
    case Cell::lstm: return "lstm";
    }
    return "";
}

struct CellSizes {
    int64_t steps = 4, batch = 2, inputs = 3, hidden_size = 3;  // batch 0: one sequence without a batch
};

// x, W_xh, W_hh, b_h, the initial hidden state, then b_hn of a gru and the initial cell state of an lstm.
inline std::vector<Tensor> cell_tensors(Cell cell, const CellSizes& sizes, Random& random) {
    const auto rows = static_cast<int64_t>(gate_names(cell).size()) * sizes.hidden_size;
    const bool single = sizes.batch == 0;
    const Shape state = single ? Shape{sizes.hidden_size} : Shape{sizes.batch, sizes.hidden_size};
    const Shape x = single ? Shape{sizes.steps, sizes.inputs} : Shape{sizes.steps, sizes.batch, sizes.inputs};
    std::vector<Tensor> tensors;
    for (const Shape& shape : {x, Shape{rows, sizes.inputs}, Shape{rows, sizes.hidden_size}, Shape{rows}, state})
        tensors.push_back(random_tensor(shape, random, 0.8f));
    if (cell == Cell::gru) tensors.push_back(random_tensor(Shape{sizes.hidden_size}, random, 0.8f));
    if (cell == Cell::lstm) tensors.push_back(random_tensor(state, random, 0.8f));
    return tensors;
}

// The cell over those tensors as the nodes of a graph; `options` says the rest.
inline Value run_cell(Cell cell, const Inputs& inputs, RecurrentOptions options = {}) {
    RecurrentWeights weights{inputs[1], inputs[2], inputs[3]};
    options.cell = cell;
    options.initial_hidden = inputs[4];
    if (cell == Cell::gru) weights.candidate_bias = inputs[5];
    if (cell == Cell::lstm) options.initial_cell = inputs[5];
    return recurrent(inputs[0], weights, options);
}

}  // namespace trilens::checks

// Recurrent cells over a whole sequence: one operation that computes all time steps, with a node for every gate, sum and state, so that
// each number of each step can be looked at, explained, and differentiated.
//
//   rnn    h_t = f(W_xh x_t + W_hh h_(t-1) + b_h), f = tanh or ReLU. Elman 1990; Goodfellow, Bengio, Courville 2016, equations 10.8 and
//   10.9
//   lstm   i, f, o = sigmoid(sum), g = tanh(sum); c_t = f c_(t-1) + i g; h_t = o tanh(c_t). Hochreiter and Schmidhuber 1997; Gers et al.
//   2000
//   gru    r, z = sigmoid(sum); n = tanh(W_xn x_t + b_n + r (W_hn h_(t-1) + b_hn)); h_t = (1 - z) n + z h_(t-1), as PyTorch
//   gru_reset_before      the same with n = tanh(W_xn x_t + W_hn (r h_(t-1)) + b_n). Cho et al. 2014, equation 8; Keras's reset_after=False
//
// Every sum takes its terms in the order x_t, then h_(t-1), then the bias: the order of its explanation, so the bits agree.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/autograd/graph.h"

namespace trilens {

enum class Cell { rnn_tanh, rnn_relu, gru, gru_reset_before, lstm };

// The gates of a cell in the order of the rows of its weights: "i", "f", "g", "o" (LSTM), "r", "z", "n" (GRU); a plain RNN has one, "".
std::vector<std::string> gate_names(Cell cell);

// G is the number of gates; the rows of gate g are g H .. g H + H - 1, as in torch.nn.LSTM.
struct RecurrentWeights {
    Value input;  // W_xh [G H, F]
    Value hidden;  // W_hh [G H, H]
    Value bias;  // b_h [G H]
    std::optional<Value> candidate_bias{};  // b_hn [H]: of Cell::gru, and only of it
};

// An element that is held at a value instead of being computed; nothing flows back through it. `part` is one of part_names().
struct Held {
    std::string part;
    int64_t step = 0, unit = 0;
    float value = 0;
    bool operator==(const Held&) const = default;
};

struct RecurrentOptions {
    Cell cell = Cell::rnn_tanh;
    bool reverse = false;  // reads the sequence from its end
    std::vector<int32_t> lengths{};  // [N], 0 to T; none: all are T long. After the end of a sequence its state is carried on unchanged
    std::vector<int64_t> skipped{};  // steps left out: the state is carried over them unchanged, as if the sequence had not had them
    std::vector<Held> held{};  // in every sequence of the batch
    std::optional<Value> initial_hidden{}, initial_cell{};  // [N, H] (or [H]); zeros without
};

// The nodes that are tapped, each [T, N, H]: "hidden" and, by cell, "sum" (rnn), "gate.i", "sum.i", .. and "cell_state" (lstm), "gate.r",
// "sum.r", ..
// and "sum.hn" = W_hn h_(t-1) + b_hn (gru) or "reset_hidden" = r h_(t-1) (gru_reset_before).
std::vector<std::string> part_names(Cell cell);

// x [T, N, F] -> hidden [T, N, H]; one sequence without a batch, [T, F] -> [T, H], and so all parts. Its parts are tapped under their names
// in the graph's open scope. The gradient of "hidden" is all that reaches h_t, through the output of the step and through every later step
// (back-propagation through time; Werbos 1990). Only "hidden" and "cell_state" are there for further operations. Throws ShapeError if
// shapes do not fit, ValueError for a length, a held or skipped step or a part that does not exist.
Value recurrent(Value x, const RecurrentWeights& weights, const RecurrentOptions& options);

}  // namespace trilens

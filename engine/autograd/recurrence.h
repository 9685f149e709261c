// Recurrence: one run of a recurrent cell over a sequence, the values of all its parts at all steps and the way back through time. Knows no
// graph;
// the equations are in autograd/recurrent.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/autograd/recurrent.h"
#include "engine/tensor.h"

namespace trilens {

struct Recurrence {
    Cell cell = Cell::rnn_tanh;
    bool reverse = false;
    int64_t steps = 0, batch = 1, inputs = 0, hidden_size = 0;  // T, N, F, H
    std::vector<int32_t> lengths;  // empty: all T
    std::vector<bool> skipped;  // [T]; empty: none
    struct Hold {
        int part;
        int64_t step, unit;
        float value;
    };
    std::vector<Hold> held;
    Tensor x, input_weight, hidden_weight, bias, candidate_bias;  // see RecurrentWeights
    Tensor initial_hidden, initial_cell;  // empty: zeros
    std::vector<Tensor> parts;  // [T, N, H] each, in the order of part_names(cell)

    // Which part is what: a plain RNN has one sum and no gates of its own.
    int gates() const { return cell == Cell::lstm ? 4 : cell == Cell::gru || cell == Cell::gru_reset_before ? 3 : 1; }
    int sum(int gate) const { return gate; }
    int gate(int which) const { return gates() + which; }
    int extra() const { return 2 * gates(); }  // cell_state, sum.hn or reset_hidden
    int hidden() const { return static_cast<int>(parts.size()) - 1; }

    // The step whose state step t starts from; -1: the initial state.
    int64_t before(int64_t t) const { return reverse ? (t + 1 < steps ? t + 1 : -1) : t - 1; }
    bool runs(int64_t t, int64_t sequence) const {
        if (!skipped.empty() && skipped[static_cast<size_t>(t)]) return false;
        return lengths.empty() || t < lengths[static_cast<size_t>(sequence)];
    }
    bool holds(int part, int64_t t, int64_t unit) const;

    void forward();  // fills parts

    struct Gradients {
        std::vector<Tensor> parts;  // "hidden" and "cell_state": without what was given
        Tensor x, input_weight, hidden_weight, bias, candidate_bias, initial_hidden, initial_cell;
    };
    // From the gradients that reach the hidden state and the cell state of every step from outside; an empty one is zeros.
    Gradients backward(const Tensor& hidden_gradient, const Tensor& cell_gradient) const;

private:
    struct Backward;
    int64_t block() const { return batch * hidden_size; }  // elements of a part at one step
    float* at(int part, int64_t t) { return parts[static_cast<size_t>(part)].data() + t * block(); }
    const float* at(int part, int64_t t) const { return parts[static_cast<size_t>(part)].data() + t * block(); }
    const float* state(int part, int64_t t) const;  // of the step before t; null: zeros
    void add_hidden_terms(int gate, const float* state, const float* bias, float* sum) const;
    void finish(int part, int64_t t);
    void step_rnn(int64_t t);
    void step_lstm(int64_t t);
    void step_gru(int64_t t);
};

}  // namespace trilens

// Back-propagation through time: the steps in the opposite order, each with what reaches its state from the output and from the step after
// it.
#include <algorithm>

#include "engine/autograd/recurrence.h"
#include "engine/kernels/elementwise.h"
#include "engine/kernels/gemm.h"
#include "engine/kernels/reduction.h"

namespace trilens {

// One walk back. Gradients are 0 where an element is held or its sequence has ended: nothing flows through them.
struct Recurrence::Backward {
    const Recurrence& run;
    Gradients out;
    // [N, H]: what reaches h_t and c_t and is passed on; what goes to the step before.
    std::vector<float> flow, passed, last_hidden, last_cell;
    // What reached held elements: part of the result again when nothing can flow on.
    struct Stopped {
        float* where;
        float gradient;
    };
    std::vector<Stopped> stopped;

    explicit Backward(const Recurrence& recurrence) : run(recurrence) {
        // The steps write all of a sum and a gate; they add to a hidden state, and to what a reset gate has multiplied.
        for (int part = 0; part <= run.hidden(); ++part) {
            const Shape& shape = run.parts[static_cast<size_t>(part)].shape();
            const bool adds = part == run.hidden() || (run.cell == Cell::gru_reset_before && part == run.extra());
            out.parts.push_back(adds ? Tensor(shape) : Tensor::uninitialized(shape));
        }
        flow.resize(static_cast<size_t>(run.block()));
        passed.resize(flow.size());
        last_hidden.resize(flow.size());
        last_cell.resize(flow.size());
    }

    float* grad(int part, int64_t t) { return out.parts[static_cast<size_t>(part)].data() + t * run.block(); }
    const float* hidden_weight(int g) const { return run.hidden_weight.data() + g * run.hidden_size * run.hidden_size; }
    float last(const float* state, int64_t j) const { return state ? state[j] : 0.0f; }

    // Where `part` is held or not computed at step t, nothing goes on.
    void stop(int part, int64_t t, float* gradient) {
        for (int64_t n = 0; n < run.batch; ++n)
            if (!run.runs(t, n)) std::fill_n(gradient + n * run.hidden_size, run.hidden_size, 0.0f);
        for (const Hold& hold : run.held) {
            if (hold.part != part || hold.step != t) continue;
            for (int64_t n = 0; n < run.batch; ++n) {
                float* element = gradient + n * run.hidden_size + hold.unit;
                if (gradient == grad(part, t)) stopped.push_back({element, *element});
                *element = 0;
            }
        }
    }
    // target += dsum W_hh of one gate.
    void add_through_weight(int g, const float* gradient, float* target) const {
        kernels::Gemm sizes;
        sizes.m = run.batch;
        sizes.n = sizes.k = run.hidden_size;
        sizes.accumulate = true;
        kernels::gemm(sizes, gradient, hidden_weight(g), target);
    }
    void rnn(int64_t t);
    void lstm(int64_t t);
    void gru(int64_t t);
    void step(int64_t t, const Tensor& output_gradient);
    void weights();

    const float* cell_output = nullptr;  // the gradient that reaches c_t from outside, of all steps; null: none
};

void Recurrence::Backward::rnn(int64_t t) {
    float* sum = grad(run.sum(0), t);
    (run.cell == Cell::rnn_tanh ? kernels::tanh_backward : kernels::relu_backward)(run.block(), run.at(run.hidden(), t), flow.data(), sum);
    stop(run.sum(0), t, sum);
    add_through_weight(0, sum, last_hidden.data());
}

void Recurrence::Backward::lstm(int64_t t) {
    const int64_t block = run.block(), size = run.hidden_size;
    const float *i = run.at(run.gate(0), t), *f = run.at(run.gate(1), t), *g = run.at(run.gate(2), t), *o = run.at(run.gate(3), t);
    const float *c = run.at(run.extra(), t), *before = run.state(run.extra(), t), *reached = flow.data();
    float *di = grad(run.gate(0), t), *df = grad(run.gate(1), t), *dg = grad(run.gate(2), t), *d_output = grad(run.gate(3), t);
    float *dc = grad(run.extra(), t), *through = passed.data(), *carried = last_cell.data();
    kernels::tanh_forward(block, c, d_output);
    for (int64_t j = 0; j < block; ++j) {
        const float squashed = d_output[j];
        dc[j] = carried[j] + reached[j] * o[j] * (1 - squashed * squashed);
        d_output[j] = reached[j] * squashed;
    }
    std::copy_n(dc, block, through);
    if (cell_output) kernels::add_into(block, cell_output + t * block, through);
    // After its end a sequence carries its cell state as it carries its hidden state.
    std::copy_n(through, block, carried);
    stop(run.extra(), t, through);
    for (int64_t n = 0; n < run.batch; ++n)
        if (run.runs(t, n)) kernels::binary(kernels::Binary::multiply, size, through + n * size, f + n * size, carried + n * size);
    kernels::binary(kernels::Binary::multiply, block, through, g, di);
    kernels::binary(kernels::Binary::multiply, block, through, i, dg);
    if (before) kernels::binary(kernels::Binary::multiply, block, through, before, df);
    else kernels::scale(block, 0.0f, through, df);
    for (int gate = 0; gate < 4; ++gate) {
        float *d_gate = grad(run.gate(gate), t), *d_sum = grad(run.sum(gate), t);
        stop(run.gate(gate), t, d_gate);
        (gate == 2 ? kernels::tanh_backward : kernels::sigmoid_backward)(block, run.at(run.gate(gate), t), d_gate, d_sum);
        stop(run.sum(gate), t, d_sum);
        add_through_weight(gate, d_sum, last_hidden.data());
    }
}

void Recurrence::Backward::gru(int64_t t) {
    const float *r = run.at(run.gate(0), t), *z = run.at(run.gate(1), t), *n = run.at(run.gate(2), t), *between = run.at(run.extra(), t);
    const float* before = run.state(run.hidden(), t);
    float *dr = grad(run.gate(0), t), *dz = grad(run.gate(1), t), *dn = grad(run.gate(2), t), *d_between = grad(run.extra(), t);
    float* d_candidate = grad(run.sum(2), t);
    for (int64_t j = 0; j < run.block(); ++j) {
        const float through = flow[static_cast<size_t>(j)];
        dz[j] = through * (last(before, j) - n[j]);
        dn[j] = through * (1 - z[j]);
        last_hidden[static_cast<size_t>(j)] += through * z[j];
    }
    stop(run.gate(2), t, dn);
    kernels::tanh_backward(run.block(), n, dn, d_candidate);
    stop(run.sum(2), t, d_candidate);
    if (run.cell == Cell::gru) {
        for (int64_t j = 0; j < run.block(); ++j) dr[j] = d_candidate[j] * between[j], d_between[j] = d_candidate[j] * r[j];
        stop(run.extra(), t, d_between);
        add_through_weight(2, d_between, last_hidden.data());
    } else {
        add_through_weight(2, d_candidate, d_between);
        stop(run.extra(), t, d_between);
        for (int64_t j = 0; j < run.block(); ++j) {
            dr[j] = d_between[j] * last(before, j);
            last_hidden[static_cast<size_t>(j)] += d_between[j] * r[j];
        }
    }
    for (int gate = 0; gate < 2; ++gate) {
        float *d_gate = grad(run.gate(gate), t), *d_sum = grad(run.sum(gate), t);
        stop(run.gate(gate), t, d_gate);
        kernels::sigmoid_backward(run.block(), run.at(run.gate(gate), t), d_gate, d_sum);
        stop(run.sum(gate), t, d_sum);
        add_through_weight(gate, d_sum, last_hidden.data());
    }
}

void Recurrence::Backward::step(int64_t t, const Tensor& output_gradient) {
    const float* output = output_gradient.empty() ? nullptr : output_gradient.data() + t * run.block();
    const float* later = grad(run.hidden(), t);
    std::fill(last_hidden.begin(), last_hidden.end(), 0.0f);
    if (output) kernels::binary(kernels::Binary::add, run.block(), output, later, flow.data());
    else std::copy_n(later, run.block(), flow.data());
    for (int64_t n = 0; n < run.batch; ++n)
        if (!run.runs(t, n)) std::copy_n(flow.data() + n * run.hidden_size, run.hidden_size, last_hidden.data() + n * run.hidden_size);
    stop(run.hidden(), t, flow.data());
    if (run.cell == Cell::lstm) lstm(t);
    else if (run.gates() == 3) gru(t);
    else rnn(t);
    if (const int64_t before = run.before(t); before >= 0) {
        std::ranges::copy(last_hidden, grad(run.hidden(), before));
        return;
    }
    const Shape state{run.batch, run.hidden_size};
    out.initial_hidden = Tensor(state, last_hidden);
    out.initial_cell = Tensor(state, last_cell);
}

// Every weight's gradient is one product over all steps and sequences.
void Recurrence::Backward::weights() {
    const int64_t rows = run.steps * run.batch, size = run.hidden_size, shifted = std::max<int64_t>(0, rows - run.batch);
    out.x = Tensor(run.x.shape());
    out.input_weight = Tensor(run.input_weight.shape());
    out.hidden_weight = Tensor(run.hidden_weight.shape());
    out.bias = Tensor(run.bias.shape());
    const float* states = run.parts[static_cast<size_t>(run.hidden())].data();
    for (int g = 0; g < run.gates(); ++g) {
        const float* sum = out.parts[static_cast<size_t>(run.sum(g))].data();
        float* d_hidden = out.hidden_weight.data() + g * size * size;
        kernels::Gemm back{rows, run.inputs, size};
        back.accumulate = true;
        kernels::gemm(back, sum, run.input_weight.data() + g * size * run.inputs, out.x.data());
        kernels::Gemm weight{size, run.inputs, rows, true};
        kernels::gemm(weight, sum, run.x.data(), out.input_weight.data() + g * size * run.inputs);
        kernels::sum_axis(1, rows, size, sum, out.bias.data() + g * size);
        if (g == 2 && run.cell == Cell::gru_reset_before) {
            kernels::gemm({size, size, rows, true}, sum, run.parts[static_cast<size_t>(run.extra())].data(), d_hidden);
            continue;
        }
        if (g == 2 && run.cell == Cell::gru) sum = out.parts[static_cast<size_t>(run.extra())].data();
        // The sum at t belongs to the state before t: one block further, in the direction of reading.
        const float *after = run.reverse ? sum : sum + run.batch * size, *from = run.reverse ? states + run.batch * size : states;
        kernels::gemm({size, size, shifted, true}, after, from, d_hidden);
        if (run.initial_hidden.empty() || run.steps == 0) continue;
        kernels::Gemm first{size, size, run.batch, true};
        first.accumulate = true;
        kernels::gemm(first, run.reverse ? sum + shifted * size : sum, run.initial_hidden.data(), d_hidden);
    }
    if (run.cell != Cell::gru) return;
    out.candidate_bias = Tensor(Shape{size});
    kernels::sum_axis(1, rows, size, out.parts[static_cast<size_t>(run.extra())].data(), out.candidate_bias.data());
}

Recurrence::Gradients Recurrence::backward(const Tensor& hidden_gradient, const Tensor& cell_gradient) const {
    Backward walk(*this);
    if (!cell_gradient.empty()) walk.cell_output = cell_gradient.data();
    for (int64_t s = steps - 1; s >= 0; --s) walk.step(reverse ? steps - 1 - s : s, hidden_gradient);
    walk.weights();
    for (auto each = walk.stopped.rbegin(); each != walk.stopped.rend(); ++each) *each->where = each->gradient;
    return std::move(walk.out);
}

}  // namespace trilens

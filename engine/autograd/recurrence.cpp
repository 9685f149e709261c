// Forward: the products with x of all steps at once, then step after step the products with the state, each sum with its bias last.
#include "engine/autograd/recurrence.h"

#include <algorithm>

#include "engine/kernels/elementwise.h"
#include "engine/kernels/gemm.h"
#include "engine/math.h"

namespace trilens {

bool Recurrence::holds(int part, int64_t t, int64_t unit) const {
    return std::ranges::any_of(held, [&](const Hold& hold) { return hold.part == part && hold.step == t && hold.unit == unit; });
}

const float* Recurrence::state(int part, int64_t t) const {
    if (const int64_t from = before(t); from >= 0) return at(part, from);
    const Tensor& initial = part == hidden() ? initial_hidden : initial_cell;
    return initial.empty() ? nullptr : initial.data();
}

// sum += state W^T, then + bias, for one gate at one step.
void Recurrence::add_hidden_terms(int gate, const float* state, const float* bias, float* sum) const {
    kernels::Gemm sizes;
    sizes.m = batch;
    sizes.n = hidden_size;
    sizes.k = state ? hidden_size : 0;
    sizes.transpose_b = true;
    sizes.ldb = hidden_size;
    sizes.accumulate = true;
    sizes.column_bias = bias;
    kernels::gemm(sizes, state, hidden_weight.data() + gate * hidden_size * hidden_size, sum);
}

// A part is computed at step t: sequences that have ended hold nothing there, held elements their value.
void Recurrence::finish(int part, int64_t t) {
    float* values = at(part, t);
    const bool carried = part == hidden() || (cell == Cell::lstm && part == extra());
    for (int64_t n = 0; n < batch; ++n) {
        if (runs(t, n)) continue;
        const float* from = carried ? state(part, t) : nullptr;
        if (from) std::copy_n(from + n * hidden_size, hidden_size, values + n * hidden_size);
        else std::fill_n(values + n * hidden_size, hidden_size, 0.0f);
    }
    for (const Hold& hold : held)
        if (hold.part == part && hold.step == t)
            for (int64_t n = 0; n < batch; ++n)
                if (runs(t, n)) values[n * hidden_size + hold.unit] = hold.value;
}

void Recurrence::forward() {
    const Shape shape{steps, batch, hidden_size};
    for (Tensor& part : parts) part = Tensor::uninitialized(shape);
    if (cell == Cell::gru) parts[static_cast<size_t>(extra())] = Tensor(shape);   // sum.hn has no products with x to begin with
    for (int g = 0; g < gates(); ++g) {
        kernels::Gemm sizes;
        sizes.m = steps * batch;
        sizes.n = hidden_size;
        sizes.k = inputs;
        sizes.transpose_b = true;
        kernels::gemm(sizes, x.data(), input_weight.data() + g * hidden_size * inputs, parts[static_cast<size_t>(sum(g))].data());
    }
    for (int64_t s = 0; s < steps; ++s) {
        const int64_t t = reverse ? steps - 1 - s : s;
        if (cell == Cell::lstm) step_lstm(t);
        else if (gates() == 3) step_gru(t);
        else step_rnn(t);
    }
}

void Recurrence::step_rnn(int64_t t) {
    add_hidden_terms(0, state(hidden(), t), bias.data(), at(sum(0), t));
    finish(sum(0), t);
    (cell == Cell::rnn_tanh ? kernels::tanh_forward : kernels::relu_forward)(block(), at(sum(0), t), at(hidden(), t));
    finish(hidden(), t);
}

void Recurrence::step_lstm(int64_t t) {
    for (int g = 0; g < 4; ++g) {
        add_hidden_terms(g, state(hidden(), t), bias.data() + g * hidden_size, at(sum(g), t));
        finish(sum(g), t);
        (g == 2 ? kernels::tanh_forward : kernels::sigmoid_forward)(block(), at(sum(g), t), at(gate(g), t));
        finish(gate(g), t);
    }
    const float *i = at(gate(0), t), *f = at(gate(1), t), *g = at(gate(2), t), *o = at(gate(3), t), *last = state(extra(), t);
    float *c = at(extra(), t), *h = at(hidden(), t);
    for (int64_t j = 0; j < block(); ++j) c[j] = last ? f[j] * last[j] + i[j] * g[j] : i[j] * g[j];
    finish(extra(), t);
    kernels::tanh_forward(block(), c, h);
    kernels::binary(kernels::Binary::multiply, block(), h, o, h);
    finish(hidden(), t);
}

void Recurrence::step_gru(int64_t t) {
    const float* last = state(hidden(), t);
    for (int g = 0; g < 2; ++g) {
        add_hidden_terms(g, last, bias.data() + g * hidden_size, at(sum(g), t));
        finish(sum(g), t);
        kernels::sigmoid_forward(block(), at(sum(g), t), at(gate(g), t));
        finish(gate(g), t);
    }
    const float *r = at(gate(0), t), *z = at(gate(1), t), *b = bias.data() + 2 * hidden_size;
    float *candidate_sum = at(sum(2), t), *between = at(extra(), t), *n = at(gate(2), t), *h = at(hidden(), t);
    if (cell == Cell::gru) {
        add_hidden_terms(2, last, candidate_bias.data(), between);
        finish(extra(), t);
        for (int64_t row = 0; row < block(); row += hidden_size)
            for (int64_t j = 0; j < hidden_size; ++j)
                candidate_sum[row + j] = (candidate_sum[row + j] + r[row + j] * between[row + j]) + b[j];
    } else {
        for (int64_t j = 0; j < block(); ++j) between[j] = last ? r[j] * last[j] : 0.0f;
        finish(extra(), t);
        add_hidden_terms(2, between, b, candidate_sum);
    }
    finish(sum(2), t);
    kernels::tanh_forward(block(), candidate_sum, n);
    finish(gate(2), t);
    for (int64_t j = 0; j < block(); ++j) h[j] = last ? (1 - z[j]) * n[j] + z[j] * last[j] : (1 - z[j]) * n[j];
    finish(hidden(), t);
}

}  // namespace trilens

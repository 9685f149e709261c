// Checks what is given, runs a Recurrence, and records a node for each of its parts. The last one, "hidden", sends everything back.
#include "engine/autograd/recurrent.h"

#include <algorithm>
#include <memory>

#include "engine/autograd/operation.h"
#include "engine/autograd/recurrence.h"
#include "engine/math.h"

namespace trilens {
namespace {

// What the explanations of all parts share: the run, and where everything stands in the graph.
struct Recorded {
    Recurrence run;
    Value x;
    RecurrentWeights weights;
    std::optional<Value> initial_hidden, initial_cell;
    std::vector<Value> parts;   // in the order of run.parts

    Value part(int which) const { return parts[static_cast<size_t>(which)]; }

    // An element of the state that step t starts from; none if that is zero.
    std::optional<Term> state(int which, int64_t t, int64_t sequence, int64_t unit, float factor = 1) const {
        const int64_t offset = sequence * run.hidden_size + unit, before = run.before(t);
        if (before >= 0) return term(part(which), before * run.batch * run.hidden_size + offset, factor);
        const std::optional<Value>& initial = which == run.hidden() ? initial_hidden : initial_cell;
        return initial ? std::optional(term(*initial, offset, factor)) : std::nullopt;
    }
};

// Where an element of a part stands.
struct Place {
    int64_t t, sequence, unit, index;
};

void add_input_terms(const Recorded& r, int gate, const Place& at, Explanation& to) {
    const int64_t row = gate * r.run.hidden_size + at.unit, first = (at.t * r.run.batch + at.sequence) * r.run.inputs;
    for (int64_t k = 0; k < r.run.inputs; ++k) to.terms.push_back(term(r.x, first + k, r.weights.input, row * r.run.inputs + k));
}

// The products of row `unit` of a gate's W_hh with the state before, or with what stands in its place.
void add_hidden_terms(const Recorded& r, int gate, const Place& at, std::optional<int> instead, Explanation& to) {
    const int64_t row = (gate * r.run.hidden_size + at.unit) * r.run.hidden_size;
    for (int64_t k = 0; k < r.run.hidden_size; ++k) {
        const int64_t here = (at.t * r.run.batch + at.sequence) * r.run.hidden_size + k;
        std::optional<Term> each = instead ? std::optional(term(r.part(*instead), here)) : r.state(r.run.hidden(), at.t, at.sequence, k);
        if (!each) return;
        each->factor = r.weights.hidden.tensor().data()[row + k];
        each->factor_node = r.weights.hidden.node;
        each->factor_index = row + k;
        to.terms.push_back(*each);
    }
}

Explanation explain_sum(const Recorded& r, int gate, const Place& at, float value) {
    Explanation out{Explanation::Kind::sum, value, "sum(W_xh * x) + sum(W_hh * h) + b", {}};
    add_input_terms(r, gate, at, out);
    if (gate == 2 && r.run.cell == Cell::gru) {
        out.formula = "sum(W_xn * x) + r * (W_hn h + b_hn) + b_n";
        out.terms.push_back(term(r.part(r.run.gate(0)), at.index, r.part(r.run.extra()), at.index));
    } else if (gate == 2 && r.run.cell == Cell::gru_reset_before) {
        out.formula = "sum(W_xn * x) + sum(W_hn * (r h)) + b_n";
        add_hidden_terms(r, gate, at, r.run.extra(), out);
    } else {
        add_hidden_terms(r, gate, at, std::nullopt, out);
    }
    out.terms.push_back(term(r.weights.bias, gate * r.run.hidden_size + at.unit));
    return out;
}

Explanation explain_gate(const Recorded& r, int gate, const Place& at, float value) {
    const bool squashes = gate == 2;
    return {Explanation::Kind::function,
            value,
            squashes ? "tanh(x)" : "1 / (1 + exp(-x))",
            {term(r.part(r.run.sum(gate)), at.index, squashes ? 1 - value * value : value * (1 - value))}};
}

// cell_state, sum.hn or reset_hidden.
Explanation explain_extra(const Recorded& r, const Place& at, float value) {
    Explanation out{Explanation::Kind::sum, value, "", {}};
    if (r.run.cell == Cell::gru) {
        out.formula = "sum(W_hn * h) + b_hn";
        add_hidden_terms(r, 2, at, std::nullopt, out);
        out.terms.push_back(term(*r.weights.candidate_bias, at.unit));
        return out;
    }
    const Value gate = r.part(r.run.gate(r.run.cell == Cell::lstm ? 1 : 0));
    out.formula = r.run.cell == Cell::lstm ? "f * c_before + i * g" : "r * h_before";
    if (const auto before = r.state(r.run.cell == Cell::lstm ? r.run.extra() : r.run.hidden(), at.t, at.sequence, at.unit)) {
        Term through = term(gate, at.index, before->value);
        through.factor_node = before->node;
        through.factor_index = before->index;
        out.terms.push_back(through);
    }
    if (r.run.cell == Cell::lstm) out.terms.push_back(term(r.part(r.run.gate(0)), at.index, r.part(r.run.gate(2)), at.index));
    return out;
}

Explanation explain_hidden(const Recorded& r, const Place& at, float value) {
    const auto read = [&](int part) { return r.part(part).tensor().data()[at.index]; };
    Explanation out{Explanation::Kind::function, value, "", {}};
    if (r.run.cell == Cell::rnn_tanh || r.run.cell == Cell::rnn_relu) {
        const bool squashes = r.run.cell == Cell::rnn_tanh;
        out.formula = squashes ? "tanh(x)" : "max(0, x)";
        out.terms.push_back(term(r.part(r.run.sum(0)), at.index, squashes ? 1 - value * value : value > 0 ? 1.0f : 0.0f));
    } else if (r.run.cell == Cell::lstm) {
        const float squashed = math::tanh(read(r.run.extra()));
        out.formula = "o * tanh(c)";
        out.terms.push_back(term(r.part(r.run.gate(3)), at.index, squashed));
        out.terms.push_back(term(r.part(r.run.extra()), at.index, read(r.run.gate(3)) * (1 - squashed * squashed)));
    } else {
        const float z = read(r.run.gate(1)), n = read(r.run.gate(2));
        const auto before = r.state(r.run.hidden(), at.t, at.sequence, at.unit, z);
        out.formula = "(1 - z) * n + z * h_before";
        out.terms.push_back(term(r.part(r.run.gate(1)), at.index, (before ? before->value : 0.0f) - n));
        out.terms.push_back(term(r.part(r.run.gate(2)), at.index, 1 - z));
        if (before) out.terms.push_back(*before);
    }
    return out;
}

Explanation explain_part(const Recorded& r, int part, int64_t index) {
    const int64_t block = r.run.batch * r.run.hidden_size;
    const Place at{index / block, index % block / r.run.hidden_size, index % r.run.hidden_size, index};
    const float value = r.part(part).tensor().data()[index];
    if (!r.run.runs(at.t, at.sequence)) {
        const bool left_out = !r.run.skipped.empty() && r.run.skipped[static_cast<size_t>(at.t)];
        Explanation ended{Explanation::Kind::sum, value, left_out ? "step left out" : "after the end of the sequence", {}};
        const bool carried = part == r.run.hidden() || (r.run.cell == Cell::lstm && part == r.run.extra());
        if (carried)
            if (const auto before = r.state(part, at.t, at.sequence, at.unit)) ended.terms.push_back(*before);
        return ended;
    }
    if (r.run.holds(part, at.t, at.unit)) return {Explanation::Kind::sum, value, "held", {}};
    if (part == r.run.hidden()) return explain_hidden(r, at, value);
    if (part < r.run.gates()) return explain_sum(r, part, at, value);
    if (part == r.run.extra()) return explain_extra(r, at, value);
    return explain_gate(r, part - r.run.gates(), at, value);
}

// `gradient` is what reaches the hidden state from outside; the cell state's is read from its node.
void send_back(Graph& graph, const Recorded& r, const Tensor& gradient) {
    const Tensor cell_gradient = r.run.cell == Cell::lstm ? graph.node(r.part(r.run.extra()).node).gradient : Tensor();
    Recurrence::Gradients gradients = r.run.backward(gradient, cell_gradient);
    const auto send = [&](const Value& to, const Tensor& what) {
        if (graph.node(to.node).requires_gradient) graph.add_gradient(to.node, what.reshaped(to.shape()));
    };
    send(r.x, gradients.x);
    send(r.weights.input, gradients.input_weight);
    send(r.weights.hidden, gradients.hidden_weight);
    send(r.weights.bias, gradients.bias);
    if (r.weights.candidate_bias) send(*r.weights.candidate_bias, gradients.candidate_bias);
    if (r.initial_hidden && r.run.steps > 0) send(*r.initial_hidden, gradients.initial_hidden);
    if (r.initial_cell && r.run.steps > 0) send(*r.initial_cell, gradients.initial_cell);
    // The states' own gradients come last: those given are those very tensors, and grow by what came back.
    for (size_t i = 0; i < r.parts.size(); ++i) send(r.parts[i], gradients.parts[i]);
}

// Of the cell state, where nothing was made of the hidden state: else that one, recorded later, has sent all of it.
std::function<void(Graph&, const Tensor&)> send_back_alone(const std::shared_ptr<const Recorded>& recorded) {
    return [recorded](Graph& graph, const Tensor&) {
        if (graph.node(recorded->parts.back().node).gradient.empty()) send_back(graph, *recorded, Tensor());
    };
}

void check(Value x, const RecurrentWeights& weights, const RecurrentOptions& options) {
    const int gates = static_cast<int>(gate_names(options.cell).size());
    const Shape &w_x = weights.input.shape(), &w_h = weights.hidden.shape();
    const int rank = x.shape().rank();
    if ((rank != 2 && rank != 3) || w_x.rank() != 2 || w_x[1] != x.shape()[-1])
        throw ShapeError(misfit("recurrent", x.shape(), w_x, "x [T, N, F] or [T, F] and W_xh [G H, F]"));
    const int64_t size = w_h.rank() == 2 ? w_h[1] : 0;
    if (size < 1 || w_h != Shape{gates * size, size} || w_x[0] != gates * size)
        throw ShapeError(misfit("recurrent", w_x, w_h, "W_xh [G H, F] and W_hh [G H, H] with G = " + std::to_string(gates)));
    if (weights.bias.shape() != Shape{gates * size})
        throw ShapeError(misfit("recurrent", w_h, weights.bias.shape(), "bias " + Shape{gates * size}.text()));
    const bool wanted = options.cell == Cell::gru;
    if (wanted != weights.candidate_bias.has_value() || (wanted && weights.candidate_bias->shape() != Shape{size}))
        throw ShapeError("recurrent: a gru, and no other cell, has a candidate bias " + Shape{size}.text());
    const int64_t steps = x.shape()[0], batch = rank == 3 ? x.shape()[1] : 1;
    for (const std::optional<Value>& initial : {options.initial_hidden, options.initial_cell})
        if (initial && initial->shape() != Shape{batch, size} && !(rank == 2 && initial->shape() == Shape{size}))
            throw ShapeError("recurrent: the initial state is " + initial->shape().text() + ", expected " + Shape{batch, size}.text());
    if (!options.lengths.empty() && static_cast<int64_t>(options.lengths.size()) != batch)
        throw ShapeError("recurrent: " + std::to_string(options.lengths.size()) + " lengths for " + std::to_string(batch) + " sequences");
    for (const int32_t length : options.lengths)
        if (length < 0 || length > steps)
            throw ValueError("recurrent: length " + std::to_string(length) + ", expected 0 to " + std::to_string(steps));
    for (const int64_t step : options.skipped)
        if (step < 0 || step >= steps)
            throw ValueError("recurrent: step " + std::to_string(step) + " cannot be left out, expected 0 to " + std::to_string(steps - 1));
    for (const Held& held : options.held)
        if (held.step < 0 || held.step >= steps || held.unit < 0 || held.unit >= size)
            throw ValueError("recurrent: step " + std::to_string(held.step) + ", unit " + std::to_string(held.unit) +
                             " cannot be held, expected steps below " + std::to_string(steps) + " and units below " + std::to_string(size));
}

int part_of(Cell cell, const std::string& name) {
    const std::vector<std::string> names = part_names(cell);
    const auto found = std::ranges::find(names, name);
    if (found != names.end()) return static_cast<int>(found - names.begin());
    std::string known;
    for (const std::string& each : names) known += (known.empty() ? "" : ", ") + each;
    throw ValueError("recurrent: there is no part " + name + ", expected one of " + known);
}

Recurrence make_run(Value x, const RecurrentWeights& weights, const RecurrentOptions& options) {
    Recurrence run;
    run.cell = options.cell;
    run.reverse = options.reverse;
    run.steps = x.shape()[0];
    run.batch = x.shape().rank() == 3 ? x.shape()[1] : 1;
    run.inputs = x.shape()[-1];
    run.hidden_size = weights.hidden.shape()[1];
    run.lengths = options.lengths;
    if (!options.skipped.empty()) run.skipped.resize(static_cast<size_t>(run.steps));
    for (const int64_t step : options.skipped) run.skipped[static_cast<size_t>(step)] = true;
    for (const Held& held : options.held) run.held.push_back({part_of(options.cell, held.part), held.step, held.unit, held.value});
    run.x = x.tensor();
    run.input_weight = weights.input.tensor();
    run.hidden_weight = weights.hidden.tensor();
    run.bias = weights.bias.tensor();
    if (weights.candidate_bias) run.candidate_bias = weights.candidate_bias->tensor();
    if (options.initial_hidden) run.initial_hidden = options.initial_hidden->tensor();
    if (options.initial_cell && options.cell == Cell::lstm) run.initial_cell = options.initial_cell->tensor();
    run.parts.resize(part_names(options.cell).size());
    return run;
}

}  // namespace

std::vector<std::string> gate_names(Cell cell) {
    if (cell == Cell::lstm) return {"i", "f", "g", "o"};
    if (cell == Cell::gru || cell == Cell::gru_reset_before) return {"r", "z", "n"};
    return {""};
}

std::vector<std::string> part_names(Cell cell) {
    if (cell == Cell::rnn_tanh || cell == Cell::rnn_relu) return {"sum", "hidden"};
    std::vector<std::string> names;
    for (const char* kind : {"sum.", "gate."})
        for (const std::string& gate : gate_names(cell)) names.push_back(kind + gate);
    names.push_back(cell == Cell::lstm ? "cell_state" : cell == Cell::gru ? "sum.hn" : "reset_hidden");
    names.push_back("hidden");
    return names;
}

Value recurrent(Value x, const RecurrentWeights& weights, const RecurrentOptions& options) {
    check(x, weights, options);
    const auto recorded =
        std::make_shared<Recorded>(Recorded{make_run(x, weights, options), x, weights, options.initial_hidden, options.initial_cell, {}});
    recorded->run.forward();
    Graph& graph = *x.graph;
    const std::vector<std::string> names = part_names(options.cell);
    const int first = graph.size(), count = static_cast<int>(names.size());
    const Shape shape = x.shape().rank() == 3 ? Shape{recorded->run.steps, recorded->run.batch, recorded->run.hidden_size}
                                              : Shape{recorded->run.steps, recorded->run.hidden_size};
    for (int part = 0; part < count; ++part) {
        Node node;
        node.operation = part + 1 == count ? "recurrent" : "recurrent " + names[static_cast<size_t>(part)];
        node.value = recorded->run.parts[static_cast<size_t>(part)].reshaped(shape);
        node.inputs = {x.node, weights.input.node, weights.hidden.node, weights.bias.node};
        for (const auto& optional : {weights.candidate_bias, options.initial_hidden, options.initial_cell})
            if (optional) node.inputs.push_back(optional->node);
        for (int other = 0; other < count; ++other) (other < part ? node.inputs : node.later_inputs).push_back(first + other);
        if (part + 1 == count) node.backward = [recorded](Graph& graph, const Tensor& gradient) { send_back(graph, *recorded, gradient); };
        if (options.cell == Cell::lstm && part == recorded->run.extra()) node.backward = send_back_alone(recorded);
        node.explain = [recorded, part](const Graph&, int64_t index) { return explain_part(*recorded, part, index); };
        recorded->parts.push_back(graph.tap(graph.record(std::move(node)), names[static_cast<size_t>(part)]));
    }
    return recorded->parts.back();
}

}  // namespace trilens

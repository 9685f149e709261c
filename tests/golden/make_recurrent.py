#!/usr/bin/python3
"""Writes recurrent.safetensors: PyTorch's recurrent cells and stacks (Debian: python3-torch), every value of every step and all gradients.

For each case NAME (a cell, and "_reverse" where it reads from the end): "NAME.x" [T, N, F], "NAME.lengths" [N], weights "NAME.param.P", initial states
"NAME.initial_hidden", "NAME.initial_cell", the gradient "NAME.start" [T, N, H] that backward starts from, parts "NAME.value.PART", their gradients
"NAME.grad.PART", and the gradients "NAME.grad.x", "NAME.grad.P", "NAME.grad.initial_hidden", "NAME.grad.initial_cell".
torch.nn.RNN, GRU and LSTM give outputs and gradients; the cells written out below give what PyTorch does not show (the gates) and
Cho's GRU, and must agree with PyTorch wherever both are.
"stack_CELL": two layers in both directions under SequenceModel's names, with "inputs", "labels", "logits", "loss" and all gradients.
recurrent_test.cpp and sequence_model_test.cpp read them.
"""
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import golden_file

torch.manual_seed(31)
torch.set_num_threads(1)
STEPS, BATCH, INPUTS, SIZE = 6, 3, 4, 5
LENGTHS = [6, 4, 1]
GATES = {"rnn_tanh": [""], "rnn_relu": [""], "gru": ["r", "z", "n"], "gru_reset_before": ["r", "z", "n"], "lstm": ["i", "f", "g", "o"]}
tensors = {}


def leaf(*shape, size=0.7):
    return (size * torch.randn(shape)).requires_grad_()


def close(a, b):
    assert torch.allclose(a, b, rtol=1e-5, atol=1e-6), (a - b).abs().max()


def parameters(cell):
    rows = len(GATES[cell]) * SIZE
    made = {"W_xh": leaf(rows, INPUTS), "W_hh": leaf(rows, SIZE), "b_h": leaf(rows)}
    if cell == "gru":
        made["b_hn"] = leaf(SIZE)
    return made


def step(cell, p, x, h, c, runs):
    """One step of one cell -> its parts; "hidden" (and "cell_state") are the new state, which sequences that do not run carry on."""
    def rows(name, gate):
        return p[name][gate * SIZE:(gate + 1) * SIZE]

    def total(gate, state=h):
        return x @ rows("W_xh", gate).t() + state @ rows("W_hh", gate).t() + rows("b_h", gate)

    if cell in ("rnn_tanh", "rnn_relu"):
        s = total(0)
        return {"sum": s, "hidden": torch.where(runs, torch.tanh(s) if cell == "rnn_tanh" else torch.relu(s), h)}
    parts, squash = {}, {"g": torch.tanh, "n": torch.tanh}

    def gate(which, name, s):
        parts["sum." + name] = s
        parts["gate." + name] = squash.get(name, torch.sigmoid)(s)
        return parts["gate." + name]

    if cell == "lstm":
        i, f, g, o = [gate(which, name, total(which)) for which, name in enumerate(GATES[cell])]
        parts["cell_state"] = torch.where(runs, f * c + i * g, c)
        parts["hidden"] = torch.where(runs, o * torch.tanh(parts["cell_state"]), h)
        return parts
    r, z = gate(0, "r", total(0)), gate(1, "z", total(1))
    if cell == "gru":
        parts["sum.hn"] = h @ rows("W_hh", 2).t() + p["b_hn"]
        n = gate(2, "n", x @ rows("W_xh", 2).t() + r * parts["sum.hn"] + rows("b_h", 2))
    else:
        parts["reset_hidden"] = r * h
        n = gate(2, "n", total(2, parts["reset_hidden"]))
    parts["hidden"] = torch.where(runs, (1 - z) * n + z * h, h)
    return parts


def by_hand(cell, p, x, h, c, reverse):
    """All steps, each with its parts; autograd is asked for the gradient of each."""
    steps = [None] * STEPS
    for t in reversed(range(STEPS)) if reverse else range(STEPS):
        runs = torch.tensor([[t < length] for length in LENGTHS])
        parts = step(cell, p, x[t], h, c, runs)
        for part in parts.values():
            part.retain_grad()
        h, c = parts["hidden"], parts.get("cell_state")
        steps[t] = parts
    return steps


def module(cell, p):
    """The same weights in PyTorch's module. b_h = b_ih + b_hh: all of it in b_ih, but for the candidate of a GRU."""
    made = {"rnn_tanh": lambda: nn.RNN(INPUTS, SIZE), "rnn_relu": lambda: nn.RNN(INPUTS, SIZE, nonlinearity="relu"),
            "gru": lambda: nn.GRU(INPUTS, SIZE), "lstm": lambda: nn.LSTM(INPUTS, SIZE)}[cell]()
    with torch.no_grad():
        made.weight_ih_l0.copy_(p["W_xh"])
        made.weight_hh_l0.copy_(p["W_hh"])
        made.bias_ih_l0.copy_(p["b_h"])
        made.bias_hh_l0.zero_()
        if cell == "gru":
            made.bias_hh_l0[2 * SIZE:] = p["b_hn"]
    return made


def check_with_pytorch(cell, p, x, initial, start, hidden, reverse):
    """Outputs of the running steps, and the gradients of everything, of PyTorch's own packed sequences."""
    made = module(cell, p)
    x2 = x.detach().clone().requires_grad_()
    states = [value.detach().clone().requires_grad_() for value in initial]
    runs = (torch.arange(STEPS)[:, None] < torch.tensor(LENGTHS)[None]).float()[..., None]
    # Reading from the end is reading the reversed sequence: the running steps of each turned round.
    def turn(values):
        return torch.stack([torch.cat([values[:length, n].flip(0), values[length:, n]]) for n, length in enumerate(LENGTHS)], 1)
    packed = pack_padded_sequence(turn(x2) if reverse else x2, LENGTHS)
    given = [state[None] for state in states]
    packed, last = made(packed, tuple(given) if cell == "lstm" else given[0])
    output = pad_packed_sequence(packed, total_length=STEPS)[0]
    output = turn(output) if reverse else output
    close(output, hidden.detach() * runs)
    # The padded steps hold the last state when read from the start, the first one when read from the end.
    carried = states[0] if reverse else (last[0] if cell == "lstm" else last)[0]
    (((output + carried[None] * (1 - runs)) * start).sum()).backward()
    close(x2.grad, x.grad)
    close(made.weight_ih_l0.grad, p["W_xh"].grad)
    close(made.weight_hh_l0.grad, p["W_hh"].grad)
    close(made.bias_ih_l0.grad, p["b_h"].grad)
    if cell == "gru":
        close(made.bias_hh_l0.grad[2 * SIZE:], p["b_hn"].grad)
    for mine, theirs in zip(initial, states):
        close(mine.grad, theirs.grad)


for cell in GATES:
    for reverse in (False, True):
        name = cell + ("_reverse" if reverse else "")
        p, x = parameters(cell), leaf(STEPS, BATCH, INPUTS, size=1)
        initial = {"initial_hidden": leaf(BATCH, SIZE)}
        if cell == "lstm":
            initial["initial_cell"] = leaf(BATCH, SIZE)
        start = torch.randn(STEPS, BATCH, SIZE)
        steps = by_hand(cell, p, x, initial["initial_hidden"], initial.get("initial_cell"), reverse)
        hidden = torch.stack([parts["hidden"] for parts in steps])
        hidden.backward(start)
        if cell != "gru_reset_before":
            check_with_pytorch(cell, p, x, list(initial.values()), start, hidden, reverse)
        for part in steps[0]:
            carried = part in ("hidden", "cell_state")
            runs = torch.tensor([[[carried or t < length] for length in LENGTHS] for t in range(STEPS)])
            nothing = torch.zeros(STEPS, BATCH, SIZE)
            tensors["%s.value.%s" % (name, part)] = torch.where(runs, torch.stack([parts[part] for parts in steps]), nothing)
            gradients = [torch.zeros(BATCH, SIZE) if parts[part].grad is None else parts[part].grad for parts in steps]
            tensors["%s.grad.%s" % (name, part)] = torch.where(runs, torch.stack(gradients), nothing)
        for key, value in {**p, **initial, "x": x}.items():
            kind = ".param." if key in p else "."
            tensors[name + kind + key] = value
            tensors["%s.grad.%s" % (name, key)] = value.grad
        tensors[name + ".lengths"] = torch.tensor(LENGTHS, dtype=torch.float32)
        tensors[name + ".start"] = start


def keep_stack(name, stack, head, table, inputs, labels, logits, loss):
    loss.backward()
    kept = {"W_ho": (head.weight, head.weight.grad), "b_o": (head.bias, head.bias.grad)}
    if table is not None:
        kept["embedding.weight"] = (table, table.grad)
    for layer in range(2):
        for suffix, direction in (("", ""), ("_reverse", "reverse.")):
            prefix = ("" if layer == 0 else "layer2.") + direction
            w_x, w_h, b_x, b_h = [getattr(stack, "%s_l%d%s" % (kind, layer, suffix)) for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
            kept[prefix + "W_xh"] = (w_x, w_x.grad)
            kept[prefix + "W_hh"] = (w_h, w_h.grad)
            whole, whole_gradient = (b_x + b_h).detach(), b_x.grad.clone()
            if isinstance(stack, nn.GRU):
                rows = slice(2 * stack.hidden_size, None)
                whole[rows] = b_x[rows]
                kept[prefix + "b_hn"] = (b_h[rows], b_h.grad[rows])
            kept[prefix + "b_h"] = (whole, whole_gradient)
    for key, (value, gradient) in kept.items():
        tensors["%s.param.%s" % (name, key)] = value
        tensors["%s.grad.%s" % (name, key)] = gradient
    for key, value in {"inputs": inputs, "labels": labels, "logits": logits, "loss": loss}.items():
        tensors["%s.%s" % (name, key)] = value


# Tokens of different lengths, a table, the whole sequence classified by both directions' last states.
VOCABULARY, WIDTH, HIDDEN, CLASSES = 7, 3, 4, 3
tokens = torch.tensor([[3, 0, 6, 6, 1], [2, 5, 4, -1, -1], [1, -1, -1, -1, -1]])
table, stack, head = leaf(VOCABULARY, WIDTH), nn.LSTM(WIDTH, HIDDEN, 2, bidirectional=True), nn.Linear(2 * HIDDEN, CLASSES)
_, (last, _) = stack(pack_padded_sequence(table[tokens.clamp(min=0)].transpose(0, 1), [5, 3, 1]))
logits, labels = head(torch.cat([last[2], last[3]], 1)), torch.tensor([2, 0, 1])
keep_stack("stack_lstm", stack, head, table, tokens, labels, logits, nn.functional.cross_entropy(logits, labels))

# Numbers, every step classified; labels in the order of time, one without an answer.
x, stack, head = torch.randn(2, 4, 3), nn.GRU(3, HIDDEN, 2, bidirectional=True, batch_first=True), nn.Linear(2 * HIDDEN, CLASSES)
logits, labels = head(stack(x)[0].transpose(0, 1)), torch.tensor([[0, 1], [2, -1], [1, 1], [0, 2]])
loss = nn.functional.cross_entropy(logits.reshape(-1, CLASSES), labels.reshape(-1), ignore_index=-1)
keep_stack("stack_gru", stack, head, None, x, labels, logits, loss)

# Numbers, the next value predicted at every step. ("labels" are targets.)
x, stack, head = torch.randn(2, 4, 1), nn.RNN(1, HIDDEN, 2, bidirectional=True, batch_first=True), nn.Linear(2 * HIDDEN, 1)
logits, targets = head(stack(x)[0].transpose(0, 1)), torch.randn(4, 2, 1)
keep_stack("stack_rnn", stack, head, None, x, targets, logits, nn.functional.mse_loss(logits, targets))

golden_file.write("recurrent", tensors)

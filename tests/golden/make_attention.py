#!/usr/bin/python3
"""Writes attention.safetensors: PyTorch's multi-head attention and Transformer layers (Debian: python3-torch), values and all gradients.

For each case NAME: inputs "NAME.x" (and "NAME.memory"), parameters "NAME.param.P" under this project's names, "NAME.weights" of attention cases, the result
"NAME.y", the gradient "NAME.start" that backward starts from, and the gradients "NAME.grad.x", "NAME.grad.memory", "NAME.grad.P".
attention_test.cpp has the same table of cases.
"""
import torch
from torch import nn

import golden_file

torch.manual_seed(21)
torch.set_num_threads(1)
WIDTH, HEADS, HIDDEN, BATCH, QUERIES, KEYS = 12, 3, 20, 2, 5, 7
causal = torch.triu(torch.full((QUERIES, QUERIES), float("-inf")), diagonal=1)
lengths = torch.tensor([KEYS, 4])
padding = torch.arange(KEYS)[None, :] >= lengths[:, None]      # True is hidden
tensors = {}


def randomised(module):
    """PyTorch starts biases at 0 and norms at 1 and 0, which would hide mistakes."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.2 * torch.randn(parameter.shape))
    return module


def attention_names(prefix, ours):
    """PyTorch's packed projections are rows of one matrix."""
    names = []
    for i, letter in enumerate("qkv"):
        rows = slice(i * WIDTH, (i + 1) * WIDTH)
        names.append((prefix + "in_proj_weight", rows, ours + letter + ".weight"))
        names.append((prefix + "in_proj_bias", rows, ours + letter + ".bias"))
    names.append((prefix + "out_proj.weight", slice(None), ours + "out.weight"))
    names.append((prefix + "out_proj.bias", slice(None), ours + "out.bias"))
    return names


def layer_names(cross):
    names = attention_names("self_attn.", "")
    if cross:
        names += attention_names("multihead_attn.", "cross.")
    for theirs, ours in [("linear1", "ff.hidden"), ("linear2", "ff.out")] + [("norm%d" % i,) * 2 for i in range(1, 4 if cross else 3)]:
        for part in ("weight", "bias"):
            names.append(("%s.%s" % (theirs, part), slice(None), "%s.%s" % (ours, part)))
    return names


def keep(name, module, names, inputs, result):
    start = torch.randn(result.shape)
    result.backward(start)
    parameters = dict(module.named_parameters())
    for theirs, rows, ours in names:
        tensors["%s.param.%s" % (name, ours)] = parameters[theirs].detach()[rows]
        tensors["%s.grad.%s" % (name, ours)] = parameters[theirs].grad[rows]
    for key, value in inputs.items():
        tensors["%s.%s" % (name, key)] = value.detach()
        tensors["%s.grad.%s" % (name, key)] = value.grad
    tensors[name + ".y"] = result.detach()
    tensors[name + ".start"] = start


def sequence(steps):
    return torch.randn(BATCH, steps, WIDTH).requires_grad_()


for name, cross, options in [
    ("attention_self", False, {}),
    ("attention_causal", False, {"attn_mask": causal}),
    ("attention_cross", True, {}),
    ("attention_padding", True, {"key_padding_mask": padding}),
]:
    module = randomised(nn.MultiheadAttention(WIDTH, HEADS, batch_first=True))
    inputs = {"x": sequence(QUERIES)}
    if cross:
        inputs["memory"] = sequence(KEYS)
    memory = inputs.get("memory", inputs["x"])
    result, weights = module(inputs["x"], memory, memory, average_attn_weights=False, **options)
    tensors[name + ".weights"] = weights.detach()
    keep(name, module, attention_names("", ""), inputs, result)

for norm in ("post", "pre"):
    for activation in ("relu", "gelu"):
        settings = {"dropout": 0.0, "activation": activation, "batch_first": True, "norm_first": norm == "pre", "layer_norm_eps": 1e-6}
        module = randomised(nn.TransformerEncoderLayer(WIDTH, HEADS, HIDDEN, **settings))
        inputs = {"x": sequence(KEYS)}
        keep("encoder_%s_%s" % (norm, activation), module, layer_names(False), inputs, module(inputs["x"], src_key_padding_mask=padding))
        module = randomised(nn.TransformerDecoderLayer(WIDTH, HEADS, HIDDEN, **settings))
        inputs = {"x": sequence(QUERIES), "memory": sequence(KEYS)}
        result = module(inputs["x"], inputs["memory"], tgt_mask=causal, memory_key_padding_mask=padding)
        keep("decoder_%s_%s" % (norm, activation), module, layer_names(True), inputs, result)

golden_file.write("attention", tensors)

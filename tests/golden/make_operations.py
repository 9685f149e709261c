#!/usr/bin/python3
"""Writes operations.safetensors: PyTorch's values and gradients of the engine's operations (Debian: python3-torch).

For each case NAME: inputs "NAME.x0", "NAME.x1", .., the result "NAME.y", the gradient "NAME.start" that backward starts from, and the
gradients "NAME.g0", "NAME.g1", .. of the inputs. golden_test.cpp has the same table of cases.
"""
import torch
import torch.nn.functional as F

import golden_file

torch.manual_seed(11)
torch.set_num_threads(1)
labels = torch.tensor([2, 0, 3, 1])
tokens = torch.tensor([[1, 3], [1, 0]])


def both(function):
    return lambda x: function(x[0], x[1])


cases = {
    "conv2d": ([(2, 3, 7, 6), (4, 3, 3, 3), (4,)], lambda x: F.conv2d(x[0], x[1], x[2], padding=1)),
    "conv2d_large": ([(1, 8, 14, 14), (16, 8, 3, 3), (16,)], lambda x: F.conv2d(x[0], x[1], x[2], padding=1)),
    "conv2d_strided": ([(2, 4, 9, 8), (6, 2, 3, 2), (6,)], lambda x: F.conv2d(x[0], x[1], x[2], stride=2, padding=1, dilation=2, groups=2)),
    "conv2d_depthwise": ([(1, 3, 5, 5), (3, 1, 3, 3)], lambda x: F.conv2d(x[0], x[1], groups=3)),
    "max_pool2d": ([(2, 3, 6, 7)], lambda x: F.max_pool2d(x[0], 2)),
    "max_pool2d_padded": ([(1, 2, 7, 7)], lambda x: F.max_pool2d(x[0], 3, stride=2, padding=1)),
    "average_pool2d": ([(1, 2, 7, 7)], lambda x: F.avg_pool2d(x[0], 3, stride=2, padding=1)),
    "global_average_pool2d": ([(2, 3, 5, 4)], lambda x: F.adaptive_avg_pool2d(x[0], 1).flatten(1)),
    "relu": ([(3, 7)], lambda x: F.relu(x[0])),
    "leaky_relu": ([(3, 7)], lambda x: F.leaky_relu(x[0], 0.2)),
    "gelu": ([(3, 7)], lambda x: F.gelu(x[0])),
    "tanh": ([(3, 7)], lambda x: torch.tanh(x[0])),
    "sigmoid": ([(3, 7)], lambda x: torch.sigmoid(x[0])),
    "exp": ([(3, 7)], lambda x: torch.exp(x[0])),
    "square": ([(3, 7)], lambda x: x[0] ** 2),
    "dense": ([(5, 33), (17, 33), (17,)], lambda x: F.linear(x[0], x[1], x[2])),
    "matmul": ([(2, 5, 9), (2, 9, 4)], both(torch.matmul)),
    "matmul_transposed": ([(9, 5), (4, 9)], lambda x: x[0].t() @ x[1].t()),
    "add": ([(2, 1, 3), (4, 1)], both(torch.add)),
    "multiply": ([(2, 1, 3), (4, 1)], both(torch.mul)),
    "divide": ([(2, 1, 3), (4, 1)], both(torch.div)),
    "sum": ([(2, 3, 40)], lambda x: x[0].sum((0, 2))),
    "mean": ([(2, 3, 4)], lambda x: x[0].mean(-1, keepdim=True)),
    "max": ([(2, 5, 3)], lambda x: x[0].amax(1)),
    "permute": ([(2, 3, 4)], lambda x: x[0].permute(2, 0, 1)),
    "slice": ([(3, 5, 2)], lambda x: x[0][:, 1:4]),
    "concat": ([(2, 2, 3), (2, 1, 3)], lambda x: torch.cat(x, 1)),
    "softmax": ([(4, 10)], lambda x: F.softmax(x[0], -1)),
    "log_softmax": ([(4, 10)], lambda x: F.log_softmax(x[0], -1)),
    "cross_entropy": ([(4, 10)], lambda x: F.cross_entropy(x[0], labels)),
    "mean_squared_error": ([(2, 3)], lambda x: F.mse_loss(x[0], torch.full((2, 3), 0.3))),
    "batch_norm": ([(4, 3, 5, 5), (3,), (3,)], lambda x: F.batch_norm(x[0], torch.zeros(3), torch.ones(3), x[1], x[2], training=True)),
    "batch_norm_inference": ([(4, 3, 2, 2), (3,), (3,)], lambda x: F.batch_norm(x[0], torch.full((3,), 0.2), torch.full((3,), 1.7), x[1], x[2])),
    "layer_norm": ([(4, 20), (20,), (20,)], lambda x: F.layer_norm(x[0], (20,), x[1], x[2])),
    "embedding": ([(4, 3)], lambda x: F.embedding(tokens, x[0])),
    "subtract": ([(2, 1, 3), (4, 1)], both(torch.sub)),
    "scale": ([(3, 7)], lambda x: x[0] * -1.5),
    "log": ([(3, 7)], lambda x: torch.log(x[0] ** 2)),
    "sqrt": ([(3, 7)], lambda x: torch.sqrt(torch.exp(x[0]))),
    "reshape": ([(2, 6)], lambda x: x[0].reshape(3, 4)),
    "flatten": ([(2, 3, 4)], lambda x: x[0].flatten(1)),
    "transpose": ([(2, 3, 4)], lambda x: x[0].transpose(-1, -2)),
}

tensors = {}
for name, (shapes, function) in cases.items():
    inputs = [torch.randn(shape).requires_grad_() for shape in shapes]
    result = function(inputs)
    start = torch.randn(result.shape)
    result.backward(start)
    for i, value in enumerate(inputs):
        tensors["%s.x%d" % (name, i)] = value.detach()
        tensors["%s.g%d" % (name, i)] = value.grad
    tensors[name + ".y"] = result.detach()
    tensors[name + ".start"] = start

golden_file.write("operations", tensors)

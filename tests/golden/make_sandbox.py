#!/usr/bin/python3
"""Writes sandbox.safetensors: PyTorch's results of one convolution, activation and pooling on a picture (Debian: python3-torch).

The metadata of the file list the cases: for each NAME a line of settings as the Sandbox's fields have them. The pictures are "picture"
[1, 1, 28, 28] and "curve" [1, 1, 1, 128]; the kernels are drawn here, in steps of 1/64 so that their text is short, as "NAME.kernel"; the
results are "NAME.conv", "NAME.activation" and, where there is pooling, "NAME.pool".
"""
import json
import torch
import torch.nn.functional as F

import golden_file

torch.manual_seed(23)
torch.set_num_threads(1)

activations = {"none": lambda x: x, "relu": F.relu, "leaky": lambda x: F.leaky_relu(x, 0.01), "tanh": torch.tanh}

# size, stride, padding, dilation, bias, activation, pool, pool_size
pictures = {
    "plain": (3, 1, 1, 1, 0.0, "relu", "max", 2),
    "point": (1, 1, 0, 1, 0.5, "none", "none", 2),
    "even": (2, 1, 0, 1, 0.25, "leaky", "average", 3),
    "strided": (3, 2, 0, 1, -0.5, "relu", "max", 3),
    "padded": (3, 1, 6, 1, 0.0, "tanh", "average", 2),
    "dilated": (3, 1, 2, 2, 0.0, "leaky", "max", 4),
    "all": (5, 3, 4, 2, 1.25, "tanh", "max", 2),
    "large": (7, 4, 3, 1, -2.0, "leaky", "average", 2),
    "widest": (7, 4, 0, 3, 2.0, "none", "max", 2),
    "even_strided": (4, 2, 1, 3, 0.05, "relu", "average", 4),
    "six": (6, 3, 5, 1, 0.0, "none", "max", 3),
}
curves = {
    "curve": (3, 1, 1, 1, 0.0, "relu", "max", 2),
    "curve_all": (5, 3, 4, 2, 0.75, "leaky", "average", 3),
    "curve_large": (7, 4, 0, 3, -1.0, "tanh", "max", 4),
}

tensors = {
    "picture": torch.randint(0, 256, (1, 1, 28, 28)).float() / 255,
    "curve": torch.randint(-1000, 1001, (1, 1, 1, 128)).float() / 1000,
}
cases = {}
for table, name_of_input in ((pictures, "picture"), (curves, "curve")):
    for name, (size, stride, padding, dilation, bias, activation, pool, pool_size) in table.items():
        curve = name_of_input == "curve"
        kernel = torch.randint(-128, 129, (1, 1, 1 if curve else size, size)).float() / 64
        along = lambda value, otherwise: (otherwise, value) if curve else value
        conv = F.conv2d(tensors[name_of_input], kernel, torch.tensor([bias]), stride=along(stride, 1), padding=along(padding, 0), dilation=along(dilation, 1))
        activated = activations[activation](conv)
        tensors["case_%s.kernel" % name], tensors["case_%s.conv" % name], tensors["case_%s.activation" % name] = kernel, conv, activated
        if pool != "none":
            pooling = F.max_pool2d if pool == "max" else F.avg_pool2d
            tensors["case_%s.pool" % name] = pooling(activated, along(pool_size, 1))
        cases[name] = json.dumps({"input": name_of_input, "size": size, "stride": stride, "padding": padding, "dilation": dilation, "bias": bias,
                                  "activation": activation, "pool": pool, "pool_size": pool_size})

golden_file.write("sandbox", tensors, cases)

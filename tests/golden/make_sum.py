#!/usr/bin/python3
"""Writes sum_training.safetensors: curriculum RA trained by PyTorch (Debian: python3-torch).

1000 sequences of 10 numbers uniform in [0, 1), label 1 where they come to more than 5; the first 700 train, the others validate. One layer of
32 recurrent units with ReLU, a dense head of 2; Adam, cross-entropy, 10 epochs of batches of 32.
"inputs" [1000, 10, 1], "labels" [1000], "param.P" under SequenceModel's names, "order" [10, 700]: the samples of each epoch; and what came of it:
"training_loss", "training_accuracy" (means over the epoch's samples, as they were trained on), "validation_loss", "validation_accuracy" [10],
and the weights after it, "trained.P". sum_training_test.cpp reads them.
"""
import torch
from torch import nn

import golden_file

torch.set_num_threads(1)
COUNT, LENGTH, TRAINING, SIZE, EPOCHS, BATCH = 1000, 10, 700, 32, 10, 32
CURVES = ("training_loss", "training_accuracy", "validation_loss", "validation_accuracy")


def problem(seed):
    """Numbers, labels, the weights at the start, and the order of samples."""
    torch.manual_seed(seed)
    inputs = torch.rand(COUNT, LENGTH, 1)
    made = {"inputs": inputs, "labels": (inputs.double().sum((1, 2)) > 5).long()}
    made["param.W_xh"] = nn.init.xavier_uniform_(torch.empty(SIZE, 1))
    made["param.W_hh"] = nn.init.orthogonal_(torch.empty(SIZE, SIZE))
    made["param.b_h"] = torch.zeros(SIZE)
    made["param.W_ho"] = nn.init.xavier_uniform_(torch.empty(2, SIZE))
    made["param.b_o"] = torch.zeros(2)
    made["order"] = torch.stack([torch.randperm(TRAINING) for _ in range(EPOCHS)])
    return made


def train(made, dtype):
    """-> the four curves, each [EPOCHS], and the trained weights."""
    inputs, labels = made["inputs"].to(dtype), made["labels"]
    cell, head = nn.RNN(1, SIZE, nonlinearity="relu", batch_first=True).to(dtype), nn.Linear(SIZE, 2).to(dtype)
    named = {"W_xh": cell.weight_ih_l0, "W_hh": cell.weight_hh_l0, "b_h": cell.bias_ih_l0, "W_ho": head.weight, "b_o": head.bias}
    with torch.no_grad():
        for name, value in named.items():
            value.copy_(made["param." + name])
        cell.bias_hh_l0.zero_()     # one bias of the two: Adam would take a step for each

    def evaluate(samples):
        scores = head(cell(inputs[samples])[0][:, -1])
        return nn.functional.cross_entropy(scores, labels[samples]), (scores.argmax(1) == labels[samples]).sum().item()

    optimizer = torch.optim.Adam(named.values(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8)
    rows = []
    for order in made["order"]:
        total = correct = 0
        for samples in order.split(BATCH):
            loss, right = evaluate(samples)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(samples)
            correct += right
        with torch.no_grad():
            loss, right = evaluate(torch.arange(TRAINING, COUNT))
        rows.append([total / TRAINING, correct / TRAINING, loss.item(), right / (COUNT - TRAINING)])
    return torch.tensor(rows, dtype=torch.float64).t(), {name: value.detach() for name, value in named.items()}


tensors = problem(21)
curves, trained = train(tensors, torch.float32)
for row in curves.t().tolist():
    print(*("%.5f" % value for value in row))
# Training is chaotic: a ReLU that opens a step earlier makes another run of it. This one was chosen (of 30 seeds) because it comes out the same in float64
# and from weights that are off by parts in a million, so that whoever comes out elsewhere has made a mistake.
for attempt in range(7):
    moved = dict(tensors)
    if attempt > 0:
        torch.manual_seed(999 + attempt)
        moved.update({name: value * (1 + 1e-6 * torch.randn(value.shape)) for name, value in tensors.items() if name.startswith("param.")})
    other, _ = train(moved, torch.float32 if attempt else torch.float64)
    print("moved, another run differs by", ((other - curves) / curves).abs().max().item())
    assert torch.allclose(other, curves, rtol=5e-6, atol=0)
tensors.update(zip(CURVES, curves))
tensors.update({"trained." + name: value for name, value in trained.items()})

golden_file.write("sum_training", tensors)

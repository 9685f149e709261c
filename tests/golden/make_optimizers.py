#!/usr/bin/python3
"""Writes optimizers.txt: PyTorch's optimizers over 20 steps with given gradients (Debian: python3-torch).

Lines: "gradient v..." (20 of them, 9 values each), then for each case "case NAME" and "step N v..." with the weights after N steps.
From step 10 on the learning rate is a third, without a reset. "clip NORM v..." is the first gradient clipped to a norm of 0.5.
"""
import os
import torch

torch.manual_seed(5)
start = torch.randn(9)
gradients = [torch.randn(9) * (0.2 + 0.1 * step) for step in range(20)]

cases = {
    "sgd": lambda w: torch.optim.SGD(w, lr=0.05),
    "sgd_decay": lambda w: torch.optim.SGD(w, lr=0.05, weight_decay=0.1),
    "momentum": lambda w: torch.optim.SGD(w, lr=0.02, momentum=0.9),
    "nesterov": lambda w: torch.optim.SGD(w, lr=0.02, momentum=0.8, nesterov=True, weight_decay=0.05),
    "rmsprop": lambda w: torch.optim.RMSprop(w, lr=0.01, alpha=0.95, weight_decay=0.02),
    "adam": lambda w: torch.optim.Adam(w, lr=0.03),
    "adam_l2": lambda w: torch.optim.Adam(w, lr=0.03, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.2),
    "adamw": lambda w: torch.optim.AdamW(w, lr=0.03, weight_decay=0.3),
}


def line(*words):
    return " ".join(words) + "\n"


def text(values):
    return " ".join("%.9g" % value for value in values.tolist())


out = line("start", text(start))
for gradient in gradients:
    out += line("gradient", text(gradient))
for name, make in cases.items():
    # Two parameters, as the test has them: [2, 3] and [3].
    first, second = start[:6].reshape(2, 3).clone().requires_grad_(), start[6:].clone().requires_grad_()
    optimizer = make([first, second])
    out += line("case", name)
    for step, gradient in enumerate(gradients, 1):
        if step == 10:
            for group in optimizer.param_groups:
                group["lr"] /= 3
        first.grad, second.grad = gradient[:6].reshape(2, 3).clone(), gradient[6:].clone()
        optimizer.step()
        out += line("step", str(step), text(torch.cat([first.detach().flatten(), second.detach()])))
first.grad, second.grad = gradients[0][:6].reshape(2, 3).clone(), gradients[0][6:].clone()
norm = torch.nn.utils.clip_grad_norm_([first, second], 0.5)
out += line("clip", "%.9g" % norm, text(torch.cat([first.grad.flatten(), second.grad])))

with open(os.path.join(os.path.dirname(__file__), "optimizers.txt"), "w") as file:
    file.write(out)

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""peer_torch.py - the workloads in PyTorch, eager, as people write it; the arguments are those of workloads.py

Batches are slices of the data in their order: no shuffling, no copies, no loader.
"""
import sys

import torch
from torch.nn import functional

import workloads

torch.set_num_threads(int(sys.argv[4]))
torch.manual_seed(2)
MODULES = {"sigmoid": torch.nn.Sigmoid, "relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}


def network(work):
    layers = []
    for n, m in zip(work.sizes, work.sizes[1:]):
        layers += [torch.nn.Linear(n, m), MODULES[work.hidden]()]
    layers[-1:] = [torch.nn.Sigmoid()] if work.loss == "squared" else []
    return torch.nn.Sequential(*layers)


class Peer:
    def __init__(self, work, x, y, classes, threads):
        self.work, self.x = work, torch.from_numpy(x)
        self.y = torch.from_numpy(y if work.loss == "squared" else classes)
        self.net = network(work)
        rule = torch.optim.SGD if work.rule == "sgd" else torch.optim.Adam
        self.optimizer = rule(self.net.parameters(), lr=work.rate)

    def cost(self, x, y):
        if self.work.loss == "softmax":
            return functional.cross_entropy(self.net(x), y)
        return functional.mse_loss(self.net(x), y) * (0.5 * y.shape[1])

    def train(self, epochs=0, rows=0):
        batch, x, y = self.work.batch, self.x, self.y
        for _ in range(epochs or self.work.epochs):
            for i in range(0, rows or len(x), batch):
                self.optimizer.zero_grad(set_to_none=True)
                self.cost(x[i : i + batch], y[i : i + batch]).backward()
                self.optimizer.step()

    def warm_up(self):
        self.train(1, self.work.batch)

    def loss(self):
        with torch.inference_mode():
            return float(self.cost(self.x[: self.work.batch], self.y[: self.work.batch]))


def predictor(work, rows, threads):
    net = network(work).eval()
    if work.loss == "softmax":
        net.append(torch.nn.Softmax(1))

    def predict(x):
        with torch.inference_mode():
            return net(torch.from_numpy(x))

    return predict


if __name__ == "__main__":
    workloads.main(Peer, predictor)

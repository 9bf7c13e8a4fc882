#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""tutorial.py HEBB - 3,000 full-batch iterations of the tutorial's network on one core: hebb against PyTorch eager

Both train 64-30-10, sigmoid, squared error, 1,078 rows, rate 0.25; the training loop alone is timed, in turns, five
times each; medians are printed.  Needs Debian's python3-torch.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
import torch

torch.set_num_threads(1)
torch.manual_seed(1)
x = torch.randn(1078, 64)
y = torch.nn.functional.one_hot(torch.randint(0, 10, (1078,)), 10).float()


def with_torch():
    net = torch.nn.Sequential(torch.nn.Linear(64, 30), torch.nn.Sigmoid(), torch.nn.Linear(30, 10), torch.nn.Sigmoid())
    optimizer = torch.optim.SGD(net.parameters(), lr=0.25)
    begin = time.perf_counter()
    for _ in range(3000):
        optimizer.zero_grad()
        ((net(x) - y) ** 2).sum(1).mean().mul(0.5).backward()
        optimizer.step()
    return time.perf_counter() - begin


def with_hebb(model):
    command = [sys.argv[1], "train", "digits", "--recipe", "tutorial", "-j", "1", "--json", "-o", model]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["seconds"]


with tempfile.TemporaryDirectory() as folder:
    turns = [(with_hebb(folder + "/digits.onnx"), with_torch()) for _ in range(5)]
for name, times in zip(("hebb", f"PyTorch {torch.__version__} eager"), zip(*turns)):
    print(f"{name}: median {statistics.median(times):.3f} s, {min(times):.3f} to {max(times):.3f}")

# SPDX-License-Identifier: MIT
"""workloads.py - what the Python peers share: the workloads, data in memory, timing, the answer

A peer is called as `PEER WORKLOAD ROWS RUNS THREADS DIGITS`.  It trains RUNS times on the same rows, each time from the
start, after a few steps that are not timed, and prints one JSON object: the median of the seconds, and the loss of the
first batch before and after.  DIGITS is a file of floats: 1,078 rows of 64 inputs, then 1,078 rows of 10 outputs.  The
rows of W3 to W5 are made up: numbers in [-0.5, 0.5), higher in a tenth of the columns that belongs to the class.
"""
import collections
import json
import statistics
import sys
import time

Work = collections.namedtuple("Work", "sizes hidden loss rule rate batch epochs rows")
WORK = {
    "W1": Work((64, 30, 10), "sigmoid", "squared", "sgd", 0.25, 1078, 3000, 1078),
    "W2": Work((64, 30, 10), "sigmoid", "squared", "sgd", 0.25, 32, 100, 1078),
    "W3": Work((784, 30, 10), "sigmoid", "squared", "sgd", 0.1, 10, 1, 60000),
    "W4": Work((784, 800, 10), "relu", "softmax", "sgd", 0.05, 128, 1, 60000),
    "W4a": Work((784, 800, 10), "relu", "softmax", "adam", 0.001, 128, 1, 60000),
    "W5": Work((784, 2500, 2000, 1500, 1000, 500, 10), "tanh", "softmax", "sgd", 0.05, 128, 1, 60000),
}
PREDICTED = {
    "3-3-1": Work((3, 3, 1), "sigmoid", "squared", "sgd", 0.1, 1, 1, 0),
    "64-30-10": Work((64, 30, 10), "sigmoid", "squared", "sgd", 0.1, 1, 1, 0),
    "784-800-10": Work((784, 800, 10), "relu", "softmax", "sgd", 0.1, 1, 1, 0),
}
PREDICTED_ROWS = 10000


def operations(work, rows):
    """6 for each weight and row, less 2 for those of the first layer, which passes nothing further down."""
    weights = [a * b for a, b in zip(work.sizes, work.sizes[1:])]
    return (6 * sum(weights) - 2 * weights[0]) * rows * work.epochs


def data(name, rows, digits):
    """x, y (one-hot) and the classes, float32, every page written."""
    import numpy as np

    if name in ("W1", "W2"):
        numbers = np.fromfile(digits, np.float32)
        x, y = numbers[: 1078 * 64].reshape(1078, 64), numbers[1078 * 64 :].reshape(1078, 10)
        return x.copy(), y.copy(), y.argmax(1)
    x = np.random.default_rng(1).random((rows, 784), np.float32)
    classes = np.arange(rows) * 7 % 10
    x -= 0.5
    for c in range(10):
        x[classes == c, 78 * c : 78 * c + 78] += 0.5
    return x, np.eye(10, dtype=np.float32)[classes], classes


def time_training(make, name, rows, runs, threads, digits):
    """make(work, x, y, classes, threads) gives a peer with loss(), warm_up() and train()."""
    work = WORK[name]
    x, y, classes = data(name, rows, digits)
    seconds = []
    for _ in range(runs):
        peer = make(work, x, y, classes, threads)
        peer.warm_up()
        before = peer.loss()
        begin = time.perf_counter()
        peer.train()
        seconds.append(time.perf_counter() - begin)
    return {"seconds": statistics.median(seconds), "rows": len(x), "loss_before": before, "loss_after": peer.loss()}


def per_call(call, least=0.2):
    """Seconds of a call: the median of 11 stretches that together take about `least` seconds."""
    call()
    begin = time.perf_counter()
    call()
    calls = max(1, int(least / 11 / (time.perf_counter() - begin + 1e-9)))
    stretches = []
    for _ in range(11):
        begin = time.perf_counter()
        for _ in range(calls):
            call()
        stretches.append((time.perf_counter() - begin) / calls)
    return statistics.median(stretches)


def time_predictions(predictor, threads):
    """predictor(work, rows, threads) gives a function of x, rows x inputs, which has no loop over rows in Python."""
    import numpy as np

    answer = {}
    for name, work in PREDICTED.items():
        x = np.random.default_rng(1).random((PREDICTED_ROWS, work.sizes[0]), np.float32)
        one, many = predictor(work, 1, threads), predictor(work, PREDICTED_ROWS, threads)
        row = x[:1].copy()
        answer[name] = {
            "microseconds": 1e6 * per_call(lambda: one(row)),
            "rows_per_second": PREDICTED_ROWS / per_call(lambda: many(x)),
        }
    return {"latency": answer}


def main(make, predictor):
    name, rows, runs, threads, digits = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5]
    if name == "W6":
        print(json.dumps(time_predictions(predictor, threads)))
    else:
        print(json.dumps(time_training(make, name, rows, runs, threads, digits)))

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""digits.py numpy|sklearn validation|test EPOCHS SEEDS - trains on the digits and prints the mean accuracy

What `hebb train digits` does with the options of processes.py: 40 % of the rows are held out for the test, and with `validation` a fifth of the others
for choosing the number of epochs; columns are scaled by the training rows; 128 relu units, softmax, Adam, batches of 32.
"""
import pathlib
import sys

import numpy as np

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
WIDTH, RATE, BATCH = 128, 0.01, 32


def read():
    x = np.fromfile(DATA / "digits-images-idx3-ubyte", np.uint8, offset=16).reshape(-1, 64).astype(np.float32)
    return x, np.fromfile(DATA / "digits-labels-idx1-ubyte", np.uint8, offset=8)


def split(count, part, rng):
    """The rows to train with and the rows to measure with."""
    order = rng.permutation(count)
    held = count * 4 // 10
    test, train = order[:held], order[held:]
    if part == "test":
        return train, test
    return train[len(train) // 5 :], train[: len(train) // 5]


def with_numpy(x, y, epochs, rng):
    """Adam on W1, b1, W2, b2, which lie one after another in w; returns the classifier."""
    shapes = [(64, WIDTH), (WIDTH,), (WIDTH, 10), (10,)]
    ends = np.cumsum([np.prod(shape) for shape in shapes])
    w, g, mean, square = np.zeros((4, ends[-1]), np.float32)
    W1, b1, W2, b2 = (part.reshape(shape) for part, shape in zip(np.split(w, ends[:-1]), shapes))
    gW1, gb1, gW2, gb2 = (part.reshape(shape) for part, shape in zip(np.split(g, ends[:-1]), shapes))
    W1[:] = rng.normal(0, (2 / 64) ** 0.5, W1.shape)
    W2[:] = rng.normal(0, (1 / WIDTH) ** 0.5, W2.shape)
    targets, step = np.eye(10, dtype=np.float32)[y], 0
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for i in range(0, len(x), BATCH):
            rows = order[i : i + BATCH]
            h0, step = x[rows], step + 1
            h1 = np.maximum(h0 @ W1 + b1, 0)
            z = h1 @ W2 + b2
            d2 = np.exp(z - z.max(1, keepdims=True))
            d2 /= d2.sum(1, keepdims=True)
            d2 -= targets[rows]
            d2 /= len(rows)
            d1 = (d2 @ W2.T) * (h1 > 0)
            np.dot(h0.T, d1, out=gW1)
            np.dot(h1.T, d2, out=gW2)
            d1.sum(0, out=gb1)
            d2.sum(0, out=gb2)
            mean += 0.1 * (g - mean)
            square += 0.001 * (g * g - square)
            w -= RATE / (1 - 0.9**step) * mean / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return lambda x: (np.maximum(x @ W1 + b1, 0) @ W2 + b2).argmax(1)


def with_sklearn(x, y, epochs, seed):
    import warnings

    from sklearn.neural_network import MLPClassifier

    warnings.filterwarnings("ignore")
    net = MLPClassifier((WIDTH,), learning_rate_init=RATE, batch_size=BATCH, max_iter=epochs, alpha=0.0, random_state=seed)
    return net.fit(x, y).predict


def accuracy(peer, part, epochs, seed):
    rng = np.random.default_rng(seed)
    x, y = read()
    train, measured = split(len(x), part, rng)
    x -= x[train].mean(0)
    deviation = x[train].std(0)
    x /= np.where(deviation > 0, deviation, 1)
    classify = with_numpy(x[train], y[train], epochs, rng) if peer == "numpy" else with_sklearn(x[train], y[train], epochs, seed)
    return (classify(x[measured]) == y[measured]).mean()


if __name__ == "__main__":
    peer, part, epochs, seeds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    print(np.mean([accuracy(peer, part, epochs, seed) for seed in range(1, seeds + 1)]))

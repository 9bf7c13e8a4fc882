#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""peer_numpy.py - the workloads in NumPy: float32, every array allocated beforehand, products by BLAS

Batches are slices of the data in their order: no shuffling, no copies.  The arguments are those of workloads.py.
"""
import numpy as np

import workloads

np.seterr(all="ignore")


def sigmoid(z):
    np.negative(z, z)
    np.exp(z, z)
    z += 1
    np.reciprocal(z, z)


def softmax(z):
    z -= z.max(1, keepdims=True)
    np.exp(z, z)
    z /= z.sum(1, keepdims=True)


APPLY = {"sigmoid": sigmoid, "softmax": softmax, "relu": lambda z: np.maximum(z, 0, z), "tanh": lambda z: np.tanh(z, z)}


def times_slope(kind, d, h, t):
    """d *= f', from h; t is scratch."""
    if kind == "relu":
        np.copyto(d, 0, where=h <= 0)
        return
    if kind == "sigmoid":
        np.subtract(1, h, t)
        t *= h
    else:
        np.multiply(h, h, t)
        np.subtract(1, t, t)
    d *= t


class Net:
    def __init__(self, work, x=None, y=None, classes=None, threads=1, rows=0):
        self.work, self.x, self.y = work, x, y
        shapes = list(zip(work.sizes, work.sizes[1:]))
        self.kinds = [work.hidden] * (len(shapes) - 1) + ["softmax" if work.loss == "softmax" else "sigmoid"]
        self.w, self.g, self.m, self.v = (np.zeros(sum((n + 1) * m for n, m in shapes), np.float32) for _ in range(4))
        self.W, self.gW = self.views(self.w, shapes), self.views(self.g, shapes)
        rng = np.random.default_rng(2)
        for (n, m), (W, _) in zip(shapes, self.W):
            W[:] = rng.uniform(-1, 1, W.shape) * (6 / (n + m)) ** 0.5
        self.most = rows or work.batch
        self.buffers = [[np.ones((self.most, m), np.float32) for m in work.sizes[1:]] for _ in range(3)]
        self.ones = np.ones(self.most, np.float32)
        self.steps = 0

    @staticmethod
    def views(flat, shapes):
        found, at = [], 0
        for n, m in shapes:
            found.append((flat[at : at + n * m].reshape(n, m), flat[at + n * m : at + (n + 1) * m]))
            at += (n + 1) * m
        return found

    def forward(self, x):
        h = x
        for (W, b), kind, buffer in zip(self.W, self.kinds, self.buffers[0]):
            h = np.dot(h, W, out=buffer[: len(x)])
            h += b
            APPLY[kind](h)
        return h

    def gradient(self, x, y):
        rows = len(x)
        h, d, t = ([a[:rows] for a in buffers] for buffers in self.buffers)
        self.forward(x)
        np.subtract(h[-1], y, d[-1])
        d[-1] *= np.float32(1 / rows)
        if self.work.loss == "squared":
            times_slope("sigmoid", d[-1], h[-1], t[-1])
        for l in reversed(range(len(h))):
            np.dot((h[l - 1] if l else x).T, d[l], out=self.gW[l][0])
            np.dot(self.ones[:rows], d[l], out=self.gW[l][1])
            if l:
                np.dot(d[l], self.W[l][0].T, out=d[l - 1])
                times_slope(self.kinds[l - 1], d[l - 1], h[l - 1], t[l - 1])

    def update(self):
        w, g, m, v, rate = self.w, self.g, self.m, self.v, self.work.rate
        if self.work.rule == "sgd":
            g *= np.float32(rate)
            w -= g
            return
        self.steps += 1
        m += np.float32(0.1) * (g - m)
        g *= g
        g -= v
        g *= np.float32(0.001)
        v += g
        np.sqrt(v, g)
        g *= np.float32((1 - 0.999**self.steps) ** -0.5)
        g += np.float32(1e-8)
        np.divide(m, g, g)
        g *= np.float32(rate / (1 - 0.9**self.steps))
        w -= g

    def train(self, epochs=0, rows=0):
        batch, x, y = self.work.batch, self.x, self.y
        for _ in range(epochs or self.work.epochs):
            for i in range(0, rows or len(x), batch):
                self.gradient(x[i : i + batch], y[i : i + batch])
                self.update()

    def warm_up(self):
        self.train(1, self.work.batch)

    def loss(self):
        x, y = self.x[: self.work.batch], self.y[: self.work.batch]
        h = self.forward(x).astype(float)
        if self.work.loss == "softmax":
            return -float((y * np.log(h + 1e-30)).sum(1).mean())
        return 0.5 * float(((h - y) ** 2).sum(1).mean())


def predictor(work, rows, threads):
    """In blocks of 500 rows, which stay in the cache."""
    net = Net(work, rows=min(rows, 500))
    if rows == 1:
        return net.forward
    result = np.ones((rows, work.sizes[-1]), np.float32)

    def predict(x):
        for i in range(0, rows, 500):
            result[i : i + 500] = net.forward(x[i : i + 500])

    return predict


if __name__ == "__main__":
    workloads.main(Net, predictor)

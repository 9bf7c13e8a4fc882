#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""peer_sklearn.py - the workloads with scikit-learn's MLP; the arguments are those of workloads.py

fit() without shuffling, momentum, penalty or early stop, going on from a network that has seen one batch.  A logistic
output with squared error does not exist there: W1 to W3 are MLPRegressor, whose output is the identity, at a rate of 0.05.
"""
import warnings

import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor

import workloads

warnings.filterwarnings("ignore")
NAMES = {"sigmoid": "logistic", "relu": "relu", "tanh": "tanh"}


def estimator(work):
    return (MLPClassifier if work.loss == "softmax" else MLPRegressor)(
        hidden_layer_sizes=work.sizes[1:-1], activation=NAMES[work.hidden], solver=work.rule, alpha=0.0, momentum=0.0,
        learning_rate_init=work.rate if work.loss == "softmax" else 0.05, batch_size=work.batch, max_iter=work.epochs,
        tol=0.0, n_iter_no_change=10**9, nesterovs_momentum=False, shuffle=False, warm_start=True, random_state=2,
    )  # fmt: skip


class Peer:
    def __init__(self, work, x, y, classes, threads):
        self.work, self.x = work, x
        self.y = y if work.loss == "squared" else classes
        self.net = estimator(work)

    def warm_up(self):
        batch = max(self.work.batch, 10)
        self.net.set_params(max_iter=1, batch_size=batch)
        self.net.fit(self.x[:batch], self.y[:batch])
        self.net.set_params(max_iter=self.work.epochs, batch_size=self.work.batch)

    def train(self):
        self.net.fit(self.x, self.y)

    def loss(self):
        x, y = self.x[: self.work.batch], self.y[: self.work.batch]
        if self.work.loss == "squared":
            return 0.5 * float(((self.net.predict(x) - y) ** 2).sum(1).mean())
        return -float(np.log(self.net.predict_proba(x)[range(len(x)), y] + 1e-30).mean())


def predictor(work, rows, threads):
    """Classifiers: one logistic output for 3-3-1, softmax for the others."""
    n, m = work.sizes[0], max(2, work.sizes[-1])
    net = estimator(work._replace(loss="softmax", batch=20))
    net.fit(np.random.default_rng(1).random((20, n), np.float32), np.arange(20) % m)
    return net.predict_proba


if __name__ == "__main__":
    workloads.main(Peer, predictor)

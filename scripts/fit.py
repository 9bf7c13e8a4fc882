#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""fit.py - where the polynomial coefficients of src/core/kernel/kernels.inc come from

Each is a weighted least-squares fit on Chebyshev nodes, sharpened to nearly minimax by Lawson's iteration (weights times
error), in double.  Needs Debian's python3-numpy and python3-scipy.  Prints C floats, highest power first, and the error.
"""
import numpy as np
from scipy import special


def nodes(a, b, n=4000):
    return (a + b) / 2 + (b - a) / 2 * np.cos(np.pi * (np.arange(n) + 0.5) / n)


def fit(basis, f, weight, rounds=200):
    """Coefficients c with basis @ c near f, the largest |error * weight| nearly as small as can be."""
    lawson = np.ones(len(f))
    for _ in range(rounds):
        scale = weight * np.sqrt(lawson)
        c = np.linalg.lstsq(basis * scale[:, None], f * scale, rcond=None)[0]
        error = np.abs((basis @ c - f) * weight)
        lawson *= error / error.max() + 1e-3
        lawson /= lawson.mean()
    return c, error.max()


def show(name, c, error):
    print(f"{name}: error {error:.2e}\n  " + ", ".join(f"{np.float32(v):.9g}f" for v in c[::-1]))


# exp(f) = 1 + f + f^2 P(f) for |f| <= ln(2)/2, relative
f = nodes(-np.log(2) / 2, np.log(2) / 2)
basis = np.stack([f ** (k + 2) for k in range(5)], 1)
show("exp", *fit(basis, np.exp(f) - 1 - f, np.exp(-f)))

# tanh(x) = x + x^3 P(x^2) for |x| <= 0.625, relative
x = nodes(1e-3, 0.625)
basis = np.stack([x ** (2 * k + 3) for k in range(5)], 1)
show("tanh", *fit(basis, np.tanh(x) - x, 1 / np.tanh(x)))

# Phi(-a) = exp(-a^2/2) u P(u), u = 1 / (1 + 0.3 a), for 0 <= a <= 14.5: P(u) = erfcx(a / sqrt 2) / (2 u), relative
u = nodes(1 / (1 + 0.3 * 14.5), 1)
P = special.erfcx((1 / u - 1) / 0.3 / np.sqrt(2)) / 2 / u
basis = np.stack([u ** k for k in range(9)], 1)
show("Phi", *fit(basis, P, 1 / P))

# log(1 + e) = 2 t + 2 t^3 P(t^2), t = e / (2 + e), for 0 <= e <= 1, relative: the series of 2 artanh(t), |t| <= 1/3
t = nodes(1e-3, 1 / 3)
basis = np.stack([2 * t ** (2 * k + 3) for k in range(4)], 1)
show("log1p", *fit(basis, 2 * np.arctanh(t) - 2 * t, 1 / np.arctanh(t) / 2))

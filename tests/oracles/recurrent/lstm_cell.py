"""One step of an LSTM by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(x, h, c, W, U, b):
    N, H = h.shape
    h_next, c_next = np.empty((N, H)), np.empty((N, H))
    for n in range(N):
        for j in range(H):
            i, f, g, o = (_score(x[n], h[n], W, U, b, p * H + j) for p in range(4))
            cell = _sigmoid(f) * c[n, j] + _sigmoid(i) * math.tanh(g)
            c_next[n, j] = cell
            h_next[n, j] = _sigmoid(o) * math.tanh(cell)
    return h_next, c_next


def _score(x, h, W, U, b, column):
    terms = [x[d] * W[d, column] for d in range(len(x))]
    terms += [h[k] * U[k, column] for k in range(len(h))]
    return math.fsum([*terms, b[column]])


def _sigmoid(a):
    return 1 / (1 + math.exp(-a)) if a >= 0 else math.exp(a) / (1 + math.exp(a))


def large(rng):
    return (
        rng.normal(size=(512, 256)),
        rng.normal(size=(512, 512)),
        rng.normal(size=(512, 512)),
        0.1 * rng.normal(size=(256, 2048)),
        0.1 * rng.normal(size=(512, 2048)),
        rng.normal(size=2048),
    ), {}


def by_jax(x, h, c, W, U, b):
    import jax
    import jax.numpy as jnp

    i, f, g, o = jnp.split(x @ W + h @ U + b, 4, axis=1)
    c_next = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    return jax.nn.sigmoid(o) * jnp.tanh(c_next), c_next


def by_torch(x, h, c, W, U, b):
    import torch

    return torch.lstm_cell(x, (h, c), W.T, U.T, b, torch.zeros_like(b))


def by_autograd(x, h, c, W, U, b):
    import autograd.numpy as anp
    from autograd.scipy.special import expit

    a, H = anp.matmul(x, W) + anp.matmul(h, U) + b, h.shape[1]
    i, f, g, o = (a[:, p * H : (p + 1) * H] for p in range(4))
    c_next = expit(f) * c + expit(i) * anp.tanh(g)
    return expit(o) * anp.tanh(c_next), c_next

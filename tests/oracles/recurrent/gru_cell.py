"""One step of a GRU by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(x, h, W, U, b, d):
    N, H = h.shape
    out = np.empty((N, H))
    for s in range(N):
        for j in range(H):
            # columns of the reset gate, the update gate and the candidate
            vr, vz, vn = (_dot(x[s], W, g * H + j) + b[g * H + j] for g in range(3))
            ur, uz, un = (_dot(h[s], U, g * H + j) for g in range(3))
            reset, update = _sigmoid(vr + ur), _sigmoid(vz + uz)
            candidate = math.tanh(vn + reset * (un + d[j]))
            out[s, j] = (1 - update) * candidate + update * h[s, j]
    return out


def _dot(row, matrix, column):
    return math.fsum(row[k] * matrix[k, column] for k in range(len(row)))


def _sigmoid(a):
    return 1 / (1 + math.exp(-a)) if a >= 0 else math.exp(a) / (1 + math.exp(a))


def large(rng):
    return (
        rng.normal(size=(512, 256)),
        rng.normal(size=(512, 512)),
        0.1 * rng.normal(size=(256, 1536)),
        0.1 * rng.normal(size=(512, 1536)),
        rng.normal(size=1536),
        rng.normal(size=512),
    ), {}


def by_jax(x, h, W, U, b, d):
    import jax
    import jax.numpy as jnp

    v, u = jnp.split(x @ W + b, 3, axis=1), jnp.split(h @ U, 3, axis=1)
    r, z = jax.nn.sigmoid(v[0] + u[0]), jax.nn.sigmoid(v[1] + u[1])
    n = jnp.tanh(v[2] + r * (u[2] + d))
    return (1 - z) * n + z * h


def by_torch(x, h, W, U, b, d):
    import torch

    recurrent = torch.cat([torch.zeros_like(d), torch.zeros_like(d), d])
    return torch.gru_cell(x, h, W.T, U.T, b, recurrent)


def by_autograd(x, h, W, U, b, d):
    import autograd.numpy as anp
    from autograd.scipy.special import expit

    v, u, H = anp.matmul(x, W) + b, anp.matmul(h, U), h.shape[1]
    r = expit(v[:, :H] + u[:, :H])
    z = expit(v[:, H : 2 * H] + u[:, H : 2 * H])
    n = anp.tanh(v[:, 2 * H :] + r * (u[:, 2 * H :] + d))
    return (1 - z) * n + z * h

"""One step of an Elman RNN by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(x, h, W, U, b):
    N, D, H = x.shape[0], x.shape[1], h.shape[1]
    out = np.empty((N, H))
    for n in range(N):
        for j in range(H):
            terms = [x[n, d] * W[d, j] for d in range(D)]
            terms += [h[n, k] * U[k, j] for k in range(H)]
            out[n, j] = math.tanh(math.fsum([*terms, b[j]]))
    return out


def large(rng):
    return (
        rng.normal(size=(1024, 512)),
        rng.normal(size=(1024, 512)),
        0.1 * rng.normal(size=(512, 512)),
        0.1 * rng.normal(size=(512, 512)),
        rng.normal(size=512),
    ), {}


def by_jax(x, h, W, U, b):
    import jax.numpy as jnp

    return jnp.tanh(x @ W + h @ U + b)


def by_torch(x, h, W, U, b):
    import torch

    return torch.rnn_tanh_cell(x, h, W.T, U.T, b, torch.zeros_like(b))


def by_autograd(x, h, W, U, b):
    import autograd.numpy as anp

    return anp.tanh(anp.matmul(x, W) + anp.matmul(h, U) + b)

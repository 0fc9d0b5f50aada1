"""The single-entry matrix by plain loops, and as the libraries call it."""

import numpy as np


def value(t, *, shape, i, j):
    n, m = shape
    Y = np.empty(shape)
    for p in range(n):
        for q in range(m):
            Y[p, q] = float(t) if (p, q) == (i % n, j % m) else 0.0
    return Y


def large(rng):
    return (np.array(rng.normal()),), {"shape": (2048, 2048), "i": 7, "j": 11}


def by_jax(t, *, shape, i, j):
    import jax.numpy as jnp

    return jnp.zeros(shape, t.dtype).at[i, j].set(t)


def by_torch(t, *, shape, i, j):
    import torch

    Y = torch.zeros(shape, dtype=t.dtype)
    return Y.index_put((torch.tensor([i]), torch.tensor([j])), t)


def by_autograd(t, *, shape, i, j):
    E = np.zeros(shape, np.asarray(t).dtype)
    E[i, j] = 1.0
    return t * E

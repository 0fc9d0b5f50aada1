"""The matrix-vector product by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(W, x):
    m, n = W.shape[-2:]
    batch = np.broadcast_shapes(W.shape[:-2], x.shape[:-1])
    W, x = np.broadcast_to(W, (*batch, m, n)), np.broadcast_to(x, (*batch, n))
    y = np.empty((*batch, m))
    for t in np.ndindex(*batch):
        for i in range(m):
            y[t][i] = math.fsum(W[t][i, j] * x[t][j] for j in range(n))
    return y


def library(W, x):
    return (W @ x[..., None])[..., 0]


def large(rng):
    return (rng.normal(size=(2048, 2048)), rng.normal(size=2048)), {}


def by_jax(W, x):
    import jax.numpy as jnp

    return jnp.matvec(W, x)


def by_torch(W, x):
    return (W @ x[..., None])[..., 0]


def by_autograd(W, x):
    import autograd.numpy as anp

    return anp.sum(W * x[..., None, :], axis=-1)

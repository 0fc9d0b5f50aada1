"""The bilinear form by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(a, X, b):
    n, m = X.shape
    y = np.empty(a.shape[:-1])
    for t in np.ndindex(*y.shape):
        terms = [a[t][i] * X[i, j] * b[t][j] for i in range(n) for j in range(m)]
        y[t] = math.fsum(terms)
    return y


def library(a, X, b):
    return np.vecdot(a, np.matvec(X, b))


def large(rng):
    return (
        rng.normal(size=2048),
        rng.normal(size=(2048, 2048)),
        rng.normal(size=2048),
    ), {}


def by_jax(a, X, b):
    import jax.numpy as jnp

    return jnp.einsum("...i,ij,...j->...", a, X, b)


def by_torch(a, X, b):
    import torch

    if a.ndim == 2:
        W = X.unsqueeze(0)
        return torch.nn.functional.bilinear(a, b, W)[..., 0]
    return torch.einsum("...i,ij,...j->...", a, X, b)


def by_autograd(a, X, b):
    import autograd.numpy as anp

    return anp.sum(anp.dot(a, X) * b, axis=-1)

"""Sums of a matrix by plain loops, and as the libraries call them."""

import math

import numpy as np

AXES = {"all": (-2, -1), "row": (-1,), "column": (-2,)}


def value(X, *, over="all"):
    *batch, n, m = X.shape
    kept = {"all": (), "row": (n,), "column": (m,)}[over]
    y = np.empty((*batch, *kept))
    for t in np.ndindex(*batch):
        if over == "all":
            y[t] = math.fsum(X[t][i, j] for i in range(n) for j in range(m))
        elif over == "row":
            for i in range(n):
                y[t][i] = math.fsum(X[t][i, j] for j in range(m))
        else:
            for j in range(m):
                y[t][j] = math.fsum(X[t][i, j] for i in range(n))
    return y


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {}


def by_jax(X, *, over="all"):
    import jax.numpy as jnp

    return jnp.sum(X, axis=AXES[over])


def by_torch(X, *, over="all"):
    return X.sum(dim=AXES[over])


def by_autograd(X, *, over="all"):
    import autograd.numpy as anp

    return anp.sum(X, axis=AXES[over])

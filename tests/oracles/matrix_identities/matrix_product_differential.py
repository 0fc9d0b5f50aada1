"""The product of two matrices by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(X, Y):
    n, k = X.shape
    m = Y.shape[1]
    Z = np.empty((n, m))
    for i in range(n):
        for j in range(m):
            Z[i, j] = math.fsum(X[i, r] * Y[r, j] for r in range(k))
    return Z


def large(rng):
    return (rng.normal(size=(1024, 1024)), rng.normal(size=(1024, 1024))), {}


def by_jax(X, Y):
    import jax.numpy as jnp

    return jnp.dot(X, Y)


def by_torch(X, Y):
    import torch

    return torch.mm(X, Y)


def by_autograd(X, Y):
    import autograd.numpy as anp

    return anp.dot(X, Y)

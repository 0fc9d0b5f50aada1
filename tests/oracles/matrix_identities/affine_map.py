"""The affine map by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(A, x, b):
    m, n = A.shape
    y = np.empty((*x.shape[:-1], m))
    for t in np.ndindex(*x.shape[:-1]):
        for i in range(m):
            terms = [A[i, j] * x[t][j] for j in range(n)]
            y[t][i] = math.fsum([*terms, b[i]])
    return y


def library(A, x, b):
    return np.matvec(A, x) + b


def large(rng):
    return (
        rng.normal(size=(2048, 2048)),
        rng.normal(size=2048),
        rng.normal(size=2048),
    ), {}


def by_jax(A, x, b):
    import jax.numpy as jnp

    return jnp.matvec(A, x) + b


def by_torch(A, x, b):
    import torch

    return torch.nn.functional.linear(x, A, b)


def by_autograd(A, x, b):
    import autograd.numpy as anp

    return anp.dot(x, A.T) + b

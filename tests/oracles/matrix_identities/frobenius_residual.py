"""The squared Frobenius residual by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(A, X, B):
    squares = []
    for i, j in np.ndindex(B.shape):
        terms = [A[i, r] * X[r, j] for r in range(A.shape[1])]
        squares.append((math.fsum(terms) - B[i, j]) ** 2)
    return math.fsum(squares)


def large(rng):
    return (
        rng.normal(size=(1024, 512)),
        rng.normal(size=(512, 512)),
        rng.normal(size=(1024, 512)),
    ), {}


def by_jax(A, X, B):
    import jax.numpy as jnp

    return jnp.sum(jnp.square(jnp.dot(A, X) - B))


def by_torch(A, X, B):
    import torch

    return torch.nn.functional.mse_loss(torch.mm(A, X), B, reduction="sum")


def by_autograd(A, X, B):
    import autograd.numpy as anp

    return anp.sum((anp.dot(A, X) - B) ** 2)

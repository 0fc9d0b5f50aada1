"""The least-squares objective by plain loops, and as the libraries call it."""

import math


def value(A, x, b):
    m, n = A.shape
    squares = []
    for i in range(m):
        r = math.fsum(A[i, j] * x[j] for j in range(n)) - b[i]
        squares.append(r * r)
    return math.fsum(squares)


def large(rng):
    return (
        rng.normal(size=(4096, 1024)),
        rng.normal(size=1024),
        rng.normal(size=4096),
    ), {}


def by_jax(A, x, b):
    import jax.numpy as jnp

    return jnp.sum(jnp.square(jnp.dot(A, x) - b))


def by_torch(A, x, b):
    import torch

    return torch.nn.functional.mse_loss(torch.mv(A, x), b, reduction="sum")


def by_autograd(A, x, b):
    import autograd.numpy as anp

    return anp.sum((anp.dot(A, x) - b) ** 2)

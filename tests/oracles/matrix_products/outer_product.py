"""The outer product by plain loops, and as the libraries call it."""

import numpy as np


def value(a, b):
    Y = np.empty((len(a), len(b)))
    for i in range(len(a)):
        for j in range(len(b)):
            Y[i, j] = a[i] * b[j]
    return Y


def library(a, b):
    return np.linalg.outer(a, b)


def large(rng):
    return (rng.normal(size=2048), rng.normal(size=2048)), {}


def by_jax(a, b):
    import jax.numpy as jnp

    return jnp.outer(a, b)


def by_torch(a, b):
    import torch

    return torch.outer(a, b)


def by_autograd(a, b):
    import autograd.numpy as anp

    return anp.outer(a, b)

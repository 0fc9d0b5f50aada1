"""The linear form by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(a, x):
    y = np.empty(x.shape[:-1])
    for t in np.ndindex(*y.shape):
        y[t] = math.fsum(a[i] * x[t][i] for i in range(len(a)))
    return y


def library(a, x):
    return np.vecdot(a, x)


def large(rng):
    return (rng.normal(size=4_000_000), rng.normal(size=4_000_000)), {}


def by_jax(a, x):
    import jax.numpy as jnp

    return jnp.matmul(x, a)


def by_torch(a, x):
    import torch

    return torch.matmul(x, a)


def by_autograd(a, x):
    import autograd.numpy as anp

    return anp.dot(x, a)

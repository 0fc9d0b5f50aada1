"""The dot product by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(a, b):
    n = a.shape[-1]
    batch = np.broadcast_shapes(a.shape[:-1], b.shape[:-1])
    a, b = np.broadcast_to(a, (*batch, n)), np.broadcast_to(b, (*batch, n))
    y = np.empty(batch)
    for t in np.ndindex(*batch):
        y[t] = math.fsum(a[t][i] * b[t][i] for i in range(n))
    return y


def library(a, b):
    return np.linalg.vecdot(a, b)


def large(rng):
    return (rng.normal(size=4_000_000), rng.normal(size=4_000_000)), {}


def by_jax(a, b):
    import jax.numpy as jnp

    return jnp.vecdot(a, b)


def by_torch(a, b):
    import torch

    return torch.linalg.vecdot(a, b)


def by_autograd(a, b):
    import autograd.numpy as anp

    return anp.sum(a * b, axis=-1)

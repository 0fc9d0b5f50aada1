"""Division by plain loops, and as the libraries call it."""

import numpy as np


def value(a, b):
    pairs = np.broadcast(a, b)
    y = [float(p) / float(q) for p, q in pairs]
    return np.array(y, float).reshape(pairs.shape)


def library(a, b):
    return np.divide(a, b)


def large(rng):
    return (rng.normal(size=(2048, 2048)), rng.normal(size=(2048, 2048))), {}


def by_jax(a, b):
    import jax.numpy as jnp

    return jnp.divide(a, b)


def by_torch(a, b):
    import torch

    return torch.divide(a, b)


def by_autograd(a, b):
    import autograd.numpy as anp

    return anp.divide(a, b)

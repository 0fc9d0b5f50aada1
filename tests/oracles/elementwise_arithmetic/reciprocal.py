"""The reciprocal by plain loops, and as the libraries call it."""

import numpy as np


def value(x):
    y = [1.0 / float(v) for v in x.flat]
    return np.array(y, float).reshape(x.shape)


def library(x):
    return np.reciprocal(x)


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {}


def by_jax(x):
    import jax.numpy as jnp

    return jnp.reciprocal(x)


def by_torch(x):
    import torch

    return torch.reciprocal(x)


def by_autograd(x):
    import autograd.numpy as anp

    return anp.reciprocal(x)

"""The square by plain loops, and as the libraries call it."""

import numpy as np


def value(x):
    y = [float(v) * float(v) for v in x.flat]
    return np.array(y, float).reshape(x.shape)


def library(x):
    return np.square(x)


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {}


def by_jax(x):
    import jax.numpy as jnp

    return jnp.square(x)


def by_torch(x):
    import torch

    return torch.square(x)


def by_autograd(x):
    import autograd.numpy as anp

    return anp.square(x)

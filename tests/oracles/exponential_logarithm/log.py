"""The natural logarithm by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(x):
    y = [math.log(v) for v in x.flat]
    return np.array(y, float).reshape(x.shape)


def library(x):
    return np.log(x)


def large(rng):
    return (rng.uniform(0.5, 2.0, size=(2048, 2048)),), {}


def by_jax(x):
    import jax.numpy as jnp

    return jnp.log(x)


def by_torch(x):
    import torch

    return torch.log(x)


def by_autograd(x):
    import autograd.numpy as anp

    return anp.log(x)

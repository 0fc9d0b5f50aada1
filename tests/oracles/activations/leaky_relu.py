"""Leaky ReLU by plain loops, and as the libraries call it."""

import numpy as np


def value(x, *, negative_slope=0.01):
    y = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        y[i] = x[i] if x[i] > 0 else negative_slope * x[i]
    return y


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {}


def by_jax(x, *, negative_slope=0.01):
    import jax

    return jax.nn.leaky_relu(x, negative_slope=negative_slope)


def by_torch(x, *, negative_slope=0.01):
    import torch

    return torch.nn.functional.leaky_relu(x, negative_slope=negative_slope)


def by_autograd(x, *, negative_slope=0.01):
    """where(x > 0, x, a x)"""
    import autograd.numpy as anp

    return anp.where(x > 0, x, negative_slope * x)


def jax_maximum(x, *, negative_slope=0.01):
    import jax.numpy as jnp

    return jnp.maximum(x, negative_slope * x)


AT_KINKS = {"JAX, maximum(x, a x)": jax_maximum}

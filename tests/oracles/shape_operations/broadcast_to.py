"""Broadcasting by plain loops, and as the libraries call it."""

import numpy as np


def value(x, *, shape):
    y = np.empty(shape)
    for i in np.ndindex(shape):
        last = i[len(shape) - x.ndim :]  # the axes that x has
        pairs = zip(last, x.shape, strict=True)
        y[i] = x[tuple(0 if n == 1 else j for j, n in pairs)]
    return y


def library(x, *, shape):
    return np.broadcast_to(x, shape)


def large(rng):
    return (rng.normal(size=(2048, 1)),), {"shape": (2048, 2048)}


def by_jax(x, *, shape):
    import jax.numpy as jnp

    return jnp.broadcast_to(x, shape)


def by_torch(x, *, shape):
    import torch

    return torch.broadcast_to(x, shape)


def by_autograd(x, *, shape):
    import autograd.numpy as anp

    return x * anp.ones(shape)  # its broadcast_to cannot add leading axes


EQUIVALENT = {
    "if g.shape == shape:\n    return g -> if False:\n    return g": "The sum over no "
    "axis is a copy; the shortcut saves it.",
}

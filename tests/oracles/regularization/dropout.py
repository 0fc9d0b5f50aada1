"""Dropout by plain loops, and with the peers' selection."""

import numpy as np


def value(x, *, mask, p):
    y = np.empty(x.shape)
    mask = np.broadcast_to(mask, x.shape)
    for i in np.ndindex(x.shape):
        y[i] = float(x[i]) / (1 - p) if mask[i] else 0.0
    return y


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {
        "mask": rng.random((2048, 2048)) < 0.9,
        "p": 0.1,
    }


def by_jax(x, *, mask, p):
    """where(mask, x / (1 - p), 0)"""
    import jax.numpy as jnp

    return jnp.where(mask, x / (1 - p), 0.0)


def by_torch(x, *, mask, p):
    """x * mask / (1 - p)"""
    import torch

    return x * torch.as_tensor(mask) / (1 - p)


def by_autograd(x, *, mask, p):
    """x * mask / (1 - p)"""
    return x * mask / (1 - p)

"""The mean over axes by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(x, *, axis=None, keepdims=False):
    chosen = range(x.ndim) if axis is None else np.atleast_1d(axis) % x.ndim
    chosen = [int(i) for i in chosen]
    rest = [i for i in range(x.ndim) if i not in chosen]
    slices = x.transpose(*rest, *chosen)  # what is averaged stands last
    y = np.empty([x.shape[i] for i in rest])
    for i in np.ndindex(*y.shape):
        entries = [slices[i][j] for j in np.ndindex(*slices[i].shape)]
        y[i] = math.fsum(entries) / len(entries)
    return np.expand_dims(y, chosen) if keepdims else y


def large(rng):
    return (rng.normal(size=(4096, 1024)),), {"axis": 0}


def by_jax(x, *, axis=None, keepdims=False):
    import jax.numpy as jnp

    return jnp.mean(x, axis=axis, keepdims=keepdims)


def by_torch(x, *, axis=None, keepdims=False):
    import torch

    return torch.mean(x, dim=axis, keepdim=keepdims)


def by_autograd(x, *, axis=None, keepdims=False):
    import autograd.numpy as anp

    return anp.mean(x, axis=axis, keepdims=keepdims)

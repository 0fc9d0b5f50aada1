"""The sum over axes by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(x, *, axis=None, keepdims=False):
    chosen = range(x.ndim) if axis is None else np.atleast_1d(axis) % x.ndim
    chosen = tuple(int(i) for i in chosen)
    terms = {}
    for i in np.ndindex(*(1 if k in chosen else n for k, n in enumerate(x.shape))):
        terms[i] = []
    for j in np.ndindex(*x.shape):
        terms[tuple(0 if k in chosen else n for k, n in enumerate(j))].append(x[j])
    y = np.empty([1 if k in chosen else n for k, n in enumerate(x.shape)])
    for i, entries in terms.items():
        y[i] = math.fsum(entries)
    return y if keepdims else y.squeeze(chosen)


def library(x, *, axis=None, keepdims=False):
    return np.add.reduce(x, axis=axis, keepdims=keepdims)


def large(rng):
    return (rng.normal(size=(4096, 1024)),), {"axis": 0}


def by_jax(x, *, axis=None, keepdims=False):
    import jax.numpy as jnp

    return jnp.sum(x, axis=axis, keepdims=keepdims)


def by_torch(x, *, axis=None, keepdims=False):
    import torch

    return torch.sum(x, dim=axis, keepdim=keepdims)


def by_autograd(x, *, axis=None, keepdims=False):
    import autograd.numpy as anp

    return anp.sum(x, axis=axis, keepdims=keepdims)

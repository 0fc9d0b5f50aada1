"""The squared norm by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(x, *, axis=None):
    axes = range(x.ndim) if axis is None else np.atleast_1d(axis)
    axes = {a % x.ndim for a in axes}
    squares = {}
    for i in np.ndindex(x.shape):
        kept = tuple(k for a, k in enumerate(i) if a not in axes)
        squares.setdefault(kept, []).append(float(x[i]) ** 2)
    y = np.empty([n for a, n in enumerate(x.shape) if a not in axes])
    for i in np.ndindex(y.shape):
        y[i] = math.fsum(squares.get(i, []))
    return y


def large(rng):
    return (rng.normal(size=4_000_000),), {}


def by_jax(x, *, axis=None):
    import jax.numpy as jnp

    return jnp.sum(jnp.square(x), axis=axis)


def by_torch(x, *, axis=None):
    dim = tuple(range(x.ndim)) if axis is None else axis
    return x.square().sum(dim=dim)


def by_autograd(x, *, axis=None):
    import autograd.numpy as anp

    return anp.sum(x**2, axis=axis)

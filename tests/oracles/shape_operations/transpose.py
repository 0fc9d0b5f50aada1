"""Permuting axes by plain loops, and as the libraries call it."""

import numpy as np


def _order(x, axes):
    if axes is None:
        return [x.ndim - 1 - k for k in range(x.ndim)]
    return [a + x.ndim if a < 0 else a for a in axes]


def value(x, *, axes=None):
    order = _order(x, axes)
    y = np.empty([x.shape[a] for a in order])
    for j in np.ndindex(x.shape):
        y[tuple(j[a] for a in order)] = x[j]
    return y


def library(x, *, axes=None):
    return np.transpose(x, axes)


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {}


def by_jax(x, *, axes=None):
    import jax.numpy as jnp

    return jnp.transpose(x, axes)


def by_torch(x, *, axes=None):
    return x.permute(_order(x, axes))


def by_autograd(x, *, axes=None):
    import autograd.numpy as anp

    if axes is not None and min(axes) < 0:
        raise NotImplementedError("its VJP takes argsort of negative axes as they are")
    return anp.transpose(x, axes)

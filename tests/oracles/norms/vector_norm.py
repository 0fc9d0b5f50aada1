"""The p-norm by plain loops, and as the libraries call it."""

import math

import mpmath
import numpy as np


def value(x, *, p=2, axis=None, keepdims=False):
    axes = range(x.ndim) if axis is None else np.atleast_1d(axis)
    axes = {a % x.ndim for a in axes}
    y = np.zeros([1 if a in axes else n for a, n in enumerate(x.shape)])
    for i in np.ndindex(y.shape):
        sizes = [
            abs(float(x[j]))
            for j in np.ndindex(x.shape)
            if all(j[a] == i[a] for a in range(x.ndim) if a not in axes)
        ]
        if p == math.inf:
            y[i] = max(sizes, default=0.0)
        else:
            y[i] = math.fsum(size**p for size in sizes) ** (1 / p)
    if keepdims:
        return y
    return y.reshape([n for a, n in enumerate(y.shape) if a not in axes])


def library(x, *, p=2, axis=None, keepdims=False):
    return np.linalg.vector_norm(x, ord=p, axis=axis, keepdims=keepdims)


def precise(x, *, p=2, axis=None, keepdims=False):
    size = np.abs(x)
    if p == math.inf:
        return size.max(axis=axis, keepdims=keepdims)
    total = (size**p).sum(axis=axis, keepdims=keepdims)
    return np.asarray(total) ** (1 / mpmath.mpf(p))


def large(rng):
    return (rng.normal(size=(4096, 1024)),), {"axis": -1}


def by_jax(x, *, p=2, axis=None, keepdims=False):
    import jax.numpy as jnp

    return jnp.linalg.vector_norm(x, ord=p, axis=axis, keepdims=keepdims)


def by_torch(x, *, p=2, axis=None, keepdims=False):
    import torch

    return torch.linalg.vector_norm(x, ord=p, dim=axis, keepdim=keepdims)


def by_autograd(x, *, p=2, axis=None, keepdims=False):
    """norm(x, p)"""
    if p == np.inf:
        raise NotImplementedError("The rule of norm divides inf by inf.")
    return _autograd_norm(x, p, axis, keepdims)


def autograd_largest(x, *, p=2, axis=None):
    if p != np.inf:
        raise NotImplementedError("The column is about the order inf.")
    return _autograd_norm(x, p, axis, False)


def _autograd_norm(x, p, axis, keepdims):
    import autograd.numpy as anp

    axes = range(x.ndim) if axis is None else np.atleast_1d(axis)
    axes = [int(a) % x.ndim for a in axes]
    kept = [a for a in range(x.ndim) if a not in axes]
    shape = [x.shape[a] for a in kept]
    count = int(np.prod([x.shape[a] for a in axes]))
    rows = anp.reshape(anp.transpose(x, kept + axes), (*shape, count))
    y = anp.linalg.norm(rows, p, axis=-1)
    if keepdims:
        shape = [1 if a in axes else n for a, n in enumerate(x.shape)]
        y = anp.reshape(y, shape)
    return y


AT_KINKS = {"HIPS autograd, norm(x, inf)": autograd_largest}

EQUIVALENT = {
    "1.0 -> 2.0": "Where s is 0, all r of the slice and all signs are 0, so that "
    "any divisor serves.",
}

"""Log-sum-exp by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(z, *, axis=None, keepdims=False):
    axes = range(z.ndim) if axis is None else np.atleast_1d(axis)
    axes = {a % z.ndim for a in axes}
    y = np.empty([1 if a in axes else n for a, n in enumerate(z.shape)])
    for i in np.ndindex(y.shape):
        slices = [range(n) if a in axes else [i[a]] for a, n in enumerate(z.shape)]
        terms = [z[j] for j in np.ndindex(z.shape) if inside(j, slices)]
        top = max(terms, default=-math.inf)
        total = math.fsum(math.exp(t - top) for t in terms if t > -math.inf)
        y[i] = top + math.log(total) if total else -math.inf
    if keepdims:
        return y
    return y.reshape([n for a, n in enumerate(y.shape) if a not in axes])


def inside(index, slices):
    return all(k in allowed for k, allowed in zip(index, slices, strict=True))


def library(z, *, axis=None, keepdims=False):
    from scipy.special import logsumexp

    return logsumexp(z, axis=axis, keepdims=keepdims)


def large(rng):
    return (rng.normal(size=(4096, 1024)),), {"axis": -1}


def by_jax(z, *, axis=None, keepdims=False):
    import jax

    return jax.nn.logsumexp(z, axis=axis, keepdims=keepdims)


def by_torch(z, *, axis=None, keepdims=False):
    import torch

    dim = tuple(range(z.ndim)) if axis is None else axis
    return torch.logsumexp(z, dim=dim, keepdim=keepdims)


def by_autograd(z, *, axis=None, keepdims=False):
    from autograd.scipy.special import logsumexp

    return logsumexp(z, axis=axis, keepdims=keepdims)

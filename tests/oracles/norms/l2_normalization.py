"""Normalisation by plain loops, and as the libraries call it."""

import math

import mpmath
import numpy as np


def value(x, *, axis=-1, eps=1e-12):
    axes = range(x.ndim) if axis is None else np.atleast_1d(axis)
    axes = {a % x.ndim for a in axes}
    slices = {}
    for i in np.ndindex(x.shape):
        kept = tuple(k for a, k in enumerate(i) if a not in axes)
        slices.setdefault(kept, []).append(i)
    y = np.empty(x.shape)
    for inside in slices.values():
        size = math.hypot(*(float(x[i]) for i in inside))
        for i in inside:
            y[i] = float(x[i]) / max(size, eps)
    return y


def precise(x, *, axis=-1, eps=1e-12):
    total = np.asarray((x * x).sum(axis=axis, keepdims=True))
    size = np.empty_like(total)
    for i in np.ndindex(total.shape):
        size[i] = max(mpmath.sqrt(total[i]), eps)
    return x / size


def large(rng):
    return (rng.normal(size=(4096, 1024)),), {}


def by_jax(x, *, axis=-1, eps=1e-12):
    """x / maximum(norm(x), eps)"""
    import jax.numpy as jnp

    size = jnp.linalg.vector_norm(x, axis=axis, keepdims=True)
    return x / jnp.maximum(size, eps)


def by_torch(x, *, axis=-1, eps=1e-12):
    import torch

    dim = tuple(range(x.ndim)) if axis is None else axis
    return torch.nn.functional.normalize(x, dim=dim, eps=eps)


def by_autograd(x, *, axis=-1, eps=1e-12):
    """x / maximum(norm(x), eps)"""
    import autograd.numpy as anp

    size = anp.sqrt(anp.sum(x * x, axis=axis, keepdims=True))
    return x / anp.maximum(size, eps)

"""Cosine similarity by plain loops, and as the libraries call it."""

import math

import mpmath
import numpy as np


def value(a, b, *, axis=-1, eps=1e-8):
    a, b = np.moveaxis(a, axis, -1), np.moveaxis(b, axis, -1)
    y = np.empty(a.shape[:-1])
    for i in np.ndindex(y.shape):
        sizes = [max(math.hypot(*part[i].tolist()), eps) for part in (a, b)]
        terms = [p * q for p, q in zip(a[i].tolist(), b[i].tolist(), strict=True)]
        y[i] = math.fsum(terms) / sizes[0] / sizes[1]
    return y


def precise(a, b, *, axis=-1, eps=1e-8):
    y = np.asarray((a * b).sum(axis=axis)) + mpmath.mpf(0)
    y = np.asarray(y)
    for part in a, b:
        total = np.asarray((part * part).sum(axis=axis))
        size = np.empty(total.shape, dtype=object)
        for i in np.ndindex(total.shape):
            size[i] = max(mpmath.sqrt(total[i]), eps)
        y = np.asarray(y / size)
    return y


def large(rng):
    return (rng.normal(size=(2048, 2048)), rng.normal(size=(2048, 2048))), {}


def by_jax(a, b, *, axis=-1, eps=1e-8):
    """with maximum(norm, eps)"""
    import jax.numpy as jnp

    size_a = jnp.maximum(jnp.linalg.vector_norm(a, axis=axis), eps)
    size_b = jnp.maximum(jnp.linalg.vector_norm(b, axis=axis), eps)
    return (a * b).sum(axis=axis) / size_a / size_b


def by_torch(a, b, *, axis=-1, eps=1e-8):
    import torch

    if eps == 2.0:
        raise NotImplementedError("Below eps its gradient is not that of its value.")
    return torch.nn.functional.cosine_similarity(a, b, dim=axis, eps=eps)


def by_autograd(a, b, *, axis=-1, eps=1e-8):
    """with maximum(norm, eps)"""
    import autograd.numpy as anp

    size_a = anp.maximum(anp.sqrt(anp.sum(a * a, axis=axis)), eps)
    size_b = anp.maximum(anp.sqrt(anp.sum(b * b, axis=axis)), eps)
    return anp.sum(a * b, axis=axis) / size_a / size_b

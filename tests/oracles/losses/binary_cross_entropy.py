"""Binary cross-entropy by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(p, t, *, reduction="mean"):
    each = np.empty(p.shape)
    for i in np.ndindex(p.shape):
        yes = t[i] * math.log(p[i]) if t[i] else 0.0
        no = (1 - t[i]) * math.log1p(-p[i]) if t[i] != 1 else 0.0
        each[i] = -yes - no
    if reduction == "none":
        return each
    total = math.fsum(each.ravel())
    return np.array(total / each.size if reduction == "mean" else total)


def large(rng):
    return (rng.uniform(0.01, 0.99, size=(2048, 2048)), rng.random((2048, 2048))), {}


def by_jax(p, t, *, reduction="mean"):
    """-t log(p) - (1 - t) log1p(-p)"""
    import jax.numpy as jnp

    each = -t * jnp.log(p) - (1 - t) * jnp.log1p(-p)
    return {"mean": jnp.mean, "sum": jnp.sum, "none": jnp.asarray}[reduction](each)


def by_torch(p, t, *, reduction="mean"):
    import torch

    return torch.nn.functional.binary_cross_entropy(p, t, reduction=reduction)


def by_autograd(p, t, *, reduction="mean"):
    """-t log(p) - (1 - t) log1p(-p)"""
    import autograd.numpy as anp

    each = -t * anp.log(p) - (1 - t) * anp.log1p(-p)
    if reduction == "none":
        return each
    return anp.mean(each) if reduction == "mean" else anp.sum(each)

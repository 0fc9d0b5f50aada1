"""Mean absolute error by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(x, t, *, reduction="mean"):
    gaps = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        gaps[i] = max(float(x[i]) - float(t[i]), float(t[i]) - float(x[i]))
    if reduction == "none":
        return gaps
    total = math.fsum(gaps.ravel())
    return np.array(total / gaps.size if reduction == "mean" else total)


def large(rng):
    return (rng.normal(size=(2048, 2048)), rng.normal(size=(2048, 2048))), {}


def by_jax(x, t, *, reduction="mean"):
    """abs(x - t)"""
    import jax.numpy as jnp

    gaps = jnp.abs(x - t)
    return {"mean": jnp.mean, "sum": jnp.sum, "none": jnp.asarray}[reduction](gaps)


def by_torch(x, t, *, reduction="mean"):
    import torch

    return torch.nn.functional.l1_loss(x, t, reduction=reduction)


def by_autograd(x, t, *, reduction="mean"):
    """abs(x - t)"""
    import autograd.numpy as anp

    gaps = anp.abs(x - t)
    if reduction == "none":
        return gaps
    return anp.mean(gaps) if reduction == "mean" else anp.sum(gaps)


def jax_root(x, t, *, reduction="mean"):
    import jax.numpy as jnp

    gaps = jnp.sqrt(jnp.square(x - t))
    return {"mean": jnp.mean, "sum": jnp.sum, "none": jnp.asarray}[reduction](gaps)


AT_KINKS = {"JAX, sqrt(square(x - t))": jax_root}

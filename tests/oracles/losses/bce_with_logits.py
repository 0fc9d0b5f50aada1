"""Binary cross-entropy of logits by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(z, t, *, reduction="mean"):
    each = np.empty(z.shape)
    for i in np.ndindex(z.shape):
        # log(1 + e^z) without overflow, minus z t
        softplus = max(z[i], 0.0) + math.log1p(math.exp(-abs(z[i])))
        each[i] = softplus - z[i] * t[i]
    if reduction == "none":
        return each
    total = math.fsum(each.ravel())
    return np.array(total / each.size if reduction == "mean" else total)


def large(rng):
    return (rng.normal(size=(2048, 2048)), rng.random((2048, 2048))), {}


def by_jax(z, t, *, reduction="mean"):
    """softplus(z) - z t"""
    import jax
    import jax.numpy as jnp

    each = jax.nn.softplus(z) - z * t
    return {"mean": jnp.mean, "sum": jnp.sum, "none": jnp.asarray}[reduction](each)


def by_torch(z, t, *, reduction="mean"):
    import torch

    return torch.nn.functional.binary_cross_entropy_with_logits(
        z, t, reduction=reduction
    )


def by_autograd(z, t, *, reduction="mean"):
    """logaddexp(0, z) - z t"""
    import autograd.numpy as anp

    each = anp.logaddexp(0.0, z) - z * t
    if reduction == "none":
        return each
    return anp.mean(each) if reduction == "mean" else anp.sum(each)


def jax_parts(z, t, *, reduction="mean"):
    import jax.numpy as jnp

    each = jnp.maximum(z, 0.0) - z * t + jnp.log1p(jnp.exp(-abs(z)))
    return {"mean": jnp.mean, "sum": jnp.sum, "none": jnp.asarray}[reduction](each)


AT_KINKS = {"JAX, maximum(z, 0) - z t + log1p(e)": jax_parts}

"""Softplus by plain loops, and as the libraries call it."""

import math

import numpy as np

# The case whose entries all lie below -40.
TAIL = (5,)


def value(x, *, beta=1.0):
    y = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        b = beta * float(x[i])
        whole = b + math.log1p(math.exp(-b)) if b > 0 else math.log1p(math.exp(b))
        y[i] = whole / beta
    return y


def library(x, *, beta=1.0):
    return np.logaddexp(0.0, beta * x) / beta


def precise(x, *, beta=1.0):
    import mpmath

    x = np.asarray(x, dtype=object)
    y = np.empty(x.shape, dtype=object)
    with mpmath.workdps(mpmath.mp.dps + 400):
        for i in np.ndindex(x.shape):
            y[i] = mpmath.log(1 + mpmath.exp(beta * x[i])) / beta
    return y


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {}


def by_jax(x, *, beta=1.0):
    import jax

    return jax.nn.softplus(beta * x) / beta


def by_torch(x, *, beta=1.0):
    import torch

    # By default x itself is returned where beta * x > 20.
    return torch.nn.functional.softplus(x, beta=beta, threshold=500.0)


def by_autograd(x, *, beta=1.0):
    """logaddexp(0, x)"""
    import autograd.numpy as anp

    return anp.logaddexp(0.0, beta * x) / beta


def torch_parts(x, *, beta=1.0):
    import torch

    return torch.relu(x) + torch.log1p(torch.exp(-abs(beta * x))) / beta


def jax_parts(x, *, beta=1.0):
    import jax.numpy as jnp

    return jnp.maximum(x, 0.0) + jnp.log1p(jnp.exp(-abs(beta * x))) / beta


AT_KINKS = {
    "PyTorch, relu(x) + log1p(e)": torch_parts,
    "JAX, maximum(x, 0) + log1p(e)": jax_parts,
}

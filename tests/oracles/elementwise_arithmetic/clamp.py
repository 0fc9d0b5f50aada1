"""Clamping by plain loops, and as the libraries call it."""

import numpy as np


def value(x, *, lo=-np.inf, hi=np.inf):
    lo, hi = np.broadcast_to(lo, x.shape), np.broadcast_to(hi, x.shape)
    y = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        y[i] = lo[i] if x[i] < lo[i] else x[i]
        y[i] = hi[i] if y[i] > hi[i] else y[i]
    return y


def library(x, *, lo=-np.inf, hi=np.inf):
    return np.clip(x, lo, hi)


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {"lo": -1.0, "hi": 1.0}


def by_jax(x, *, lo=-np.inf, hi=np.inf):
    """clip(x, lo, hi)"""
    import jax.numpy as jnp

    return jnp.clip(x, lo, hi)


def by_torch(x, *, lo=-np.inf, hi=np.inf):
    """clamp(x, lo, hi)"""
    import torch

    if np.ndim(lo) or np.ndim(hi):
        lo, hi = torch.tensor(lo), torch.tensor(hi)
    return torch.clamp(x, min=lo, max=hi)


def by_autograd(x, *, lo=-np.inf, hi=np.inf):
    """clip(x, lo, hi)"""
    import autograd.numpy as anp

    return anp.clip(x, lo, hi)


def jax_lax(x, *, lo, hi):
    import jax

    return jax.lax.clamp(lo, x, hi)


def torch_hardtanh(x, *, lo, hi):
    import torch

    return torch.nn.functional.hardtanh(x, lo, hi)


AT_KINKS = {
    "PyTorch, hardtanh(x, lo, hi)": torch_hardtanh,
    "JAX, lax.clamp(lo, x, hi)": jax_lax,
}

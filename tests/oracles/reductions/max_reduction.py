"""The largest entry over axes by plain loops, and as the libraries call it."""

import numpy as np


def value(x, *, axis=None, keepdims=False):
    chosen = range(x.ndim) if axis is None else np.atleast_1d(axis) % x.ndim
    chosen = {int(i) for i in chosen}
    y = np.full([1 if i in chosen else n for i, n in enumerate(x.shape)], -np.inf)
    for j in np.ndindex(x.shape):
        i = tuple(0 if k in chosen else m for k, m in enumerate(j))
        if x[j] > y[i]:
            y[i] = x[j]
    return y if keepdims else y.squeeze(tuple(chosen))


def library(x, *, axis=None, keepdims=False):
    return np.max(x, axis=axis, keepdims=keepdims)


def large(rng):
    return (rng.normal(size=(4096, 1024)),), {"axis": -1}


def by_jax(x, *, axis=None, keepdims=False):
    import jax.numpy as jnp

    return jnp.max(x, axis=axis, keepdims=keepdims)


def by_torch(x, *, axis=None, keepdims=False):
    """amax(x, dim)"""
    import torch

    return torch.amax(x, dim=() if axis is None else axis, keepdim=keepdims)


def by_autograd(x, *, axis=None, keepdims=False):
    import autograd.numpy as anp

    return anp.max(x, axis=axis, keepdims=keepdims)


def torch_max(x, *, axis):
    import torch

    return torch.max(x, dim=axis).values


def torch_max_all(x, *, axis):
    import torch

    return torch.max(x)


def jax_argmax(x, *, axis):
    import jax.numpy as jnp

    return x[jnp.argmax(x, axis=axis)]


AT_KINKS = {
    "PyTorch, max(x, dim)": torch_max,
    "PyTorch, max(x)": torch_max_all,
    "JAX, x[argmax(x)]": jax_argmax,
}

EQUIVALENT = {
    "np.maximum(count, 1) -> count": "Where no entry is hit, nothing reads the "
    "share; the 1 keeps the division there from warning.",
    "1 -> 0": "The same: a count of 0 belongs to a slice with nan, in which no "
    "entry is hit and nothing reads the share.",
}

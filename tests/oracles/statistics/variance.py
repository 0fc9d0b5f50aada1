"""The variance over axes by plain loops, and as the libraries call it."""

import math
import warnings

import numpy as np


def value(x, *, axis=None, ddof=0, keepdims=False):
    chosen = range(x.ndim) if axis is None else np.atleast_1d(axis) % x.ndim
    chosen = [int(i) for i in chosen]
    rest = [i for i in range(x.ndim) if i not in chosen]
    slices = x.transpose(*rest, *chosen)  # what is reduced stands last
    v = np.empty([x.shape[i] for i in rest])
    for i in np.ndindex(*v.shape):
        entries = [slices[i][j] for j in np.ndindex(*slices[i].shape)]
        mu = math.fsum(entries) / len(entries)
        total = math.fsum((entry - mu) ** 2 for entry in entries)
        v[i] = total / (len(entries) - ddof)
    return np.expand_dims(v, chosen) if keepdims else v


def library(x, *, axis=None, ddof=0, keepdims=False):
    return np.var(x, axis=axis, ddof=ddof, keepdims=keepdims)


def large(rng):
    return (rng.normal(size=(4096, 1024)),), {"axis": -1}


def by_jax(x, *, axis=None, ddof=0, keepdims=False):
    import jax.numpy as jnp

    return jnp.var(x, axis=axis, ddof=ddof, keepdims=keepdims)


def by_torch(x, *, axis=None, ddof=0, keepdims=False):
    import torch

    return torch.var(x, dim=axis, correction=ddof, keepdim=keepdims)


def by_autograd(x, *, axis=None, ddof=0, keepdims=False):
    import autograd.numpy as anp

    return anp.var(x, axis=axis, ddof=ddof, keepdims=keepdims)


def torch_std(x):
    import torch

    return torch.std(x, correction=0)


def torch_var(x):
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where n - 1 is 0
        return torch.var(x)


def jax_std(x):
    import jax.numpy as jnp

    return jnp.std(x)


def autograd_std(x):
    import autograd.numpy as anp

    return anp.std(x)


AT_KINKS = {
    "PyTorch, std(x, correction=0)": torch_std,
    "JAX, std(x)": jax_std,
    "HIPS autograd, std(x)": autograd_std,
    "PyTorch, var(x)": torch_var,
}

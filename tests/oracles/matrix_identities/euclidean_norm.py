"""The Euclidean norm by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(x, *, a=0.0):
    a = np.broadcast_to(a, x.shape)
    y = np.empty(x.shape[:-1])
    for t in np.ndindex(*y.shape):
        y[t] = math.hypot(*(x[t][i] - a[t][i] for i in range(x.shape[-1])))
    return y


def library(x, *, a=0.0):
    return np.linalg.vector_norm(x - a, axis=-1)


def large(rng):
    return (rng.normal(size=4_000_000),), {}


def by_jax(x, *, a=0.0):
    import jax.numpy as jnp

    return jnp.linalg.norm(x - a, axis=-1)


def by_torch(x, *, a=0.0):
    import torch

    a = torch.as_tensor(a, dtype=x.dtype)
    return torch.linalg.vector_norm(x - a, dim=-1)


def by_autograd(x, *, a=0.0):
    """sqrt(sum(x**2))"""
    import autograd.numpy as anp

    return anp.sqrt(anp.sum((x - a) ** 2, axis=-1))


def torch_sqrt(x, *, a=0.0):
    return (x - a).square().sum(dim=-1).sqrt()


AT_KINKS = {"PyTorch, sqrt(sum(x**2))": torch_sqrt}

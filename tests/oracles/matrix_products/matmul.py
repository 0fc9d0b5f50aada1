"""The matrix product by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(a, b):
    A = a if a.ndim > 1 else a.reshape(1, -1)
    B = b if b.ndim > 1 else b.reshape(-1, 1)
    batch = np.broadcast_shapes(A.shape[:-2], B.shape[:-2])
    n, k, m = A.shape[-2], A.shape[-1], B.shape[-1]
    A = np.broadcast_to(A, (*batch, n, k))
    B = np.broadcast_to(B, (*batch, k, m))
    y = np.empty((*batch, n, m))
    for t in np.ndindex(*batch):
        for i in range(n):
            for j in range(m):
                terms = [A[t][i, r] * B[t][r, j] for r in range(k)]
                y[t][i, j] = math.fsum(terms)
    if a.ndim == 1:
        y = y[..., 0, :]
    return y[..., 0] if b.ndim == 1 else y


def library(a, b):
    return np.matmul(a, b)


def large(rng):
    return (rng.normal(size=(1024, 1024)), rng.normal(size=(1024, 1024))), {}


def by_jax(a, b):
    import jax.numpy as jnp

    return jnp.matmul(a, b)


def by_torch(a, b):
    import torch

    return torch.matmul(a, b)


def by_autograd(a, b):
    import autograd.numpy as anp

    return anp.matmul(a, b)

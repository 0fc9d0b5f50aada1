"""The quadratic form by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(x, A):
    n = len(A)
    y = np.empty(x.shape[:-1])
    for t in np.ndindex(*y.shape):
        terms = [x[t][i] * A[i, j] * x[t][j] for i in range(n) for j in range(n)]
        y[t] = math.fsum(terms)
    return y


def library(x, A):
    return np.vecdot(x, np.matvec(A, x))


def large(rng):
    return (rng.normal(size=2048), rng.normal(size=(2048, 2048))), {}


def by_jax(x, A):
    import jax.numpy as jnp

    return jnp.einsum("...i,ij,...j->...", x, A, x)


def by_torch(x, A):
    import torch

    return torch.einsum("...i,ij,...j->...", x, A, x)


def by_autograd(x, A):
    import autograd.numpy as anp

    return anp.sum(x * anp.dot(x, A.T), axis=-1)


SYMMETRIC = "A + A^T is symmetric: it equals its transpose."
NUMBER = "x^T A x is a number, and equals its transpose x^T A^T x."

EQUIVALENT = {
    "x @ (A + A.T) -> x @ (A + A.T).mT": SYMMETRIC,
    "x @ A_dot -> x @ A_dot.mT": NUMBER,
}

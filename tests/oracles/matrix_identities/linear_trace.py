"""The linear traces by plain loops, and as the libraries call them."""

import math


def value(A, X, B, *, transposed=False):
    p, n = A.shape
    m = B.shape[0]
    terms = []
    for i in range(p):
        for j in range(n):
            for k in range(m):
                x = X[k, j] if transposed else X[j, k]
                terms.append(A[i, j] * x * B[k, i])
    return math.fsum(terms)


def large(rng):
    return (
        rng.normal(size=(512, 768)),
        rng.normal(size=(768, 768)),
        rng.normal(size=(768, 512)),
    ), {}


def by_jax(A, X, B, *, transposed=False):
    import jax.numpy as jnp

    return jnp.trace(A @ (X.T if transposed else X) @ B)


def by_torch(A, X, B, *, transposed=False):
    return (A @ (X.T if transposed else X) @ B).trace()


def by_autograd(A, X, B, *, transposed=False):
    import autograd.numpy as anp

    return anp.trace(anp.dot(anp.dot(A, X.T if transposed else X), B))

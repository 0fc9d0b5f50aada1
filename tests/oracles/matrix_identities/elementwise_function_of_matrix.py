"""A sum over entries by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(X, *, f, df):
    *batch, n, m = X.shape
    y = np.empty(batch)
    for t in np.ndindex(*batch):
        y[t] = math.fsum(float(f(X[t][i, j])) for i in range(n) for j in range(m))
    return y


def _named(f, peer):
    """The same function of the peer, told by its value at 2."""
    known = {
        "exp": peer.exp,
        "sin": peer.sin,
        "x log x": lambda x: x * peer.log(x),
        "cube": lambda x: x * x * x,
    }
    at_two = {
        "exp": math.exp(2),
        "sin": math.sin(2),
        "x log x": 2 * math.log(2),
        "cube": 8.0,
    }
    (name,) = (k for k, v in at_two.items() if math.isclose(v, f(2.0)))
    return known[name]


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {"f": np.exp, "df": np.exp}


def by_jax(X, *, f, df):
    import jax.numpy as jnp

    return jnp.sum(_named(f, jnp)(X), axis=(-2, -1))


def by_torch(X, *, f, df):
    import torch

    return _named(f, torch)(X).sum(dim=(-2, -1))


def by_autograd(X, *, f, df):
    import autograd.numpy as anp

    return anp.sum(_named(f, anp)(X), axis=(-2, -1))

"""The identity by plain loops, and as the libraries call it."""

import numpy as np


def value(x):
    y = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        y[i] = x[i]
    return y


def library(x):
    return np.positive(x)


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {}


def by_jax(x):
    import jax

    return jax.nn.identity(x)


def by_torch(x):
    return x.clone()


def by_autograd(x):
    return 1.0 * x


EQUIVALENT = {
    "np.asarray(x) -> x": "np.asarray hands back the array that it is given; "
    "the call is there for lists.",
}

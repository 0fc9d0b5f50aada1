"""Power by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(x, a):
    pairs = np.broadcast(x, a)
    y = [math.pow(p, q) for p, q in pairs]
    return np.array(y, float).reshape(pairs.shape)


def library(x, a):
    return np.power(x, a)


def large(rng):
    return (rng.uniform(0.5, 2.0, size=(2048, 2048)), rng.normal(size=(2048, 2048))), {}


def by_jax(x, a):
    import jax.numpy as jnp

    return jnp.power(x, a)


def by_torch(x, a):
    import torch

    return torch.pow(x, a)


def by_autograd(x, a):
    import autograd.numpy as anp

    return anp.power(x, a)


EQUIVALENT = {
    "np.asarray(x, dtype) -> x": "For arrays of float or int64 the power with "
    "the converted exponent and the logarithm give the same dtype; the line "
    "is there for int8, whose logarithm NumPy takes in float16.",
    "np.asarray(a, dtype) -> a": "For arrays of float or int64 the power of "
    "the converted base has the same dtype; the line is there for a Python "
    "number, which np.where would make a float64.",
}

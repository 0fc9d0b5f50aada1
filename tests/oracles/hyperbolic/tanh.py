"""The hyperbolic tangent by plain loops, and as the libraries call it."""

import math

import numpy as np

# The case whose entries all lie beyond 12: the peers take 1 - y ** 2 there.
SATURATED = (3,)
CANCELS = "the slope is computed from y, which has lost the digits of 1 - y here"


def value(x):
    y = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        y[i] = math.copysign(_positive(abs(x[i])), x[i])
    return y


def _positive(a):
    """(1 - e) / (1 + e) for e = exp(-2 a), without a difference from 1."""
    minus = -math.expm1(-2.0 * a)
    return minus / (2.0 - minus)


def library(x):
    return np.tanh(x)


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {}


def by_jax(x):
    import jax.numpy as jnp

    if x.shape == SATURATED:
        raise NotImplementedError(CANCELS)
    return jnp.tanh(x)


def by_torch(x):
    import torch

    if tuple(x.shape) == SATURATED:
        raise NotImplementedError(CANCELS)
    return torch.tanh(x)


def by_autograd(x):
    import autograd.numpy as anp

    # Its slope is 1 / cosh(x) ** 2, which keeps the digits and may overflow.
    return anp.tanh(x)

"""The sigmoid by plain loops, and as the libraries call it."""

import math

import numpy as np

# The case whose entries all lie beyond 25: the peers take s (1 - s) there.
SATURATED = (5,)
CANCELS = "the slope is computed as s (1 - s), which has lost its digits here"


def value(z):
    s = np.empty(z.shape)
    for i in np.ndindex(z.shape):
        if z[i] >= 0:
            s[i] = 1.0 / (1.0 + math.exp(-z[i]))
        else:
            s[i] = math.exp(z[i]) / (1.0 + math.exp(z[i]))
    return s


def library(z):
    from scipy.special import expit

    return expit(z)


def precise(z):
    import mpmath

    z = np.asarray(z, dtype=object)
    s = np.empty(z.shape, dtype=object)
    for i in np.ndindex(z.shape):
        s[i] = 1 / (1 + mpmath.exp(-z[i]))
    return s


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {}


def by_jax(z):
    import jax

    if z.shape == SATURATED:
        raise NotImplementedError(CANCELS)
    return jax.nn.sigmoid(z)


def by_torch(z):
    import torch

    if tuple(z.shape) == SATURATED:
        raise NotImplementedError(CANCELS)
    return torch.sigmoid(z)


def by_autograd(z):
    from autograd.scipy.special import expit

    if z.shape == SATURATED:
        raise NotImplementedError(CANCELS)
    return expit(z)

"""SiLU by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(x):
    y = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        v = float(x[i])
        if v >= 0:
            y[i] = v / (1.0 + math.exp(-v))
        else:
            y[i] = v * math.exp(v) / (1.0 + math.exp(v))
    return y


def library(x):
    from scipy.special import expit

    return x * expit(x)


def precise(x):
    import mpmath

    x = np.asarray(x, dtype=object)
    y = np.empty(x.shape, dtype=object)
    for i in np.ndindex(x.shape):
        y[i] = x[i] / (1 + mpmath.exp(-x[i]))
    return y


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {}


def by_jax(x):
    import jax

    return jax.nn.silu(x)


def by_torch(x):
    import torch

    return torch.nn.functional.silu(x)


def by_autograd(x):
    """x * expit(x)"""
    from autograd.scipy.special import expit

    return x * expit(x)

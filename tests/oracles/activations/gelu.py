"""GELU by plain loops, and as the libraries call it."""

import math

import numpy as np

# The cases whose entries all lie below -6.
TAIL = (5,)


def value(x, *, approximate="none"):
    y = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        v = float(x[i])
        if approximate == "tanh":
            u = math.sqrt(2.0 / math.pi) * (v + 0.044715 * v * v * v)
            if u >= 0:
                share = 1.0 / (1.0 + math.exp(-2.0 * u))
            else:
                share = math.exp(2.0 * u) / (1.0 + math.exp(2.0 * u))
        elif v >= 0:
            share = 0.5 + 0.5 * math.erf(v / math.sqrt(2.0))
        else:
            share = 0.5 * math.erfc(-v / math.sqrt(2.0))
        y[i] = v * share
    return y


def library(x, *, approximate="none"):
    from scipy.special import expit, ndtr

    if approximate == "none":
        return x * ndtr(x)
    return x * expit(np.sqrt(8.0 / np.pi) * (x + 0.044715 * x**3))


def precise(x, *, approximate="none"):
    import mpmath

    x = np.asarray(x, dtype=object)
    y = np.empty(x.shape, dtype=object)
    for i in np.ndindex(x.shape):
        if approximate == "none":
            share = mpmath.erfc(-x[i] / mpmath.sqrt(2)) / 2
        else:
            cubic = x[i] + mpmath.mpf(0.044715) * x[i] ** 3
            share = 1 / (1 + mpmath.exp(-mpmath.sqrt(8 / mpmath.pi) * cubic))
        y[i] = x[i] * share
    return y


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {}


def by_jax(x, *, approximate="none"):
    import jax

    if approximate == "tanh" and x.shape == TAIL:
        raise NotImplementedError("1 + tanh(u) has lost its digits here")
    return jax.nn.gelu(x, approximate=approximate == "tanh")


def by_torch(x, *, approximate="none"):
    import torch

    if tuple(x.shape) == TAIL:
        raise NotImplementedError("1 + erf and 1 + tanh have lost their digits here")
    return torch.nn.functional.gelu(x, approximate=approximate)


def by_autograd(x, *, approximate="none"):
    """x * norm.cdf(x)"""
    import autograd.numpy as anp
    from autograd.scipy.stats import norm

    if approximate == "none":
        return x * norm.cdf(x)
    if x.shape == TAIL:
        raise NotImplementedError("1 + tanh(u) has lost its digits here")
    u = anp.sqrt(2 / anp.pi) * (x + 0.044715 * x**3)
    return 0.5 * x * (1 + anp.tanh(u))

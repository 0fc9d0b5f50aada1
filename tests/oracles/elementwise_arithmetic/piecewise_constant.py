"""Piecewise-constant functions by plain loops, and as the libraries call them.

The held function is known by its name.
"""

import math

import numpy as np

STEPS = {
    "floor": math.floor,
    "ceil": math.ceil,
    "trunc": math.trunc,
    "round": round,  # Python, too, rounds ties to even
    "sign": lambda p: (p > 0) - (p < 0),
    "positive": lambda p: p > 0,
}


def value(x, *, step=np.floor):
    if step.__name__ == "largest":
        rows = [[float(p) for p in row] for row in x]
        return np.array([float(row.index(max(row))) for row in rows])
    y = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        y[i] = float(STEPS[step.__name__](float(x[i])))
    return y


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {}


def by_jax(x, *, step=np.floor):
    import jax.numpy as jnp

    if step.__name__ == "largest":
        return jnp.argmax(x, axis=-1).astype(x.dtype)
    if step.__name__ == "positive":
        return jnp.greater(x, 0).astype(x.dtype)
    return getattr(jnp, step.__name__)(x)


def by_torch(x, *, step=np.floor):
    import torch

    if step.__name__ in ("largest", "positive"):
        raise NotImplementedError(
            "PyTorch's argmax and comparisons have no backward function."
        )
    return getattr(torch, step.__name__)(x)


def by_autograd(x, *, step=np.floor):
    import autograd.numpy as anp

    if step.__name__ == "largest":
        return 1.0 * anp.argmax(x, axis=-1)
    if step.__name__ == "positive":
        return 1.0 * anp.greater(x, 0)
    return getattr(anp, step.__name__)(x)


def torch_comparison(x, *, step):
    if step.__name__ != "positive":
        raise NotImplementedError("The column is about the comparison.")
    return (x > 0).to(x.dtype)


AT_KINKS = {"PyTorch, (x > 0).to(x.dtype)": torch_comparison}

EQUIVALENT = {
    "return (np.zeros(shape, kind),) -> return (-np.zeros(shape, kind),)": "Minus "
    "zero equals zero.",
    "return (y, np.zeros_like(y)) -> return (y, -np.zeros_like(y))": "Minus zero "
    "equals zero.",
}

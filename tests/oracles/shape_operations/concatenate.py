"""Joining arrays by plain loops, and as the libraries call it."""

import numpy as np


def value(*arrays, axis=0):
    ndim = arrays[0].ndim
    axis = axis + ndim if axis < 0 else axis
    shape = list(arrays[0].shape)
    shape[axis] = sum(a.shape[axis] for a in arrays)
    y, start = np.empty(shape), 0
    for a in arrays:
        for i in np.ndindex(a.shape):
            place = list(i)
            place[axis] += start
            y[tuple(place)] = a[i]
        start += a.shape[axis]
    return y


def library(*arrays, axis=0):
    return np.concatenate(arrays, axis=axis)


def large(rng):
    return (rng.normal(size=(1024, 2048)), rng.normal(size=(1024, 2048))), {}


def by_jax(*arrays, axis=0):
    import jax.numpy as jnp

    return jnp.concatenate(arrays, axis=axis)


def by_torch(*arrays, axis=0):
    import torch

    return torch.cat(arrays, dim=axis)


def by_autograd(*arrays, axis=0):
    import autograd.numpy as anp

    return anp.concatenate(arrays, axis=axis)


EQUIVALENT = {
    "n = len(arrays_and_dots) // 2 -> n = -(len(arrays_and_dots) // 2)": (
        "Of 2 n arguments, [:-n] are the first n and [-n:] the last n."
    )
}

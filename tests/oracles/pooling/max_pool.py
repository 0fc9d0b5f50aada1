"""Max pooling by plain loops, and as the libraries call it."""

import itertools
import math

import numpy as np


def _each(number, dims):
    return (number,) * dims if isinstance(number, int) else tuple(number)


def _held(x, window, stride, padding):
    dims = x.ndim - 2
    window = _each(window, dims)
    stride = window if stride is None else _each(stride, dims)
    return window, stride, _each(padding, dims)


def value(x, *, window, stride=None, padding=0):
    window, stride, padding = _held(x, window, stride, padding)
    sizes = x.shape[2:]
    places = [
        (n + 2 * p - k) // s + 1
        for n, k, s, p in zip(sizes, window, stride, padding, strict=True)
    ]
    y = np.empty((*x.shape[:2], *places))
    for n, c, *m in np.ndindex(y.shape):
        largest = -math.inf
        for k in np.ndindex(*window):
            i = [
                s * a + b - p for s, a, b, p in zip(stride, m, k, padding, strict=True)
            ]
            if all(0 <= a < size for a, size in zip(i, sizes, strict=True)):
                largest = max(largest, x[(n, c, *i)])
        y[(n, c, *m)] = largest
    return y


def large(rng):
    return (rng.normal(size=(16, 16, 128, 128)),), {"window": 2}


def by_jax(x, *, window, stride=None, padding=0):
    import jax
    import jax.numpy as jnp

    window, stride, padding = _held(x, window, stride, padding)
    return jax.lax.reduce_window(
        x,
        -jnp.inf,
        jax.lax.max,
        (1, 1, *window),
        (1, 1, *stride),
        [(0, 0), (0, 0), *((p, p) for p in padding)],
    )


def by_torch(x, *, window, stride=None, padding=0):
    from torch.nn import functional

    pool = getattr(functional, f"max_pool{x.ndim - 2}d")
    return pool(x, window, stride, padding)


def _stacked(np_like, x, window, stride, padding):
    """The windows as one array, the taps first."""
    window, stride, padding = _held(x, window, stride, padding)
    edges = [(0, 0), (0, 0), *((p, p) for p in padding)]
    x = np_like.pad(x, edges, "constant", constant_values=-math.inf)
    reach = [
        n - k for n, k in zip(x.shape[2:], window, strict=True)
    ]  # the last place at which a window may begin
    taps = []
    for k in itertools.product(*map(range, window)):
        at = (slice(b, b + r + 1, s) for b, r, s in zip(k, reach, stride, strict=True))
        taps.append(x[(slice(None), slice(None), *at)])
    return np_like.stack(taps)


def by_autograd(x, *, window, stride=None, padding=0):
    """max of stacked windows"""
    import autograd.numpy as anp

    return anp.max(_stacked(anp, x, window, stride, padding), axis=0)


def jax_stacked(x, *, window, stride=None, padding=0):
    import jax.numpy as jnp

    return jnp.max(_stacked(jnp, x, window, stride, padding), axis=0)


AT_KINKS = {"JAX, max of stacked windows": jax_stacked}

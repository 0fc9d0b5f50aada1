"""Average pooling by plain loops, and as the libraries call it."""

import math

import numpy as np


def _each(number, dims):
    return (number,) * dims if isinstance(number, int) else tuple(number)


def _held(x, window, stride, padding):
    dims = x.ndim - 2
    window = _each(window, dims)
    stride = window if stride is None else _each(stride, dims)
    return window, stride, _each(padding, dims)


def value(x, *, window, stride=None, padding=0, count_include_pad=True):
    window, stride, padding = _held(x, window, stride, padding)
    sizes = x.shape[2:]
    places = [
        (n + 2 * p - k) // s + 1
        for n, k, s, p in zip(sizes, window, stride, padding, strict=True)
    ]
    y = np.empty((*x.shape[:2], *places))
    for n, c, *m in np.ndindex(y.shape):
        found = []
        for k in np.ndindex(*window):
            i = [
                s * a + b - p for s, a, b, p in zip(stride, m, k, padding, strict=True)
            ]
            if all(0 <= a < size for a, size in zip(i, sizes, strict=True)):
                found.append(x[(n, c, *i)])
        count = math.prod(window) if count_include_pad else len(found)
        y[(n, c, *m)] = math.fsum(found) / count
    return y


def large(rng):
    return (rng.normal(size=(16, 16, 128, 128)),), {"window": 2}


def by_jax(x, *, window, stride=None, padding=0, count_include_pad=True):
    import jax
    import jax.numpy as jnp

    window, stride, padding = _held(x, window, stride, padding)

    def total(a):
        edges = [(0, 0), (0, 0), *((p, p) for p in padding)]
        return jax.lax.reduce_window(
            a, 0.0, jax.lax.add, (1, 1, *window), (1, 1, *stride), edges
        )

    count = math.prod(window) if count_include_pad else total(jnp.ones_like(x))
    return total(x) / count


def by_torch(x, *, window, stride=None, padding=0, count_include_pad=True):
    from torch.nn import functional

    pool = getattr(functional, f"avg_pool{x.ndim - 2}d")
    return pool(x, window, stride, padding, count_include_pad=count_include_pad)


def by_autograd(x, *, window, stride=None, padding=0, count_include_pad=True):
    import autograd.numpy as anp

    window, stride, padding = _held(x, window, stride, padding)
    edges = [(0, 0), (0, 0), *((p, p) for p in padding)]

    def total(a):
        a = anp.pad(a, edges, "constant")
        taps = []
        for k in np.ndindex(*window):
            at = [
                slice(b, n - w + b + 1, s)
                for b, n, w, s in zip(k, a.shape[2:], window, stride, strict=True)
            ]
            taps.append(a[(slice(None), slice(None), *at)])
        return sum(taps)

    count = math.prod(window) if count_include_pad else total(np.ones(x.shape))
    return total(x) / count

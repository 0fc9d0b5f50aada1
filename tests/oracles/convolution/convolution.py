"""Convolution by plain loops, and as the libraries call it."""

import itertools

import numpy as np


def _each(number, dims):
    return (number,) * dims if isinstance(number, int) else tuple(number)


def value(x, w, *, stride=1, padding=0, dilation=1, groups=1):
    sizes, (outs, per, *kernel) = x.shape[2:], w.shape
    dims = len(sizes)
    s, p, d = (_each(a, dims) for a in (stride, padding, dilation))
    places = [
        (sizes[a] + 2 * p[a] - d[a] * (kernel[a] - 1) - 1) // s[a] + 1
        for a in range(dims)
    ]
    y = np.zeros((len(x), outs, *places))
    for n, o, *m in np.ndindex(y.shape):
        first = (o // (outs // groups)) * per  # of the input channels of o's group
        for c, *k in np.ndindex(w.shape[1:]):
            i = [s[a] * m[a] + d[a] * k[a] - p[a] for a in range(dims)]
            if all(0 <= i[a] < sizes[a] for a in range(dims)):
                y[(n, o, *m)] += w[(o, c, *k)] * x[(n, first + c, *i)]
    return y


def library(x, w, *, stride=1, padding=0, dilation=1, groups=1):
    from scipy.signal import correlate

    dims = x.ndim - 2
    s, p, d = (_each(a, dims) for a in (stride, padding, dilation))
    x = np.pad(x, [(0, 0), (0, 0), *((a, a) for a in p)])
    span = [d[a] * (w.shape[2 + a] - 1) + 1 for a in range(dims)]
    wide = np.zeros((*w.shape[:2], *span))
    wide[(..., *(slice(None, None, a) for a in d))] = w
    every = (..., *(slice(None, None, a) for a in s))
    rows = []
    for n, o in itertools.product(range(len(x)), range(len(w))):
        first = (o // (len(w) // groups)) * w.shape[1]
        planes = [
            correlate(x[n, first + c], wide[o, c], "valid", "direct")[every]
            for c in range(w.shape[1])
        ]
        rows.append(sum(planes))
    if not rows:
        return value(x, w, stride=s, dilation=d, groups=groups)
    return np.array(rows).reshape(len(x), len(w), *rows[0].shape)


def large(rng):
    return (rng.normal(size=(8, 16, 64, 64)), rng.normal(size=(32, 16, 3, 3))), {
        "padding": 1
    }


def by_jax(x, w, *, stride=1, padding=0, dilation=1, groups=1):
    import jax

    dims = x.ndim - 2
    return jax.lax.conv_general_dilated(
        x,
        w,
        window_strides=_each(stride, dims),
        padding=[(p, p) for p in _each(padding, dims)],
        rhs_dilation=_each(dilation, dims),
        feature_group_count=groups,
    )


def by_torch(x, w, **held):
    from torch.nn import functional

    return getattr(functional, f"conv{x.ndim - 2}d")(x, w, **held)


def by_autograd(x, w, *, stride=1, padding=0, dilation=1, groups=1):
    import autograd.numpy as anp
    from autograd.scipy.signal import convolve

    dims = x.ndim - 2
    if _each(dilation, dims) != (1,) * dims:
        raise NotImplementedError("autograd.scipy.signal.convolve has no dilation.")
    if x.size == 0:
        raise NotImplementedError("scipy.signal.convolve refuses an empty batch.")
    edges = [(p, p) for p in _each(padding, dims)]
    x = anp.pad(x, [(0, 0), (0, 0), *edges], "constant")
    axes = list(range(2, x.ndim))
    flipped = w[(..., *(slice(None, None, -1) for _ in axes))]
    x_groups = anp.split(x, groups, axis=1)
    w_groups = anp.split(flipped, groups, axis=0)
    y = anp.concatenate(
        [
            convolve(a, b, axes=(axes, axes), dot_axes=([1], [1]), mode="valid")
            for a, b in zip(x_groups, w_groups, strict=True)
        ],
        axis=1,
    )
    return y[(..., *(slice(None, None, s) for s in _each(stride, dims)))]

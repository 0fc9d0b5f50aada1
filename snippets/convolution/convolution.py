"""Convolution in any number of dimensions: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def convolution(x, w, *, stride=1, padding=0, dilation=1, groups=1):
    """Return y[n,o,m] = sum over c, k of w[o,c,k] x[n,c,s m + d k - p].

    x, x_bar: (N, C, *sizes).  w, w_bar: (O, C / groups, *kernel).
    y, y_bar: (N, O, *places).  Kept for the pullback: x as columns, w.
    """
    if x.ndim != w.ndim or x.shape[1] != groups * w.shape[1]:
        raise ValueError(f"x {x.shape}, w {w.shape}, groups={groups}")
    cols = im2col(x, w.shape[2:], stride, padding, dilation)
    taps, places = np.prod(w.shape[1:]), cols.shape[w.ndim :]
    X = cols.reshape(len(x), groups, taps, np.prod(places))
    W = w.reshape(groups, len(w) // groups, taps)
    Y = W @ X  # a linear layer, shared by all places
    x_shape, cols_shape, Y_shape = x.shape, cols.shape, Y.shape

    def pullback(y_bar):
        Y_bar = y_bar.reshape(Y_shape)
        w_bar = (Y_bar @ X.mT).sum(axis=0).reshape(w.shape)
        cols_bar = (W.mT @ Y_bar).reshape(cols_shape)
        return col2im(cols_bar, x_shape, stride, padding, dilation), w_bar

    return Y.reshape(len(x), len(w), *places), pullback
# --8<-- [end:rule]


# --8<-- [start:im2col]
def im2col(x, kernel, stride, padding, dilation, fill=0.0):
    """Return cols[n,c,k,m] = x[n,c,s m + d k - p], fill outside of x.

    x: (N, C, *sizes).  cols: (N, C, *kernel, *places), read-only.
    """
    dims = len(kernel)
    s, p, d = (np.full(dims, a).tolist() for a in (stride, padding, dilation))
    edges = [(0, 0), (0, 0), *zip(p, p, strict=True)]
    x = np.pad(x, edges, constant_values=fill)
    span = [b * (k - 1) + 1 for b, k in zip(d, kernel, strict=True)]
    fits = all(n >= k for n, k in zip(x.shape[2:], span, strict=True))
    if min([*s, *d, *kernel], default=0) < 1 or not fits:
        raise ValueError(f"padded {x.shape}, kernel {kernel} spans {span}")
    axes = tuple(range(2, x.ndim))
    cols = np.lib.stride_tricks.sliding_window_view(x, span, axis=axes)
    steps = (slice(None, None, step) for step in s + d)
    cols = cols[(..., *steps)]  # (N, C, *places, *kernel)
    return np.moveaxis(cols, range(-dims, 0), axes)
# --8<-- [end:im2col]


# --8<-- [start:col2im]
def col2im(cols, shape, stride, padding, dilation):
    """Transpose of im2col: add every window back to where it was read.

    cols: (N, C, *kernel, *places).  The result has `shape`, (N, C, *sizes).
    """
    dims = len(shape) - 2
    s, p, d = (np.full(dims, a).tolist() for a in (stride, padding, dilation))
    sizes, kernel = shape[2:], cols.shape[2 : 2 + dims]
    padded = [q + n + q for q, n in zip(p, sizes, strict=True)]
    x = np.zeros((*shape[:2], *padded), cols.dtype)
    ends = np.multiply(s, cols.shape[2 + dims :])
    for k in np.ndindex(kernel):  # one tap of the kernel, all its places
        start = np.multiply(d, k)
        at = map(slice, start, start + ends, s)
        x[(..., *at)] += cols[(slice(None), slice(None), *k)]
    inside = map(slice, p, np.add(p, sizes))  # the padding is cut off
    return x[(..., *inside)]
# --8<-- [end:col2im]


# --8<-- [start:jvp]
def convolution_jvp(
    x, w, x_dot, w_dot, *, stride=1, padding=0, dilation=1, groups=1
):
    """Return y and its tangent.  x_dot: as x; w_dot: as w; y_dot: as y."""

    def star(a, b):
        held = {"stride": stride, "padding": padding, "dilation": dilation}
        return convolution(a, b, **held, groups=groups)[0]

    return star(x, w), star(x_dot, w) + star(x, w_dot)
# --8<-- [end:jvp]


def cases(rng):
    def pair(x_shape, w_shape):
        return rng.normal(size=x_shape), rng.normal(size=w_shape)

    yield pair((2, 3, 5, 4), (2, 3, 3, 2)), {}
    held = {"stride": 2, "padding": 1, "dilation": 2}
    yield pair((2, 2, 8), (3, 2, 3)), held
    held = {"stride": (2, 1), "padding": (0, 1), "dilation": (1, 2)}
    yield pair((1, 2, 6, 5), (2, 2, 3, 2)), held
    yield pair((2, 4, 4), (6, 2, 2)), {"groups": 2, "padding": 1}
    yield pair((1, 3, 3, 3), (3, 1, 2, 2)), {"groups": 3}
    yield pair((1, 1, 3, 4, 2), (2, 1, 2, 2, 1)), {"padding": (0, 1, 0)}
    yield pair((0, 2, 5), (3, 2, 2)), {}
    yield pair((1, 1, 9), (1, 1, 2)), {"stride": 3}  # entries never read
    yield pair((1, 1, 2), (2, 1, 2)), {"padding": 3}  # wider than the kernel
    held = {"stride": 2, "padding": (1, 0), "dilation": (2, 1), "groups": 2}
    yield pair((1, 4, 5, 4), (4, 2, 2, 3)), held  # every option at once


ANALYTIC = True

REFUSES = [
    ((np.zeros((1, 3, 5)), np.zeros((2, 2, 3))), {}, ValueError),
    ((np.zeros((1, 2, 5)), np.zeros((2, 2))), {}, ValueError),
    ((np.zeros((1, 2, 5)), np.zeros((2, 2, 3))), {"dilation": 3}, ValueError),
    ((np.zeros((1, 4, 5)), np.zeros((3, 2, 3))), {"groups": 2}, ValueError),
    ((np.zeros((1, 1, 5)), np.zeros((1, 1, 0))), {}, ValueError),
    ((np.zeros((1, 1, 5)), np.zeros((1, 1, 3))), {"stride": -1}, ValueError),
    ((np.zeros((1, 1, 5)), np.zeros((1, 1, 3))), {"dilation": 0}, ValueError),
    ((np.zeros((2, 3)), np.zeros((4, 3))), {}, ValueError),
]

PICTURE = (
    (
        np.array([[[1.0, -1.0, 0.5, 2.0, -0.5, 1.5]]]),
        np.array([[[3.0, 1.0, -2.0]]]),
    ),
    {},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[[1.0, 2.0, 3.0, 4.0]]])
    w = np.array([[[1.0, 10.0, 100.0]]])
    y, pullback = convolution(x, w)
    print(y)

    y_bar = np.array([[[1.0, 2.0]]])
    x_bar, w_bar = pullback(y_bar)
    print(x_bar)
    print(w_bar)
    # --8<-- [end:use]

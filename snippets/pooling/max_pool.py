"""Max pooling in any number of dimensions: value, pullback, JVP."""

from snippets.convolution.convolution import col2im, im2col

# --8<-- [start:rule]
import numpy as np


def max_pool(x, *, window, stride=None, padding=0):
    """Return the largest entry of each window; the first one, at a tie.

    x, x_bar: (N, C, *sizes), floats.  y, y_bar: (N, C, *places).
    Without a stride, windows lie side by side.  Padding is -inf.
    Kept for the pullback: for each place, which tap won.
    """
    window = np.full(x.ndim - 2, window).tolist()
    stride = window if stride is None else stride
    seen = windows(x, window, stride, padding, -np.inf)
    best = seen.argmax(axis=2)[:, :, None]  # the first of equals
    y = np.take_along_axis(seen, best, axis=2)[:, :, 0]
    x_shape, shape = x.shape, seen.shape

    def pullback(y_bar):
        seen_bar = np.zeros(shape, y_bar.dtype)
        np.put_along_axis(seen_bar, best, y_bar[:, :, None], axis=2)
        cols_bar = seen_bar.reshape(*shape[:2], *window, *shape[3:])
        return (col2im(cols_bar, x_shape, stride, padding, 1),)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:windows]
def windows(x, window, stride, padding, fill):
    """Return what each window sees, (N, C, taps, *places)."""
    if x.dtype.kind != "f":
        raise TypeError(f"-inf is no padding for {x.dtype}")
    if 0 in x.shape[2:] or (2 * np.array(padding) > window).any():
        raise ValueError(f"x {x.shape}, window {window}, padding {padding}")
    cols = im2col(x, window, stride, padding, 1, fill)
    return cols.reshape(*x.shape[:2], np.prod(window), *cols.shape[x.ndim :])
# --8<-- [end:windows]


# --8<-- [start:jvp]
def max_pool_jvp(x, x_dot, *, window, stride=None, padding=0):
    """Return y and its tangent.  x_dot: as x; y_dot: as y."""
    window = np.full(x.ndim - 2, window).tolist()
    stride = window if stride is None else stride
    seen = windows(x, window, stride, padding, -np.inf)
    best = seen.argmax(axis=2)[:, :, None]
    seen_dot = windows(x_dot, window, stride, padding, 0.0)
    y, y_dot = (np.take_along_axis(a, best, axis=2) for a in (seen, seen_dot))
    return y[:, :, 0], y_dot[:, :, 0]
# --8<-- [end:jvp]


def cases(rng):
    def apart(*shape):  # no two entries nearer than 0.3, all below zero
        return -0.3 * (1.0 + rng.permutation(np.prod(shape)).reshape(shape))

    yield (apart(2, 3, 4, 6),), {"window": 2}
    yield (apart(2, 2, 7),), {"window": 3, "stride": 2, "padding": 1}
    held = {"window": (3, 2), "stride": (1, 2), "padding": (1, 0)}
    yield (apart(1, 2, 5, 4),), held
    yield (apart(1, 1, 3, 4, 2),), {"window": (2, 2, 1)}
    yield (apart(1, 2, 7),), {"window": 3}  # the last entry is never seen
    yield (apart(2, 2, 3, 2),), {"window": (3, 2)}  # the whole plane
    yield (np.zeros((0, 2, 4)),), {"window": 2}


KINKS = [
    {
        "at": "x = (5, 5), one window",
        "x": (np.array([[[5.0, 5.0]]]),),
        "held": {"window": 2},
        "y_bar": np.array([[[1.0]]]),
        "x_bar": (np.array([[[1.0, 0.0]]]),),
        "why": "One winner for each window keeps the pullback a copy of the "
        "upstream; the first is what the peers' pooling takes.",
    },
    {
        "at": "x = (0, 0, 0), windows of 2, stride 1",
        "x": (np.array([[[0.0, 0.0, 0.0]]]),),
        "held": {"window": 2, "stride": 1},
        "y_bar": np.array([[[1.0, 1.0]]]),
        "x_bar": (np.array([[[1.0, 1.0, 0.0]]]),),
        "why": "Each window settles its tie alone, by position.",
    },
    {
        "at": "x = (1, nan, 2, nan), one window",
        "x": (np.array([[[1.0, np.nan, 2.0, np.nan]]]),),
        "held": {"window": 4},
        "y": np.array([[[np.nan]]]),
        "y_bar": np.array([[[1.0]]]),
        "x_bar": (np.array([[[0.0, 1.0, 0.0, 0.0]]]),),
        "why": "A nan is passed on, and the first nan is the winner.",
    },
    {
        "at": "x = (-inf, -inf), each beside padding",
        "x": (np.array([[[-np.inf, -np.inf]]]),),
        "held": {"window": 2, "padding": 1},
        "y": np.array([[[-np.inf, -np.inf]]]),
        "y_bar": np.array([[[1.0, 1.0]]]),
        "x_bar": (np.array([[[0.0, 1.0]]]),),
        "why": "Padding is -inf too; the tie is settled by position, and "
        "what goes to the padding is cut off.",
    },
]

REFUSES = [
    ((np.zeros((1, 1, 4)),), {"window": 2, "padding": 2}, ValueError),
    ((np.zeros((1, 1, 4)),), {"window": 5}, ValueError),
    ((np.zeros((1, 1, 0)),), {"window": 2, "padding": 1}, ValueError),
]

PICTURE = (np.array([[[1.0, 3.0, 2.0, 0.0, 5.0, -1.0, 4.0]]]),), {
    "window": 3,
    "stride": 2,
}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[[1.0, 3.0, 2.0, 0.0, 5.0, -1.0, 4.0]]])
    y, pullback = max_pool(x, window=3, stride=2)
    print(y)

    y_bar = np.array([[[1.0, 10.0, 100.0]]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

"""The variance over axes, biased or unbiased: value, pullback, JVP."""

# --8<-- [start:rule]
import math

import numpy as np


def variance(x, *, axis=None, ddof=0, keepdims=False):
    """Return v, the sum of squared deviations over n - ddof, along axis.

    axis: an int, a tuple, or None for all axes.  ddof: 0 biased, 1 unbiased.
    x, x_bar: any shape with n > ddof entries in a slice.  v, v_bar: without
    the axes reduced, or with length 1 there.  Kept: the deviations.
    """
    shape = np.shape(x)
    axes = tuple(range(len(shape))) if axis is None else axis
    n = math.prod(shape[i] for i in np.atleast_1d(axes))
    if n <= ddof:
        raise ValueError(f"{n} entries along {axis} of {shape}, ddof {ddof}")
    deviation = x - np.mean(x, axis=axes, keepdims=True)
    squares = (deviation * deviation).sum(axis=axes, keepdims=keepdims)

    def pullback(v_bar):
        g = v_bar if keepdims else np.expand_dims(v_bar, axes)
        return (g * deviation * (2 / (n - ddof)),)

    return squares / (n - ddof), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def variance_jvp(x, x_dot, *, axis=None, ddof=0, keepdims=False):
    """Return v and its tangent: the deviations paired with x_dot."""
    v, _ = variance(x, axis=axis, ddof=ddof, keepdims=keepdims)
    deviation = x - np.mean(x, axis=axis, keepdims=True)
    paired = (deviation * x_dot).sum(axis=axis, keepdims=keepdims)
    axes = range(np.ndim(x)) if axis is None else axis
    n = math.prod(np.shape(x)[i] for i in np.atleast_1d(axes))
    return v, paired * (2 / (n - ddof))
# --8<-- [end:jvp]


def cases(rng):
    def at(*shape, spread=1.0, **held):
        return (spread * rng.normal(size=shape),), held

    yield at(3, 4, spread=np.array([[0.2], [1.0], [9.0]]), axis=1)
    yield at(3, 3, axis=0, ddof=1)
    yield at(2, 3, 4, axis=(0, -1), ddof=1)
    yield at(2, 3, 4, axis=1, keepdims=True)
    yield at(2, 3, keepdims=True, ddof=2)
    yield at(5, ddof=1)
    yield (100.0 + rng.normal(size=(2, 4)),), {"axis": -1}
    yield at(0, 3, axis=1, ddof=1)
    yield at(0, 3, axis=1)
    yield (rng.uniform(-2e12, 2e12, (2, 4)),), {"axis": 1}


ANALYTIC = True

REFUSES = [
    ((np.zeros((2, 0)),), {"axis": 1}, ValueError),
    ((np.zeros((2, 1)),), {"axis": 1, "ddof": 1}, ValueError),
    ((np.zeros(()),), {"ddof": 1}, ValueError),
]

KINKS = [
    {
        "at": "x = (2, 2, 2)",
        "x": (np.full(3, 2.0),),
        "held": {},
        "y": np.array(0.0),
        "y_bar": np.array(1.0),
        "x_bar": (np.zeros(3),),
        "why": "The variance has its minimum here and is smooth; its root, "
        "the standard deviation, has a corner.",
    },
    {
        "at": "x = (2)",
        "x": (np.full(1, 2.0),),
        "held": {},
        "y": np.array(0.0),
        "y_bar": np.array(1.0),
        "x_bar": (np.zeros(1),),
        "why": "One entry has no deviation, so the value is 0 at every x.",
    },
    {
        "at": "x = (nan, 1, 2)",
        "x": (np.array([np.nan, 1.0, 2.0]),),
        "held": {},
        "y": np.array(np.nan),
        "y_bar": np.array(1.0),
        "x_bar": (np.full(3, np.nan),),
        "why": "The mean is nan, and every deviation is measured from it.",
    },
]

PICTURE = (np.array([[1.0, 2.0, 3.0, 6.0], [4.0, 0.0, 5.0, -1.0]]),), {
    "axis": 1
}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 2.0, 6.0], [3.0, 3.0, 3.0]])
    v, pullback = variance(x, axis=1, ddof=1)
    print(v)

    (x_bar,) = pullback(np.array([1.0, 10.0]))
    print(x_bar)
    # --8<-- [end:use]

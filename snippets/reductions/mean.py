"""The mean over axes: value, pullback, JVP."""

# --8<-- [start:rule]
import math

import numpy as np


def mean(x, *, axis=None, keepdims=False):
    """Return y, the mean over axis: an int, a tuple, or None for all axes.

    x, x_bar: any shape with an entry to average.  y, y_bar: without the axes
    averaged, or with length 1 there (keepdims).  Kept: the shape of x.
    """
    shape = np.shape(x)
    axes = tuple(range(len(shape))) if axis is None else axis
    count = math.prod(shape[i] for i in np.atleast_1d(axes))  # in one mean
    if count == 0:
        raise ValueError(f"no entry along axis {axis} of shape {shape}")
    y = np.mean(x, axis=axis, keepdims=keepdims)

    def pullback(y_bar):
        g = y_bar if keepdims else np.expand_dims(y_bar, axes)
        # count may overflow float16, its reciprocal does not
        return (np.broadcast_to(g * (1 / count), shape),)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def mean_jvp(x, x_dot, *, axis=None, keepdims=False):
    """Return y and its tangent: the mean is linear."""
    y, _ = mean(x, axis=axis, keepdims=keepdims)
    return y, np.mean(x_dot, axis=axis, keepdims=keepdims)
# --8<-- [end:jvp]


def cases(rng):
    def at(*shape, **held):
        return (rng.normal(size=shape),), held

    yield at(3, 4)
    yield at(3, 3, axis=0)
    yield at(3, 3, axis=-1)
    yield at(2, 3, 4, axis=(0, -1))
    yield at(2, 3, 4, axis=1, keepdims=True)
    yield at(2, 3, keepdims=True)
    yield at(0, 3, axis=1)
    yield at()
    yield (rng.uniform(1e-12, 2e-12, (2, 3)),), {"axis": 1}


ANALYTIC = True

REFUSES = [
    ((np.zeros((2, 0)),), {"axis": 1}, ValueError),
    ((np.zeros((0, 3)),), {}, ValueError),
]

PICTURE = (np.arange(8.0).reshape(2, 4),), {"axis": 0}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 2.0, 6.0], [3.0, 4.0, 5.0]])
    y, pullback = mean(x, axis=1)
    print(y)

    y_bar = np.array([30.0, -3.0])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

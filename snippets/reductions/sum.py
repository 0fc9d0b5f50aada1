"""The sum over axes: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def sum_(x, *, axis=None, keepdims=False):
    """Return y, the sum over axis: an int, a tuple, or None for all axes.

    x, x_bar: any shape.  y, y_bar: without the summed axes, or with length 1
    there (keepdims).  x_bar is a read-only view.  Kept: the shape of x.
    """
    y = np.sum(x, axis=axis, keepdims=keepdims)
    shape = np.shape(x)
    axes = tuple(range(len(shape))) if axis is None else axis

    def pullback(y_bar):
        g = y_bar if keepdims else np.expand_dims(y_bar, axes)
        return (np.broadcast_to(g, shape),)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def sum_jvp(x, x_dot, *, axis=None, keepdims=False):
    """Return y and its tangent: the sum is linear."""
    y_dot = np.sum(x_dot, axis=axis, keepdims=keepdims)
    return np.sum(x, axis=axis, keepdims=keepdims), y_dot
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
    yield at(2, 0, axis=1)  # an empty sum is 0
    yield at(0, 3, axis=1)
    yield at()
    yield (rng.uniform(1e12, 2e12, (2, 3)),), {"axis": 1}


ANALYTIC = True

REFUSES = [((np.zeros((2, 3)),), {"axis": 2}, ValueError)]

PICTURE = (np.arange(12.0).reshape(3, 4),), {"axis": 1}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    y, pullback = sum_(x, axis=1)
    print(y)

    y_bar = np.array([10.0, -1.0])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

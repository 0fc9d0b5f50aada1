"""Squared Euclidean norm, of a whole array or along axes: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def squared_norm(x, *, axis=None):
    """Return y = sum of x * x along axis: an int, a tuple, or None for all.

    x, x_bar: any shape, real.  y, y_bar: that shape without axis.
    Kept for the pullback: x.
    """
    x = x + 0.0  # integers become floats
    y = (x * x).sum(axis=axis, keepdims=True)
    y_shape = y.shape

    def pullback(y_bar):
        return (2 * x * np.reshape(y_bar, y_shape),)

    return y.squeeze(axis), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def squared_norm_jvp(x, x_dot, *, axis=None):
    """Return y and its tangent 2 <x, x_dot>.  x, x_dot: one shape."""
    y, _ = squared_norm(x, axis=axis)
    return y, 2 * (x * x_dot).sum(axis=axis)
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=5),), {}
    yield (rng.normal(size=(3, 4)),), {}
    yield (rng.normal(size=(3, 4)),), {"axis": 1}
    yield (rng.normal(size=(2, 3, 4)),), {"axis": (0, 2)}
    yield (np.array([1e6, -1.0, 1e-6]),), {"axis": 0}
    yield (rng.normal(size=(0, 3)),), {"axis": 1}
    yield (rng.normal(size=(3, 0)),), {"axis": 1}


ANALYTIC = True

PICTURE = (np.array([[1.0, -2.0, 0.5, 1.5], [3.0, 0.0, -1.0, 2.0]]),), {"axis": 1}


if __name__ == "__main__":
    # --8<-- [start:use]
    X = np.array([[1.0, 2.0, 2.0], [0.0, 3.0, -4.0]])
    y, pullback = squared_norm(X, axis=1)
    print(y)

    y_bar = np.array([1.0, 10.0])
    (X_bar,) = pullback(y_bar)
    print(X_bar)
    # --8<-- [end:use]

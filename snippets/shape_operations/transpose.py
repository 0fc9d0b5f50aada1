"""Permuting axes: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def transpose(x, *, axes=None):
    """Return y whose axis k is axis axes[k] of x.

    axes: a permutation, negative places allowed; None reverses the order.
    x, x_bar: any shape.  y, y_bar: the sizes of x in the order of axes.
    """
    y = np.transpose(x, axes)
    n = np.ndim(x)
    order = range(n)[::-1] if axes is None else axes
    inverse = np.argsort([a % n for a in order])

    def pullback(y_bar):
        return (np.transpose(y_bar, inverse),)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def transpose_jvp(x, x_dot, *, axes=None):
    """Return y and its tangent.  x_dot: as x.  y_dot: as y."""
    return np.transpose(x, axes), np.transpose(x_dot, axes)
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(2, 3)),), {}
    yield (rng.normal(size=(2, 3, 4)),), {"axes": (1, 2, 0)}
    yield (rng.normal(size=(2, 3, 2)),), {"axes": (-1, 0, 1)}
    yield (rng.normal(size=(2, 3, 2)),), {}
    yield (rng.normal(size=4),), {"axes": (0,)}
    yield (rng.normal(size=()),), {}
    yield (rng.normal(size=(0, 3)),), {}


ANALYTIC = True

REFUSES = [
    ((np.zeros((2, 3)),), {"axes": (0, 2)}, ValueError),
]

PICTURE = (np.arange(6.0).reshape(2, 3),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.arange(24.0).reshape(2, 3, 4)
    y, pullback = transpose(x, axes=(1, 2, 0))
    print(y.shape, y[2, 1, 0], x[0, 2, 1])

    y_bar = 10.0 * y
    (x_bar,) = pullback(y_bar)
    print(x_bar.shape, np.array_equal(x_bar, 10.0 * x))
    # --8<-- [end:use]

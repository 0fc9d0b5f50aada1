"""Reshape: the same entries in the same order under another shape."""

# --8<-- [start:rule]
import numpy as np


def reshape(x, *, shape):
    """Return y, the entries of x in row-major order, in another shape.

    x, x_bar: any shape.  y, y_bar: shape, of as many entries; one of its
    sizes may be -1.  Kept for the pullback: the shape of x.
    """
    y = np.reshape(x, shape)
    x_shape = np.shape(x)

    def pullback(y_bar):
        return (np.reshape(y_bar, x_shape),)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def reshape_jvp(x, x_dot, *, shape):
    """Return y and its tangent.  x_dot: as x.  y_dot: as y."""
    return np.reshape(x, shape), np.reshape(x_dot, shape)
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(2, 6)),), {"shape": (3, 4)}
    yield (rng.normal(size=(2, 3, 2)),), {"shape": (2, -1)}
    yield (rng.normal(size=(3, 2)),), {"shape": -1}
    yield (rng.normal(size=()),), {"shape": (1, 1)}
    yield (rng.normal(size=(1, 1)),), {"shape": ()}
    yield (rng.normal(size=(0, 3)),), {"shape": (2, 0)}


ANALYTIC = True

REFUSES = [
    ((np.zeros((2, 3)),), {"shape": (4,)}, ValueError),
    ((np.zeros((2, 3)),), {"shape": (4, -1)}, ValueError),
]

PICTURE = (np.arange(6.0).reshape(2, 3),), {"shape": (3, 2)}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    y, pullback = reshape(x, shape=(3, -1))
    print(y)

    y_bar = np.array([[10.0, 20.0], [30.0, 40.0], [50.0, 60.0]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

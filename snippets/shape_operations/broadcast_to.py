"""Broadcasting to a shape, and the sum that undoes it."""

# --8<-- [start:rule]
import numpy as np


def broadcast_to(x, *, shape):
    """Return y, x repeated along new leading axes and axes of size 1.

    x, x_bar: any shape that broadcasts to `shape`.  y, y_bar: shape.
    y is a read-only view of x.  Kept for the pullback: the shape of x.
    """
    y = np.broadcast_to(x, shape)
    x_shape = np.shape(x)

    def pullback(y_bar):
        return (unbroadcast(y_bar, x_shape),)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:unbroadcast]
def unbroadcast(g, shape):
    """Sum g over the axes along which an array of `shape` was broadcast."""
    if g.shape == shape:
        return g  # nothing was repeated
    new = tuple(range(g.ndim - len(shape)))
    ones = tuple(len(new) + i for i, n in enumerate(shape) if n == 1)
    return g.sum(axis=new + ones, keepdims=True).squeeze(new)
# --8<-- [end:unbroadcast]


# --8<-- [start:jvp]
def broadcast_to_jvp(x, x_dot, *, shape):
    """Return y and its tangent.  x, x_dot: alike.  y, y_dot: shape."""
    return np.broadcast_to(x, shape), np.broadcast_to(x_dot, shape)
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=3),), {"shape": (2, 3)}
    yield (rng.normal(size=(2, 1)),), {"shape": (2, 3)}
    yield (rng.normal(size=()),), {"shape": (2, 3)}
    yield (rng.normal(size=(3, 1, 2)),), {"shape": (2, 3, 2, 2)}
    yield (rng.normal(size=(1, 3)),), {"shape": (1, 3)}
    yield (rng.normal(size=(1, 2)),), {"shape": (0, 2)}
    yield (rng.normal(size=(0, 1)),), {"shape": (2, 0, 3)}


ANALYTIC = True

REFUSES = [((np.zeros(3),), {"shape": (3, 2)}, ValueError)]

PICTURE = (np.array([[1.0], [2.0], [3.0]]),), {"shape": (3, 4)}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[10.0], [20.0]])
    y, pullback = broadcast_to(x, shape=(2, 3))
    print(y)

    y_bar = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

"""Inserting unit axes, and squeeze, which removes them."""

# --8<-- [start:rule]
import numpy as np


def expand_dims(x, *, axis):
    """Return y, x with axes of length 1 inserted.  Nothing is kept.

    axis: an int or a tuple of ints, the places of the new axes in y.
    x, x_bar: any shape.  y, y_bar: that shape with a 1 at each place.
    """
    y = np.expand_dims(x, axis)

    def pullback(y_bar):
        return (np.squeeze(y_bar, axis=axis),)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:squeeze]
def squeeze(y, *, axis):
    """Return x, y without the axes of length 1 that `axis` names."""
    x = np.squeeze(y, axis=axis)

    def pullback(x_bar):
        return (np.expand_dims(x_bar, axis),)

    return x, pullback
# --8<-- [end:squeeze]


# --8<-- [start:jvp]
def expand_dims_jvp(x, x_dot, *, axis):
    """Return y and its tangent.  x_dot: as x.  y_dot: as y."""
    return np.expand_dims(x, axis), np.expand_dims(x_dot, axis)
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=3),), {"axis": 0}
    yield (rng.normal(size=3),), {"axis": -1}
    yield (rng.normal(size=(2, 3)),), {"axis": (0, 2)}
    yield (rng.normal(size=(2, 3)),), {"axis": (-1, 1)}
    yield (rng.normal(size=()),), {"axis": (0, 1)}
    yield (rng.normal(size=(1, 3)),), {"axis": 1}
    yield (rng.normal(size=(0, 2)),), {"axis": 1}


ANALYTIC = True

REFUSES = [
    ((np.zeros((2, 3)),), {"axis": 3}, ValueError),
    ((np.zeros((2, 3)),), {"axis": -4}, ValueError),
]


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([1.0, 2.0, 3.0])
    column, pullback = expand_dims(x, axis=1)
    print(column)

    column_bar = np.array([[10.0], [20.0], [30.0]])
    (x_bar,) = pullback(column_bar)
    print(x_bar)
    # --8<-- [end:use]

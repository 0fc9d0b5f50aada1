"""Subtraction with broadcasting: value, pullback, JVP."""

from snippets.shape_operations.broadcast_to import unbroadcast

# --8<-- [start:rule]
import numpy as np


def subtract(a, b):
    """Return y = a - b.  Kept for the pullback: two shapes.

    a, b: shapes that broadcast.  y, y_bar: the shape they broadcast to.
    Integers are subtracted as floats, so unsigned ones do not wrap.
    """
    y = np.subtract(a, b, dtype=np.result_type(a, b, 1.0))
    a_shape, b_shape = np.shape(a), np.shape(b)

    def pullback(y_bar):
        return unbroadcast(y_bar, a_shape), -unbroadcast(y_bar, b_shape)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def subtract_jvp(a, b, a_dot, b_dot):
    """Return y and its tangent.  a_dot: as a.  b_dot: as b.  y_dot: as y."""
    y = np.subtract(a, b, dtype=np.result_type(a, b, 1.0))
    return y, a_dot - b_dot
# --8<-- [end:jvp]


def cases(rng):
    def pair(a_shape, b_shape):
        return (rng.normal(size=a_shape), rng.normal(size=b_shape)), {}

    yield pair((4, 2), (4, 2))
    yield pair(3, (2, 3))
    yield pair((1, 4), (2, 1))
    yield pair((2, 2, 3), (2, 1))
    yield pair((4,), ())
    yield pair((1, 2), (0, 2))
    near = rng.normal(size=5)
    yield (near, near + 1e-6 * rng.normal(size=5)), {}


ANALYTIC = True

REFUSES = [((np.zeros((2, 3)), np.zeros(2)), {}, ValueError)]

PICTURE = (np.zeros((2, 3)), np.zeros((2, 1))), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    a = np.array([[5.0, 1.0], [2.0, 8.0], [4.0, 4.0]])
    b = np.array([[1.0], [2.0], [3.0]])
    y, pullback = subtract(a, b)
    print(y)

    y_bar = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 5.0]])
    a_bar, b_bar = pullback(y_bar)
    print(a_bar)
    print(b_bar)
    # --8<-- [end:use]

"""Addition with broadcasting: value, pullback, JVP."""

from snippets.shape_operations.broadcast_to import unbroadcast

# --8<-- [start:rule]
import numpy as np


def add(a, b):
    """Return y = a + b.  Kept for the pullback: two shapes.

    a, b: shapes that broadcast.  y, y_bar: the shape they broadcast to.
    Integers are added as floats.
    """
    y = np.add(a, b, dtype=np.result_type(a, b, 1.0))
    a_shape, b_shape = np.shape(a), np.shape(b)

    def pullback(y_bar):
        return unbroadcast(y_bar, a_shape), unbroadcast(y_bar, b_shape)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def add_jvp(a, b, a_dot, b_dot):
    """Return y and its tangent.  a_dot: as a.  b_dot: as b.  y_dot: as y."""
    y = np.add(a, b, dtype=np.result_type(a, b, 1.0))
    return y, a_dot + b_dot
# --8<-- [end:jvp]


def cases(rng):
    def pair(a_shape, b_shape):
        return (rng.normal(size=a_shape), rng.normal(size=b_shape)), {}

    yield pair((2, 3), (2, 3))
    yield pair((3, 4), 4)
    yield pair((3, 1), (1, 4))
    yield pair((3, 1), (2, 3, 2))
    yield pair((), 5)
    yield pair((0, 3), (1, 3))
    yield (rng.normal(size=4) * 1e12, rng.normal(size=4) * 1e-3), {}


ANALYTIC = True

REFUSES = [((np.zeros(3), np.zeros(4)), {}, ValueError)]

PICTURE = (np.zeros((2, 3)), np.zeros(3)), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    a = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    b = np.array([10.0, 20.0, 30.0])
    y, pullback = add(a, b)
    print(y)

    y_bar = np.array([[1.0, 2.0, 3.0], [0.5, 0.0, -3.0]])
    a_bar, b_bar = pullback(y_bar)
    print(a_bar)
    print(b_bar)
    # --8<-- [end:use]

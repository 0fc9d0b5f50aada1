"""The elementwise product with broadcasting: value, pullback, JVP."""

from snippets.shape_operations.broadcast_to import unbroadcast

# --8<-- [start:rule]
import numpy as np


def multiply(a, b):
    """Return y = a * b, entry by entry.  Kept for the pullback: a and b.

    a, b: shapes that broadcast.  y, y_bar: the shape they broadcast to.
    Integers are multiplied as floats.
    """
    y = np.multiply(a, b, dtype=np.result_type(a, b, 1.0))

    def pullback(y_bar):
        a_bar = unbroadcast(y_bar * b, np.shape(a))
        b_bar = unbroadcast(y_bar * a, np.shape(b))
        return a_bar, b_bar

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def multiply_jvp(a, b, a_dot, b_dot):
    """Return y and its tangent.  a_dot: as a.  b_dot: as b.  y_dot: as y."""
    y = np.multiply(a, b, dtype=np.result_type(a, b, 1.0))
    return y, a_dot * b + a * b_dot
# --8<-- [end:jvp]


def cases(rng):
    def pair(a_shape, b_shape):
        return (rng.normal(size=a_shape), rng.normal(size=b_shape)), {}

    yield pair((3, 2), (3, 2))
    yield pair((2, 4), 4)
    yield pair((3, 1), (1, 2))
    yield pair((4, 1), (2, 4, 2))
    yield pair((3,), ())
    yield pair((0, 2), 2)
    yield (np.array([0.0, 2.0, 0.0]), np.array([3.0, 0.0, 0.0])), {}
    yield (rng.normal(size=3) * 1e15, rng.normal(size=3) * 1e-15), {}


ANALYTIC = True

REFUSES = [((np.zeros((2, 3)), np.zeros((3, 2))), {}, ValueError)]

PICTURE = (
    (np.array([[1.0, 2.0, 3.0], [-1.0, 0.0, 0.5]]), np.array([[2.0], [-1.0]])),
    {},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    a = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    b = np.array([[2.0], [-1.0]])
    y, pullback = multiply(a, b)
    print(y)

    y_bar = np.array([[1.0, 0.0, 2.0], [3.0, -1.0, 1.0]])
    a_bar, b_bar = pullback(y_bar)
    print(a_bar)
    print(b_bar)
    # --8<-- [end:use]

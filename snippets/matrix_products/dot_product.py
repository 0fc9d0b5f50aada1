"""The dot product along the last axis: value, pullback, JVP."""

from snippets.shape_operations.broadcast_to import unbroadcast

# --8<-- [start:rule]
import numpy as np


def dot_product(a, b):
    """Return y, the sum of a_i b_i over the last axis.  Kept: a and b.

    a, a_bar: (..., n).  b, b_bar: (..., n).  y, y_bar: (...).  Real entries.
    Batch axes broadcast, n does not: ValueError where the two differ.
    """
    y = np.vecdot(a, b)

    def pullback(y_bar):
        g = np.expand_dims(y_bar, -1)  # one number for each pair of vectors
        return unbroadcast(g * b, a.shape), unbroadcast(g * a, b.shape)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def dot_product_jvp(a, b, a_dot, b_dot):
    """Return y and its tangent, by the product rule."""
    return np.vecdot(a, b), np.vecdot(a_dot, b) + np.vecdot(a, b_dot)
# --8<-- [end:jvp]


def cases(rng):
    def pair(a_shape, b_shape):
        return (rng.normal(size=a_shape), rng.normal(size=b_shape)), {}

    yield pair(4, 4)
    yield pair((2, 3), (2, 3))
    yield pair((2, 3), 3)
    yield pair((4, 1, 2), (3, 2))
    yield pair(1, (3, 1))
    yield pair((2, 0), (2, 0))
    yield pair((0, 3), 3)
    yield (rng.uniform(1e5, 2e5, 4), rng.uniform(1e5, 2e5, (2, 4))), {}


REFUSES = [
    ((np.zeros(3), np.zeros(1)), {}, ValueError),
    ((np.zeros((2, 3)), np.zeros((2, 4))), {}, ValueError),
]

PICTURE = (
    np.array([[1.0, 2.0, -1.0], [0.5, -2.0, 1.5]]),
    np.array([3.0, -1.0, 2.0]),
), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    a = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 4.0]])
    b = np.array([2.0, 5.0, -1.0])
    y, pullback = dot_product(a, b)
    print(y)

    a_bar, b_bar = pullback(np.array([1.0, 10.0]))
    print(a_bar)
    print(b_bar)
    # --8<-- [end:use]

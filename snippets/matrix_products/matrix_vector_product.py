"""The product of a matrix and a vector: value, pullback, JVP."""

from snippets.shape_operations.broadcast_to import unbroadcast

# --8<-- [start:rule]
import numpy as np


def matrix_vector_product(W, x):
    """Return y = W x.  Kept for the pullback: W and x.

    W, W_bar: (..., m, n).  x, x_bar: (..., n).  y, y_bar: (..., m).  Batch
    axes broadcast, n does not: ValueError where the two differ.
    """
    y = np.matvec(W, x)

    def pullback(y_bar):
        W_bar = y_bar[..., :, None] * x[..., None, :]  # outer products
        x_bar = np.matvec(W.swapaxes(-1, -2), y_bar)
        return unbroadcast(W_bar, W.shape), unbroadcast(x_bar, x.shape)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def matrix_vector_product_jvp(W, x, W_dot, x_dot):
    """Return y and its tangent, by the product rule."""
    return np.matvec(W, x), np.matvec(W_dot, x) + np.matvec(W, x_dot)
# --8<-- [end:jvp]


def cases(rng):
    def pair(W_shape, x_shape):
        return (rng.normal(size=W_shape), rng.normal(size=x_shape)), {}

    yield pair((3, 4), 4)
    yield pair((3, 3), 3)
    yield pair((3, 2), (4, 2))  # one matrix, a batch of vectors
    yield pair((2, 3, 4), 4)  # a batch of matrices, one vector
    yield pair((2, 1, 2, 3), (4, 3))
    yield pair((1, 3), 3)
    yield pair((2, 0), 0)
    yield pair((0, 2, 3), 3)
    yield (rng.uniform(1e5, 2e5, (2, 3)), rng.uniform(1e5, 2e5, 3)), {}


REFUSES = [
    ((np.zeros((2, 3)), np.zeros(2)), {}, ValueError),
    ((np.zeros((2, 3)), np.zeros(1)), {}, ValueError),
]

PICTURE = (
    np.array([[1.0, 2.0, -1.0], [0.5, -2.0, 1.5]]),
    np.array([3.0, -1.0, 2.0]),
), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    W = np.array([[1.0, 0.0, 2.0], [-1.0, 3.0, 1.0]])
    x = np.array([1.0, 2.0, 3.0])
    y, pullback = matrix_vector_product(W, x)
    print(y)

    W_bar, x_bar = pullback(np.array([1.0, -2.0]))
    print(W_bar)
    print(x_bar)
    # --8<-- [end:use]

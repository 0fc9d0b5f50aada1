"""The matrix product, batched and with vectors: value, pullback, JVP."""

from snippets.shape_operations.broadcast_to import unbroadcast

# --8<-- [start:rule]
import numpy as np


def matmul(a, b):
    """Return y = a @ b.  Kept for the pullback: a and b.

    a: (..., n, k), or (k,) as a row.  b: (..., k, m), or (k,) as a column.
    y: (..., n, m), without the n or m of a vector.  Batch axes broadcast.
    """
    y = a @ b

    def pullback(y_bar):
        A = a if a.ndim > 1 else a[None, :]
        B = b if b.ndim > 1 else b[:, None]
        Y_bar = y_bar if b.ndim > 1 else np.expand_dims(y_bar, -1)
        Y_bar = Y_bar if a.ndim > 1 else np.expand_dims(Y_bar, -2)
        A_bar = Y_bar @ B.swapaxes(-1, -2)
        B_bar = A.swapaxes(-1, -2) @ Y_bar
        a_bar = unbroadcast(A_bar, A.shape).reshape(a.shape)
        b_bar = unbroadcast(B_bar, B.shape).reshape(b.shape)
        return a_bar, b_bar

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def matmul_jvp(a, b, a_dot, b_dot):
    """Return y and its tangent, by the product rule."""
    return a @ b, a_dot @ b + a @ b_dot
# --8<-- [end:jvp]


def cases(rng):
    def pair(a_shape, b_shape):
        return (rng.normal(size=a_shape), rng.normal(size=b_shape)), {}

    yield pair((3, 3), (3, 3))  # square: here a wrong transpose runs
    yield pair((3, 4), (4, 2))
    yield pair(4, 4)
    yield pair(4, (2, 4, 3))
    yield pair((2, 3, 4), 4)
    yield pair((3, 4), (2, 4, 2))
    yield pair((2, 1, 2, 3), (3, 3, 2))
    yield pair((0, 3), (3, 2))
    yield pair((2, 0), (0, 3))
    yield (rng.uniform(1e12, 2e12, (2, 3)), rng.uniform(1e-9, 2e-9, (3, 2))), {}


ANALYTIC = True

REFUSES = [((np.zeros((2, 3)), np.zeros((4, 2))), {}, ValueError)]

PICTURE = (
    np.array([[1.0, 2.0, -1.0], [0.5, -2.0, 1.5]]),
    np.array([[1.0, 0.5], [-1.5, 2.0], [0.7, -1.0]]),
), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    a = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    b = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, -1.0]])
    y, pullback = matmul(a, b)
    print(y)

    y_bar = np.array([[1.0, 0.0], [0.0, 10.0]])
    a_bar, b_bar = pullback(y_bar)
    print(a_bar)
    print(b_bar)
    # --8<-- [end:use]

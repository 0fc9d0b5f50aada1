"""The outer product of two vectors: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def outer_product(a, b):
    """Return Y with Y_ij = a_i b_j.  Kept for the pullback: a and b.

    a, a_bar: (m,).  b, b_bar: (n,).  Y, Y_bar: (m, n).  ValueError where an
    argument is not a vector; np.outer alone would ravel it.
    """
    if np.ndim(a) != 1 or np.ndim(b) != 1:
        raise ValueError(f"two vectors, not {np.shape(a)} and {np.shape(b)}")
    Y = np.outer(a, b)

    def pullback(Y_bar):
        return Y_bar @ b, Y_bar.T @ a

    return Y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def outer_product_jvp(a, b, a_dot, b_dot):
    """Return Y and its tangent, by the product rule."""
    return np.outer(a, b), np.outer(a_dot, b) + np.outer(a, b_dot)
# --8<-- [end:jvp]


def cases(rng):
    def pair(m, n):
        return (rng.normal(size=m), rng.normal(size=n)), {}

    yield pair(3, 4)
    yield pair(3, 3)
    yield pair(1, 4)
    yield pair(2, 1)
    yield pair(0, 3)
    yield pair(2, 0)
    yield (rng.normal(size=2) * 1e15, rng.normal(size=3) * 1e-15), {}


ANALYTIC = True

REFUSES = [
    ((np.zeros((2, 3)), np.zeros(2)), {}, ValueError),
    ((np.zeros(3), np.zeros(())), {}, ValueError),
]

PICTURE = (np.array([2.0, -1.0]), np.array([1.0, 0.5, -2.0])), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    a, b = np.array([1.0, 2.0]), np.array([3.0, 0.0, -1.0])
    Y, pullback = outer_product(a, b)
    print(Y)

    Y_bar = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    a_bar, b_bar = pullback(Y_bar)
    print(a_bar)
    print(b_bar)
    # --8<-- [end:use]

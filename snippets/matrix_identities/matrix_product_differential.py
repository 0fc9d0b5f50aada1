"""The product of two matrices and its differential: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def matrix_product_differential(X, Y):
    """Return Z = X Y; its differential is dX Y + X dY, in this order.

    X, X_bar: (n, k).  Y, Y_bar: (k, m).  Z, Z_bar: (n, m).
    Kept for the pullback: X and Y.  ValueError where k differs.
    """
    if X.ndim != 2 or Y.ndim != 2:
        raise ValueError(f"X {X.shape} and Y {Y.shape}: want two matrices")

    def pullback(Z_bar):
        return Z_bar @ Y.T, X.T @ Z_bar

    return X @ Y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def matrix_product_differential_jvp(X, Y, X_dot, Y_dot):
    """Return Z and its tangent: the differential, dX and dY given."""
    return X @ Y, X_dot @ Y + X @ Y_dot
# --8<-- [end:jvp]


def cases(rng):
    def pair(n, k, m):
        return (rng.normal(size=(n, k)), rng.normal(size=(k, m))), {}

    yield pair(2, 3, 4)
    yield pair(3, 3, 3)
    yield pair(1, 3, 2)
    yield pair(3, 1, 2)
    yield pair(3, 2, 1)
    yield pair(0, 2, 3)
    yield pair(2, 0, 3)
    yield (rng.uniform(1e12, 2e12, (2, 3)), rng.uniform(1e-9, 2e-9, (3, 2))), {}


ANALYTIC = True

REFUSES = [
    ((np.zeros((2, 3)), np.zeros((2, 3))), {}, ValueError),
    ((np.zeros((2, 3)), np.zeros(3)), {}, ValueError),
    ((np.zeros(3), np.zeros((3, 2))), {}, ValueError),
]


if __name__ == "__main__":
    # --8<-- [start:use]
    X = np.array([[1.0, 2.0], [0.0, 1.0]])
    Y = np.array([[1.0, 0.0, 3.0], [2.0, 1.0, 0.0]])
    X_dot = np.array([[0.0, 1.0], [0.0, 0.0]])
    Y_dot = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    Z, Z_dot = matrix_product_differential_jvp(X, Y, X_dot, Y_dot)
    print(Z)
    print(Z_dot)
    # --8<-- [end:use]

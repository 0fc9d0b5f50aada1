"""The squared Frobenius norm of a residual: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def frobenius_residual(A, X, B):
    """Return y = norm(A X - B)^2, summed over all entries.

    A, A_bar: (m, n).  X, X_bar: (n, k).  B, B_bar: (m, k).  y, y_bar: ().
    Kept: A, X and the residual.  ValueError where the sizes differ.
    """
    if A.shape[:1] + X.shape[1:] != B.shape:
        raise ValueError(f"A {A.shape}, X {X.shape}, B {B.shape} do not fit")
    R = A @ X - B

    def pullback(y_bar):
        R_bar = 2 * y_bar * R
        return R_bar @ X.T, A.T @ R_bar, -R_bar

    return (R * R).sum(), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def frobenius_residual_jvp(A, X, B, A_dot, X_dot, B_dot):
    """Return y and its tangent 2 <R, R_dot>."""
    R, R_dot = A @ X - B, A_dot @ X + A @ X_dot - B_dot
    return (R * R).sum(), 2 * (R * R_dot).sum()
# --8<-- [end:jvp]


def cases(rng):
    def given(m, n, k):
        A, X = rng.normal(size=(m, n)), rng.normal(size=(n, k))
        return (A, X, rng.normal(size=(m, k))), {}

    yield given(4, 3, 2)
    yield given(3, 3, 3)
    yield given(2, 3, 4)
    yield given(2, 1, 3)
    yield given(3, 2, 1)
    yield given(2, 3, 0)
    yield given(2, 0, 3)
    A, X = rng.uniform(1e6, 2e6, (3, 2)), rng.uniform(1e-3, 2e-3, (2, 2))
    yield (A, X, -rng.uniform(1e3, 2e3, (3, 2))), {}


ANALYTIC = True

REFUSES = [
    ((np.zeros((4, 3)), np.zeros((3, 2)), np.zeros((4, 1))), {}, ValueError),
    ((np.zeros((4, 3)), np.zeros((2, 2)), np.zeros((4, 2))), {}, ValueError),
    ((np.zeros((4, 3)), np.zeros((3, 2)), np.zeros(2)), {}, ValueError),
]


if __name__ == "__main__":
    # --8<-- [start:use]
    A = np.array([[1.0, 0.0], [2.0, 1.0], [0.0, 3.0]])
    X = np.array([[1.0, 2.0], [0.0, 1.0]])
    B = np.array([[0.0, 2.0], [2.0, 3.0], [1.0, 3.0]])
    y, pullback = frobenius_residual(A, X, B)
    print(y)

    A_bar, X_bar, B_bar = pullback(1.0)
    print(A_bar)
    print(X_bar)
    print(B_bar + 0.0)  # -0 becomes 0
    # --8<-- [end:use]

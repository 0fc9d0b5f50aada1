"""The least-squares objective: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def least_squares_objective(A, x, b):
    """Return y = norm(A x - b)^2, a sum of squares, not their mean.

    A, A_bar: (m, n).  x, x_bar: (n,).  b, b_bar: (m,).  y, y_bar: ().
    Kept: A, x and the residual.  ValueError where the sizes differ.
    """
    if A.shape != b.shape + x.shape:
        raise ValueError(f"A {A.shape}, x {x.shape}, b {b.shape} do not fit")
    r = A @ x - b

    def pullback(y_bar):
        r_bar = 2 * y_bar * r
        return np.outer(r_bar, x), r_bar @ A, -r_bar

    return r @ r, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def least_squares_objective_jvp(A, x, b, A_dot, x_dot, b_dot):
    """Return y and its tangent 2 <r, r_dot>."""
    r, r_dot = A @ x - b, A_dot @ x + A @ x_dot - b_dot
    return r @ r, 2 * (r * r_dot).sum()
# --8<-- [end:jvp]


def cases(rng):
    def given(m, n):
        A, x = rng.normal(size=(m, n)), rng.normal(size=n)
        return (A, x, rng.normal(size=m)), {}

    yield given(4, 3)
    yield given(3, 3)
    yield given(2, 4)
    yield given(1, 3)
    yield given(3, 1)
    yield given(0, 2)
    yield given(3, 0)
    A, x = rng.uniform(1e6, 2e6, (3, 2)), rng.uniform(1e-3, 2e-3, 2)
    yield (A, x, -rng.uniform(1e3, 2e3, 3)), {}


ANALYTIC = True

REFUSES = [
    ((np.zeros((4, 3)), np.zeros(3), np.zeros(1)), {}, ValueError),
    ((np.zeros((4, 3)), np.zeros(4), np.zeros(4)), {}, ValueError),
    ((np.zeros((4, 3)), np.zeros(3), np.zeros((4, 1))), {}, ValueError),
]


if __name__ == "__main__":
    # --8<-- [start:use]
    A = np.array([[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]])
    x = np.array([1.0, 2.0])
    b = np.array([2.0, 5.0, 9.0])
    y, pullback = least_squares_objective(A, x, b)
    print(y)

    A_bar, x_bar, b_bar = pullback(1.0)
    print(A_bar)
    print(x_bar)
    print(b_bar + 0.0)  # -0 becomes 0
    # --8<-- [end:use]

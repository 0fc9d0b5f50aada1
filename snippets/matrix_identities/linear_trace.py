"""The trace of A X B or A X^T B: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def linear_trace(A, X, B, *, transposed=False):
    """Return y = tr(A X B), or tr(A X^T B) if transposed.

    A: (p, n).  X: (n, m), or (m, n) if transposed.  B: (m, p).  y: ().
    Kept for the pullback: all three.  ValueError where the sizes differ.
    """
    M = X.T if transposed else X
    if A.shape[1:] + B.shape != M.shape + A.shape[:1]:
        raise ValueError(f"A {A.shape}, X {X.shape}, B {B.shape} do not fit")

    def pullback(y_bar):
        M_bar = y_bar * (B @ A).T
        X_bar = M_bar.T if transposed else M_bar
        return y_bar * (M @ B).T, X_bar, y_bar * (A @ M).T

    return ((A @ M) * B.T).sum(), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def linear_trace_jvp(A, X, B, A_dot, X_dot, B_dot, *, transposed=False):
    """Return y and its tangent: each factor moves once."""
    y, _ = linear_trace(A, X, B, transposed=transposed)
    by_A, _ = linear_trace(A_dot, X, B, transposed=transposed)
    by_X, _ = linear_trace(A, X_dot, B, transposed=transposed)
    by_B, _ = linear_trace(A, X, B_dot, transposed=transposed)
    return y, by_A + by_X + by_B
# --8<-- [end:jvp]


def cases(rng):
    def given(p, n, m, transposed=False):
        X = rng.normal(size=(m, n) if transposed else (n, m))
        A, B = rng.normal(size=(p, n)), rng.normal(size=(m, p))
        return (A, X, B), {"transposed": transposed}

    yield given(2, 3, 4)
    yield given(2, 3, 4, True)
    yield given(3, 3, 3)
    yield given(3, 3, 3, True)
    yield given(1, 2, 3)
    yield given(2, 1, 3, True)
    yield given(0, 2, 3)
    A, X = rng.uniform(1e8, 2e8, (2, 3)), rng.uniform(1e-6, 2e-6, (3, 2))
    yield (A, X, rng.uniform(1e-3, 2e-3, (2, 2))), {"transposed": False}


ANALYTIC = True

REFUSES = [
    ((np.zeros((2, 3)), np.zeros((3, 4)), np.zeros((4, 3))), {}, ValueError),
    ((np.zeros((1, 3)), np.zeros((3, 4)), np.zeros((4, 3))), {}, ValueError),
    ((np.zeros((2, 3)), np.zeros((3, 4)), np.zeros((4, 1))), {}, ValueError),
    ((np.zeros((2, 3)), np.zeros((4, 4)), np.zeros((4, 2))), {}, ValueError),
]


if __name__ == "__main__":
    # --8<-- [start:use]
    A = np.array([[1.0, 2.0]])
    X = np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 1.0]])
    B = np.array([[4.0], [5.0], [6.0]])
    y, pullback = linear_trace(A, X, B)
    print(y)

    A_bar, X_bar, B_bar = pullback(1.0)
    print(A_bar.tolist(), B_bar.T.tolist())
    print(X_bar)
    # --8<-- [end:use]

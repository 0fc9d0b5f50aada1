"""The affine map of a vector or a batch: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def affine_map(A, x, b):
    """Return y = A x + b for a vector x, or for each row of a batch.

    A, A_bar: (m, n).  x, x_bar: (..., n).  b, b_bar: (m,).  y: (..., m).
    Kept for the pullback: A and x.  ValueError where the sizes differ.
    """
    if A.ndim != 2 or b.shape != A.shape[:1]:
        raise ValueError(f"A {A.shape} and b {b.shape}: want (m, n) and (m,)")
    y = x @ A.T + b
    batch = tuple(range(x.ndim - 1))

    def pullback(y_bar):
        A_bar = np.tensordot(y_bar, x, (batch, batch))  # sum of y_bar x^T
        return A_bar, y_bar @ A, y_bar.sum(axis=batch)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def affine_map_jvp(A, x, b, A_dot, x_dot, b_dot):
    """Return y and its tangent: two terms of the product, and b_dot."""
    return x @ A.T + b, x @ A_dot.T + x_dot @ A.T + b_dot
# --8<-- [end:jvp]


def cases(rng):
    def given(m, n, *batch):
        A, b = rng.normal(size=(m, n)), rng.normal(size=m)
        return (A, rng.normal(size=(*batch, n)), b), {}

    yield given(2, 3)
    yield given(3, 3)
    yield given(2, 3, 4)
    yield given(3, 2, 2, 2)
    yield given(1, 3, 1)
    yield given(2, 3, 0)
    yield given(2, 0)
    A, x = rng.uniform(1e8, 2e8, (2, 3)), rng.uniform(1e-8, 2e-8, 3)
    yield (A, x, rng.uniform(1.0, 2.0, 2)), {}


ANALYTIC = True

REFUSES = [
    ((np.zeros((2, 3)), np.zeros(2), np.zeros(2)), {}, ValueError),
    ((np.zeros((2, 3)), np.zeros(3), np.zeros(1)), {}, ValueError),
    ((np.zeros(2), np.zeros(2), np.zeros(2)), {}, ValueError),
]

PICTURE = (
    np.array([[1.0, 2.0, -1.0], [0.5, -2.0, 1.5]]),
    np.array([3.0, -1.0, 2.0]),
    np.array([1.0, -1.0]),
), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    A = np.array([[1.0, 2.0, 0.0], [-1.0, 3.0, 1.0]])
    x = np.array([2.0, 1.0, 4.0])
    b = np.array([0.5, -1.0])
    y, pullback = affine_map(A, x, b)
    print(y)

    A_bar, x_bar, b_bar = pullback(np.array([1.0, 10.0]))
    print(A_bar)
    print(x_bar)
    print(b_bar)
    # --8<-- [end:use]

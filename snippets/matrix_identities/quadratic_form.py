"""The quadratic form of any square matrix: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def quadratic_form(x, A):
    """Return y = x^T A x, for A symmetric or not; rows of a batch alike.

    x, x_bar: (..., n).  A, A_bar: (n, n).  y, y_bar: (...).  Real entries.
    Kept for the pullback: x and A.  ValueError unless A is (n, n).
    """
    if A.shape != 2 * x.shape[-1:]:
        raise ValueError(f"x {x.shape} and A {A.shape}: want A (n, n)")
    y = (x * (x @ A.T)).sum(axis=-1)
    batch = range(x.ndim - 1)

    def pullback(y_bar):
        g = np.expand_dims(y_bar, -1) * x
        A_bar = np.tensordot(g, x, (batch, batch))  # sum of y_bar x x^T
        return g @ A + g @ A.T, A_bar

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def quadratic_form_jvp(x, A, x_dot, A_dot):
    """Return y and its tangent: x moves in two places, A in one."""
    y, _ = quadratic_form(x, A)
    return y, (x_dot * (x @ (A + A.T)) + x * (x @ A_dot)).sum(axis=-1)
# --8<-- [end:jvp]


def cases(rng):
    def given(n, *batch):
        return (rng.normal(size=(*batch, n)), rng.normal(size=(n, n))), {}

    yield given(3)
    yield given(3, 2)
    yield given(2, 2)
    yield given(2, 2, 3)
    yield given(1)
    yield given(3, 0)
    yield given(0, 2)
    S = rng.normal(size=(3, 3))
    yield (rng.normal(size=3), S + S.T), {}
    yield (rng.uniform(1e8, 2e8, 3), rng.uniform(1e-9, 2e-9, (3, 3))), {}


ANALYTIC = True

REFUSES = [
    ((np.zeros(3), np.zeros((2, 3))), {}, ValueError),
    ((np.zeros(3), np.zeros((1, 3))), {}, ValueError),
    ((np.zeros((2, 3)), np.zeros(3)), {}, ValueError),
]

PICTURE = (
    np.array([[1.0, 2.0, -1.0], [0.5, -2.0, 1.5]]),
    np.array([[1.0, 3.0, 0.0], [0.0, 1.0, -1.0], [1.0, 0.0, 2.0]]),
), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([1.0, 2.0])
    A = np.array([[1.0, 4.0], [0.0, 3.0]])
    y, pullback = quadratic_form(x, A)
    print(y)

    x_bar, A_bar = pullback(np.array(1.0))
    print(x_bar)
    print(A_bar)
    # --8<-- [end:use]

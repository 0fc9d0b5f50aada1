"""The bilinear form of two vectors and a matrix: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def bilinear_form(a, X, b):
    """Return y = a^T X b; in a batch, for the rows of a and b in pairs.

    a, a_bar: (..., n).  X, X_bar: (n, m).  b, b_bar: (..., m).  y: (...).
    Kept for the pullback: all three.  ValueError where the sizes differ.
    """
    batch = a.shape[:-1], b.shape[:-1]
    if batch[0] != batch[1] or X.shape != a.shape[-1:] + b.shape[-1:]:
        raise ValueError(f"a {a.shape}, X {X.shape}, b {b.shape} do not fit")
    y = (a @ X * b).sum(axis=-1)
    axes = range(a.ndim - 1)

    def pullback(y_bar):
        g = np.expand_dims(y_bar, -1)
        X_bar = np.tensordot(g * a, b, (axes, axes))  # sum of y_bar a b^T
        return g * (b @ X.T), X_bar, g * (a @ X)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def bilinear_form_jvp(a, X, b, a_dot, X_dot, b_dot):
    """Return y and its tangent: each of the three factors moves once."""
    y, _ = bilinear_form(a, X, b)
    moved = (a_dot @ X + a @ X_dot) * b + a @ X * b_dot
    return y, moved.sum(axis=-1)
# --8<-- [end:jvp]


def cases(rng):
    def given(n, m, *batch):
        a, b = rng.normal(size=(*batch, n)), rng.normal(size=(*batch, m))
        return (a, rng.normal(size=(n, m)), b), {}

    yield given(3, 2)
    yield given(3, 3)
    yield given(2, 3, 4)
    yield given(2, 2, 2)
    yield given(3, 1, 2, 2)
    yield given(2, 3, 0)
    yield given(0, 2)
    a, b = rng.uniform(1e8, 2e8, 2), rng.uniform(1e-6, 2e-6, 3)
    yield (a, rng.uniform(1e-3, 2e-3, (2, 3)), b), {}


ANALYTIC = True

REFUSES = [
    ((np.zeros(2), np.zeros((3, 2)), np.zeros(3)), {}, ValueError),
    ((np.zeros(2), np.zeros((2, 3)), np.zeros(1)), {}, ValueError),
    ((np.zeros((4, 2)), np.zeros((2, 3)), np.zeros(3)), {}, ValueError),
]

PICTURE = (
    np.array([1.0, -2.0]),
    np.array([[1.0, 2.0, -1.0], [0.5, -2.0, 1.5]]),
    np.array([2.0, -1.0, 0.5]),
), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    a = np.array([1.0, 2.0])
    X = np.array([[1.0, 0.0, 3.0], [-1.0, 2.0, 1.0]])
    b = np.array([4.0, 1.0, 2.0])
    y, pullback = bilinear_form(a, X, b)
    print(y)

    a_bar, X_bar, b_bar = pullback(np.array(1.0))
    print(a_bar)
    print(X_bar)
    print(b_bar)
    # --8<-- [end:use]

"""The linear form of a vector or a batch: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def linear_form(a, x):
    """Return y = a^T x for a vector x, or for each row of a batch.

    a, a_bar: (n,).  x, x_bar: (..., n).  y, y_bar: (...).  Real entries.
    Kept for the pullback: a and x.  ValueError where n differs.
    """
    if a.ndim != 1:
        raise ValueError(f"a of shape {a.shape} is not one vector")
    y = x @ a

    def pullback(y_bar):
        a_bar = np.tensordot(y_bar, x, np.ndim(y_bar))  # sum over the batch
        return a_bar, np.expand_dims(y_bar, -1) * a

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def linear_form_jvp(a, x, a_dot, x_dot):
    """Return y and its tangent, by the product rule."""
    return x @ a, x @ a_dot + x_dot @ a
# --8<-- [end:jvp]


def cases(rng):
    def pair(n, x_shape):
        return (rng.normal(size=n), rng.normal(size=x_shape)), {}

    yield pair(4, 4)
    yield pair(3, (2, 3))
    yield pair(3, (3, 3))
    yield pair(2, (2, 3, 2))
    yield pair(3, (0, 3))
    yield pair(0, (2, 0))
    yield (rng.uniform(1e12, 2e12, 3), rng.uniform(1e-9, 2e-9, (2, 3))), {}


ANALYTIC = True

REFUSES = [
    ((np.zeros(3), np.zeros((2, 4))), {}, ValueError),
    ((np.zeros((3, 2)), np.zeros(3)), {}, ValueError),
]

PICTURE = (
    np.array([2.0, -1.0, 0.5]),
    np.array([[1.0, 2.0, -1.0], [0.5, -2.0, 1.5]]),
), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    a = np.array([2.0, -1.0, 3.0])
    x = np.array([1.0, 4.0, 2.0])
    y, pullback = linear_form(a, x)
    print(y)

    a_bar, x_bar = pullback(np.array(10.0))
    print(a_bar)
    print(x_bar)
    # --8<-- [end:use]

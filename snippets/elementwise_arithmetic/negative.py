"""Negation: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def negative(x):
    """Return y = -x.  x, y, y_bar, x_bar: any shape.  Nothing is kept.

    Integers become floats first, so unsigned ones do not wrap.
    """
    y = np.negative(x, dtype=np.result_type(x, 1.0))

    def pullback(y_bar):
        return (-y_bar,)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def negative_jvp(x, x_dot):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    return np.negative(x, dtype=np.result_type(x, 1.0)), -x_dot
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(3, 4)),), {}
    yield (rng.normal(size=(2, 1, 3)),), {}
    yield (rng.normal(size=()),), {}
    yield (rng.normal(size=(0, 2)),), {}
    yield (np.array([0.0, -0.0, 1e15, -1e-15]),), {}


ANALYTIC = True


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    y, pullback = negative(x)
    print(y)

    y_bar = np.array([[1.0, 4.0], [-2.0, 3.0]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

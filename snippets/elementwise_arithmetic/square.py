"""The square: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def square(x):
    """Return y = x * x, entry by entry.  Kept for the pullback: x.

    x, y, y_bar, x_bar: any shape.  Integers are squared as floats.
    """
    y = np.square(x, dtype=np.result_type(x, 1.0))

    def pullback(y_bar):
        return (2 * y_bar * x,)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def square_jvp(x, x_dot):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    return np.square(x, dtype=np.result_type(x, 1.0)), 2 * x_dot * x
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(4, 3)),), {}
    yield (rng.normal(size=(2, 3, 2)),), {}
    yield (rng.normal(size=()),), {}
    yield (rng.normal(size=(3, 0)),), {}
    yield (rng.normal(size=5) * 1e10,), {}
    yield (np.array([0.0, 1.0, -1.0, 2.0]),), {}


ANALYTIC = True

PICTURE = (np.array([[-2.0, -1.0, 0.0], [0.5, 1.0, 3.0]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, -2.0, 3.0], [0.0, 0.5, -1.0]])
    y, pullback = square(x)
    print(y)

    y_bar = np.array([[1.0, 2.0, -1.0], [5.0, 4.0, 3.0]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

"""The identity: the value is the input, the cotangent is the upstream."""

# --8<-- [start:rule]
import numpy as np


def identity(x):
    """Return y = x, without a copy.  Nothing is kept for the pullback.

    x, y, y_bar, x_bar: any shape.  y is x, and x_bar is y_bar: read-only.
    """
    y = np.asarray(x)

    def pullback(y_bar):
        return (y_bar,)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def identity_jvp(x, x_dot):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    return np.asarray(x), x_dot
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(3, 4)),), {}
    yield (rng.normal(size=(2, 3, 2)),), {}
    yield (rng.normal(size=()),), {}
    yield (rng.normal(size=(2, 0)),), {}
    yield (1e15 * rng.normal(size=3),), {}


ANALYTIC = True

PICTURE = (np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    y, pullback = identity(x)
    print(y)

    y_bar = np.array([[10.0, 20.0, 30.0], [40.0, 50.0, 60.0]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

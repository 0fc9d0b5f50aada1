"""The sine of an angle in radians: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def sin(x):
    """Return y = sin(x), entry by entry.  Kept for the pullback: x.

    x, in radians, y, y_bar, x_bar: any shape.  Integers become floats.
    """
    kind = np.result_type(x, 1.0)
    y = np.sin(x, dtype=kind)

    def pullback(y_bar):
        return (y_bar * np.cos(x, dtype=kind),)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def sin_jvp(x, x_dot):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    y = np.sin(x, dtype=np.result_type(x, 1.0))
    return y, x_dot * np.cos(x, dtype=y.dtype)
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(3, 4)),), {}
    yield (rng.uniform(-7.0, 7.0, (2, 3, 2)),), {}
    yield (rng.normal(size=()),), {}
    yield (rng.normal(size=(2, 0)),), {}
    yield (rng.uniform(900.0, 1000.0, 3),), {}
    yield (np.pi / 2 + 1e-3 * rng.normal(size=3),), {}


ANALYTIC = True

PICTURE = (np.array([[-1.0, 0.0, 1.0], [1.5, 2.5, 3.5]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[0.0, np.pi / 6, np.pi / 2], [np.pi, -np.pi / 4, 2.5]])
    y, pullback = sin(x)
    print(np.round(y, 4))

    y_bar = np.array([[1.0, 2.0, 3.0], [1.0, -1.0, 10.0]])
    (x_bar,) = pullback(y_bar)
    print(np.round(x_bar, 4))
    # --8<-- [end:use]

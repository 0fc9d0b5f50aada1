"""The square root: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def square_root(x):
    """Return y = sqrt(x), entry by entry.  Kept for the pullback: y.

    x, y, y_bar, x_bar: any shape, x >= 0.  Integers become floats.
    """
    y = np.sqrt(x, dtype=np.result_type(x, 1.0))

    def pullback(y_bar):
        return (0.5 * y_bar / y,)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def square_root_jvp(x, x_dot):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    y = np.sqrt(x, dtype=np.result_type(x, 1.0))
    return y, 0.5 * x_dot / y
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.uniform(0.2, 5.0, (3, 4)),), {}
    yield (rng.uniform(0.2, 5.0, (2, 3, 2)),), {}
    yield (rng.uniform(0.2, 5.0, ()),), {}
    yield (rng.uniform(0.2, 5.0, (0, 4)),), {}
    yield (rng.uniform(1.0, 2.0, 3) * 1e15,), {}
    yield (rng.uniform(1.0, 2.0, 3) * 1e-12,), {}


ANALYTIC = True


def _kink(at, x, y, y_bar, x_bar, why):
    return {
        "at": at,
        "x": (np.array([x]),),
        "held": {},
        "y": np.array([y]),
        "y_bar": np.array([y_bar]),
        "x_bar": (np.array([x_bar]),),
        "why": why,
    }


KINKS = [
    _kink("x = 0", 0.0, 0.0, 1.0, np.inf, "The limit as x falls to 0."),
    _kink(
        *("x = 0, cotangent 0", 0.0, 0.0, 0.0, np.nan),
        "The entry was masked after the root, and 0 / 0 is nan.",
    ),
    _kink(
        *("x = -0.0", -0.0, -0.0, 1.0, -np.inf),
        "IEEE 754 gives -0.0 the root -0.0, and the division keeps its sign.",
    ),
    _kink("x = inf", np.inf, np.inf, 1.0, 0.0, "The limit of the slope."),
    _kink("x = -1", -1.0, np.nan, 1.0, np.nan, "No real root, so no slope."),
    _kink("x = nan", np.nan, np.nan, 1.0, np.nan, "The nan of the value spreads."),
]

PICTURE = (np.array([[0.25, 1.0, 4.0], [0.0625, 9.0, 16.0]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 4.0, 0.25], [9.0, 100.0, 0.01]])
    y, pullback = square_root(x)
    print(y)

    y_bar = np.array([[1.0, 1.0, 1.0], [3.0, -2.0, 1.0]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

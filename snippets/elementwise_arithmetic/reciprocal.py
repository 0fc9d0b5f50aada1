"""The reciprocal: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def reciprocal(x):
    """Return y = 1 / x, entry by entry.  Kept for the pullback: y.

    x, y, y_bar, x_bar: any shape, x != 0.  Integers become floats.
    """
    y = np.divide(1.0, x, dtype=np.result_type(x, 1.0))

    def pullback(y_bar):
        return (-y * (y * y_bar),)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def reciprocal_jvp(x, x_dot):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    y = np.divide(1.0, x, dtype=np.result_type(x, 1.0))
    return y, -y * (y * x_dot)
# --8<-- [end:jvp]


def cases(rng):
    def off_zero(*shape):
        return rng.choice([-1, 1], shape) * rng.uniform(0.5, 3.0, shape)

    yield (off_zero(3, 4),), {}
    yield (off_zero(2, 3, 2),), {}
    yield (off_zero(),), {}
    yield (off_zero(0, 4),), {}
    yield (1e12 * off_zero(3),), {}


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
    _kink("x = 0", 0.0, np.inf, 1.0, -np.inf, "The limit from either side."),
    _kink("x = -0.0", -0.0, -np.inf, 1.0, -np.inf, "The slope has no sign to lose."),
    _kink(
        *("x = 0, cotangent 0", 0.0, np.inf, 0.0, np.nan),
        "The entry was masked after the division, and inf * 0 is nan.",
    ),
    _kink("x = inf", np.inf, 0.0, 1.0, 0.0, "The limit of the slope."),
    _kink("x = nan", np.nan, np.nan, 1.0, np.nan, "No number, so no slope."),
]

PICTURE = (np.array([[0.5, 1.0, 2.0], [-1.0, -0.7, 4.0]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 2.0, -4.0], [0.1, -0.5, 10.0]])
    y, pullback = reciprocal(x)
    print(y)

    y_bar = np.array([[1.0, 1.0, 8.0], [1.0, -2.0, 50.0]])
    (x_bar,) = pullback(y_bar)
    print(np.round(x_bar, 4))
    # --8<-- [end:use]

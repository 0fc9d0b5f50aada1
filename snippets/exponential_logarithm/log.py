"""The natural logarithm: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def log(x):
    """Return y = ln(x), entry by entry.  Kept for the pullback: x.

    x, y, y_bar, x_bar: any shape, x > 0.  Integers become floats.
    """
    y = np.log(x, dtype=np.result_type(x, 1.0))

    def pullback(y_bar):
        return (y_bar / x,)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def log_jvp(x, x_dot):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    y = np.log(x, dtype=np.result_type(x, 1.0))
    return y, x_dot / x
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.uniform(0.2, 5.0, (3, 4)),), {}
    yield (rng.uniform(0.2, 5.0, (2, 3, 2)),), {}
    yield (rng.uniform(0.2, 5.0, ()),), {}
    yield (rng.uniform(0.2, 5.0, (0, 4)),), {}
    yield (rng.uniform(1.0, 2.0, 3) * 1e15,), {}
    yield (1.0 + 1e-3 * rng.normal(size=4),), {}


ANALYTIC = True

KINKS = [
    {
        "at": "x = 0",
        "x": (np.array([0.0]),),
        "held": {},
        "y": np.array([-np.inf]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([np.inf]),),
        "why": "The limit of 1 / x as x falls to 0.",
    },
    {
        "at": "x = 0, cotangent 0",
        "x": (np.array([0.0]),),
        "held": {},
        "y": np.array([-np.inf]),
        "y_bar": np.array([0.0]),
        "x_bar": (np.array([np.nan]),),
        "why": "The entry was masked after the logarithm, and 0 / 0 is nan.",
    },
    {
        "at": "x = -2",
        "x": (np.array([-2.0]),),
        "held": {},
        "y": np.array([np.nan]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([-0.5]),),
        "why": "The value is nan and tells of the accident; the pullback is "
        "one division, without a test.",
    },
    {
        "at": "x = -0",
        "x": (np.array([-0.0]),),
        "held": {},
        "y": np.array([-np.inf]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([-np.inf]),),
        "why": "Division by minus zero; the value is that of plus zero.",
    },
    {
        "at": "x = nan",
        "x": (np.array([np.nan]),),
        "held": {},
        "y": np.array([np.nan]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([np.nan]),),
        "why": "A smooth function of nan is nan, and its slope too.",
    },
]

PICTURE = (np.array([[0.5, 1.0, 2.0], [4.0, 0.25, 3.0]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 2.0, 0.5], [4.0, 0.1, 10.0]])
    y, pullback = log(x)
    print(np.round(y, 4))

    y_bar = np.array([[1.0, 1.0, 1.0], [2.0, -1.0, 5.0]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

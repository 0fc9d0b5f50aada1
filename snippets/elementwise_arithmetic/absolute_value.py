"""The absolute value: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def absolute_value(x):
    """Return y = |x|, entry by entry, with slope 0 at 0.

    x, y, y_bar, x_bar: any shape, real.  Kept for the pullback: the sign of
    x, one byte an entry.  Integers become floats.
    """
    y = np.abs(x, dtype=np.result_type(x, 1.0))
    slope = np.subtract(x > 0, x < 0, dtype=np.int8)  # 0 at 0 and at nan

    def pullback(y_bar):
        return (y_bar * slope,)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def absolute_value_jvp(x, x_dot):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    y = np.abs(x, dtype=np.result_type(x, 1.0))
    slope = np.subtract(x > 0, x < 0, dtype=np.int8)
    return y, x_dot * slope
# --8<-- [end:jvp]


def cases(rng):
    def off_zero(*shape):
        return rng.choice([-1, 1], shape) * rng.uniform(0.1, 3.0, shape)

    yield (off_zero(3, 4),), {}
    yield (off_zero(2, 1, 3),), {}
    yield (off_zero(),), {}
    yield (np.array([-1e6, -1e3, 1e3, 1e6]),), {}
    yield (off_zero(0, 2),), {}


KINKS = [
    {
        "at": "x = 0",
        "x": (np.array([0.0]),),
        "held": {},
        "y": np.array([0.0]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.0]),),
        "why": "Every slope in [-1, 1] is a subgradient; 0 is the shortest, "
        "and the only one that treats both sides alike.",
    },
    {
        "at": "x = nan",
        "x": (np.array([np.nan]),),
        "held": {},
        "y": np.array([np.nan]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.0]),),
        "why": "The value passes the nan on; the gradient has no side to "
        "take, and stays usable where the entry is masked afterwards.",
    },
    {
        "at": "x = 0, cotangent inf",
        "x": (np.array([0.0]),),
        "held": {},
        "y_bar": np.array([np.inf]),
        "x_bar": (np.array([np.nan]),),
        "why": "inf * 0: a root above an absolute value has no slope at 0.",
    },
]

PICTURE = (np.array([1.5, -0.5, 0.0, -2.0, 3.0]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[-2.0, 0.0, 3.0], [1.0, -4.0, 0.5]])
    y, pullback = absolute_value(x)
    print(y)

    y_bar = np.array([[1.0, 2.0, 3.0], [-1.0, -2.0, 6.0]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

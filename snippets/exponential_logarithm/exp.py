"""The exponential: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def exp(x):
    """Return y = e ** x, entry by entry.  Kept for the pullback: y.

    x, y, y_bar, x_bar: any shape.  Integers become floats.
    """
    y = np.exp(x, dtype=np.result_type(x, 1.0))

    def pullback(y_bar):
        return (y_bar * y,)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def exp_jvp(x, x_dot):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    y = np.exp(x, dtype=np.result_type(x, 1.0))
    return y, x_dot * y
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(3, 4)),), {}
    yield (rng.normal(size=(2, 3, 2)),), {}
    yield (rng.normal(size=()),), {}
    yield (rng.normal(size=(2, 0)),), {}
    yield (rng.uniform(80.0, 85.0, 3),), {}
    yield (rng.uniform(-80.0, -75.0, 3),), {}


ANALYTIC = True

KINKS = [
    {
        "at": "x = -inf",
        "x": (np.array([-np.inf]),),
        "held": {},
        "y": np.array([0.0]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.0]),),
        "why": "The limit.",
    },
    {
        "at": "x = 1000",
        "x": (np.array([1000.0]),),
        "held": {},
        "y": np.array([np.inf]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([np.inf]),),
        "why": "The value has overflowed, and it is the slope.",
    },
    {
        "at": "x = 1000, cotangent 0",
        "x": (np.array([1000.0]),),
        "held": {},
        "y": np.array([np.inf]),
        "y_bar": np.array([0.0]),
        "x_bar": (np.array([np.nan]),),
        "why": "0 * inf: masking after an overflow comes too late.",
    },
]

PICTURE = (np.array([[-1.0, 0.0, 1.0], [0.5, -0.5, 1.5]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[0.0, 1.0, -1.0], [2.0, -3.0, 0.5]])
    y, pullback = exp(x)
    print(np.round(y, 4))

    y_bar = np.array([[1.0, 1.0, 2.0], [0.0, 10.0, -1.0]])
    (x_bar,) = pullback(y_bar)
    print(np.round(x_bar, 4))
    # --8<-- [end:use]

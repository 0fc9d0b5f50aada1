"""The hyperbolic tangent: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def tanh(x):
    """Return y = tanh(x), entry by entry.  Kept for the pullback: x.

    x, y, y_bar, x_bar: any shape.  Integers become floats.
    """
    x = np.asarray(x, np.result_type(x, 1.0))
    y = np.tanh(x)

    def pullback(y_bar):
        q = np.exp(-2.0 * np.abs(x))  # between 0 and 1
        return (y_bar * 4.0 * q / (1.0 + q) ** 2,)  # 1 - y ** 2

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def tanh_jvp(x, x_dot):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    y, pullback = tanh(x)
    (y_dot,) = pullback(x_dot)  # a diagonal Jacobian is its own transpose
    return y, y_dot
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(3, 4)),), {}
    yield (rng.normal(size=(2, 2, 3)),), {}
    yield (rng.normal(size=()),), {}
    yield (rng.normal(size=(2, 0)),), {}
    yield (1e-9 * rng.normal(size=4),), {}
    yield (np.array([-800.0, -15.0, 0.0, 0.4, 15.0, 800.0]),), {}
    yield (np.array([-1.0, 1.0, 1.0]) * rng.uniform(12.0, 25.0, 3),), {}


ANALYTIC = True

KINKS = [
    {
        "at": "x = 20",
        "x": (np.array([20.0]),),
        "held": {},
        "y_bar": np.array([1.0]),
        "x_bar": (4 * np.exp([-40.0]),),
        "why": "4 q / (1 + q) ** 2 with 1 + q = 1; 1 - y ** 2 would be 0.",
    },
    {
        "at": "x = inf",
        "x": (np.array([np.inf]),),
        "held": {},
        "y": np.array([1.0]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.0]),),
        "why": "The limit.",
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

PICTURE = (np.array([[-2.0, -0.5, 0.0], [0.25, 1.0, 3.0]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[-1.0, 0.0, 0.5], [2.0, -20.0, 1000.0]])
    y, pullback = tanh(x)
    print(np.round(y, 4))

    y_bar = np.array([[1.0, 3.0, -2.0], [10.0, 1.0, 1.0]])
    (x_bar,) = pullback(y_bar)
    print(np.round(x_bar, 4))
    # --8<-- [end:use]

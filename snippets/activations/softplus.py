"""Softplus, a smooth positive part: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def softplus(x, *, beta=1.0):
    """Return y = log(1 + exp(beta x)) / beta, entry by entry.

    x, y, y_bar, x_bar: any shape.  beta > 0 sets how sharp the bend is.
    Never overflows.  Kept for the pullback: y.
    """
    if not beta > 0:
        raise ValueError(f"beta = {beta} is not positive")
    x = np.asarray(x, np.result_type(x, 1.0))
    y = np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(beta * x))) / beta

    def pullback(y_bar):
        return (y_bar * -np.expm1(-beta * y),)  # sigma(beta x)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def softplus_jvp(x, x_dot, *, beta=1.0):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    y, pullback = softplus(x, beta=beta)
    (y_dot,) = pullback(x_dot)  # a diagonal Jacobian is its own transpose
    return y, y_dot
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(3, 4)),), {}
    yield (2.0 * rng.normal(size=(2, 3, 2)),), {"beta": 3.0}
    yield (rng.normal(size=()),), {}
    yield (rng.normal(size=(0, 3)),), {}
    yield (np.array([-800.0, -30.0, 0.0, 0.7, 30.0, 800.0]),), {}
    yield (-rng.uniform(40.0, 80.0, 5),), {}  # 1 + exp(x) rounds to 1
    yield (rng.normal(size=4),), {"beta": 0.25}


REFUSES = [((np.zeros(3),), {"beta": 0.0}, ValueError)]

KINKS = [
    {
        "at": "x = 0",
        "x": (np.array([0.0]),),
        "held": {},
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.5]),),
        "why": "The slope of the function; its two parts have kinks here.",
    },
    {
        "at": "x = inf",
        "x": (np.array([np.inf]),),
        "held": {},
        "y": np.array([np.inf]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([1.0]),),
        "why": "The limit.",
    },
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
        "at": "x = nan",
        "x": (np.array([np.nan]),),
        "held": {},
        "y": np.array([np.nan]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([np.nan]),),
        "why": "A smooth function of nan is nan, and its slope too.",
    },
]

PICTURE = (np.array([[-3.0, -1.0, 0.0], [1.0, 2.0, 4.0]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[-100.0, -1.0, 0.0], [1.0, 3.0, 100.0]])
    y, pullback = softplus(x)
    print(np.round(y, 4))

    y_bar = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    (x_bar,) = pullback(y_bar)
    print(np.round(x_bar, 4))
    # --8<-- [end:use]

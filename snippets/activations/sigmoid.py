"""The logistic sigmoid: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def sigmoid(z):
    """Return s = 1 / (1 + exp(-z)), entry by entry.  Never overflows.

    z, s, s_bar, z_bar: any shape.  Integers become floats.
    Kept for the pullback: q = exp(-|z|).
    """
    z = np.asarray(z, np.result_type(z, 1.0))
    q = np.exp(-np.abs(z))  # between 0 and 1
    s = np.exp(np.minimum(z, 0.0)) / (1.0 + q)

    def pullback(s_bar):
        return (s_bar * q / (1.0 + q) ** 2,)  # s (1 - s)

    return s, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def sigmoid_jvp(z, z_dot):
    """Return s and its tangent.  z, z_dot, s, s_dot: any shape."""
    s, pullback = sigmoid(z)
    (s_dot,) = pullback(z_dot)  # a diagonal Jacobian is its own transpose
    return s, s_dot
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(3, 4)),), {}
    yield (2.0 * rng.normal(size=(2, 3, 2)),), {}
    yield (rng.normal(size=()),), {}
    yield (rng.normal(size=(0, 3)),), {}
    yield (np.array([-800.0, -30.0, 0.0, 0.7, 30.0, 800.0]),), {}
    yield (rng.uniform(25.0, 45.0, 5),), {}  # saturated: 1 - s cancels
    yield (-rng.uniform(25.0, 45.0, 3),), {}


KINKS = [
    {
        "at": "z = -40",
        "x": (np.array([-40.0]),),
        "held": {},
        "y_bar": np.array([1.0]),
        "x_bar": (np.exp([-40.0]),),
        "why": "q / (1 + q) ** 2 with 1 + q = 1.",
    },
    {
        "at": "z = 40",
        "x": (np.array([40.0]),),
        "held": {},
        "y_bar": np.array([1.0]),
        "x_bar": (np.exp([-40.0]),),
        "why": "The slope is even; s (1 - s) would be 0.",
    },
    {
        "at": "z = inf",
        "x": (np.array([np.inf]),),
        "held": {},
        "y": np.array([1.0]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.0]),),
        "why": "The limit.",
    },
    {
        "at": "z = nan",
        "x": (np.array([np.nan]),),
        "held": {},
        "y": np.array([np.nan]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([np.nan]),),
        "why": "A smooth function of nan is nan, and its slope too.",
    },
]

PICTURE = (np.array([[-4.0, -1.0, 0.0], [1.0, 2.0, 4.0]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    z = np.array([[-2.0, 0.0, 1.0], [4.0, -40.0, 1000.0]])
    s, pullback = sigmoid(z)
    print(np.round(s, 4))

    s_bar = np.array([[1.0, 2.0, -1.0], [10.0, 1.0, 1.0]])
    (z_bar,) = pullback(s_bar)
    print(np.round(z_bar, 4))
    # --8<-- [end:use]

"""Leaky ReLU with a held slope: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def leaky_relu(x, *, negative_slope=0.01):
    """Return x where x > 0 and negative_slope x elsewhere.

    x, y, y_bar, x_bar: any shape.  The slope at 0 is negative_slope.
    Kept for the pullback: the mask x > 0.
    """
    x = np.asarray(x, np.result_type(x, 1.0))
    open_ = x > 0

    def pullback(y_bar):
        return (np.where(open_, y_bar, negative_slope * y_bar),)

    y = np.maximum(x, 0.0) + negative_slope * np.minimum(x, 0.0)
    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def leaky_relu_jvp(x, x_dot, *, negative_slope=0.01):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    y, pullback = leaky_relu(x, negative_slope=negative_slope)
    (y_dot,) = pullback(x_dot)  # a diagonal Jacobian is its own transpose
    return y, y_dot
# --8<-- [end:jvp]


def cases(rng):
    def off_zero(*shape):
        return rng.choice([-1, 1], shape) * rng.uniform(0.1, 3.0, shape)

    yield (off_zero(4, 5),), {}
    yield (off_zero(2, 3, 2),), {"negative_slope": 0.3}
    yield (off_zero(6),), {"negative_slope": 2.0}  # steeper than the identity
    yield (off_zero(6),), {"negative_slope": -1.0}  # the absolute value
    yield (off_zero(),), {"negative_slope": 0.3}
    yield (np.array([-1e6, -1e3, 1e3, 1e6]),), {}
    yield (off_zero(0, 3),), {}


KINKS = [
    {
        "at": "x = 0",
        "x": (np.array([0.0]),),
        "held": {"negative_slope": 0.25},
        "y": np.array([0.0]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.25]),),
        "why": "Every slope from 0.25 to 1 is a generalised slope; that of "
        "the negative side tends to the choice of ReLU as it tends to 0.",
    },
    {
        "at": "x = nan",
        "x": (np.array([np.nan]),),
        "held": {"negative_slope": 0.25},
        "y": np.array([np.nan]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.25]),),
        "why": "The value passes the nan on, so nothing is hidden; nan > 0 "
        "is false, so the slope is that of the negative side.",
    },
    {
        "at": "x = 0, negative slope 2",
        "x": (np.array([0.0]),),
        "held": {"negative_slope": 2.0},
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([2.0]),),
        "why": "Steep on the left: the rule stays with its mask, though 1 "
        "is shorter.",
    },
    {
        "at": "x = 0, negative slope -1",
        "x": (np.array([0.0]),),
        "held": {"negative_slope": -1.0},
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([-1.0]),),
        "why": "The absolute value in another spelling: the mask has two "
        "sides only, and 0 belongs to the left.",
    },
]

PICTURE = (
    (np.array([1.5, -0.5, 2.0, -1.0, 0.7, -2.0]),),
    {"negative_slope": 0.2},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[-2.0, 0.0, 3.0], [1.0, -1.0, 0.5]])
    y, pullback = leaky_relu(x, negative_slope=0.1)
    print(y)

    y_bar = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

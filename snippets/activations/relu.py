"""The rectified linear unit: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def relu(x):
    """Return y = max(x, 0), entry by entry, with slope 0 at 0.

    x, y, y_bar, x_bar: any shape.  Kept for the pullback: y.
    """
    y = np.maximum(x, 0.0)

    def pullback(y_bar):
        return (np.where(y > 0, y_bar, 0.0),)  # y > 0 where x > 0

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def relu_jvp(x, x_dot):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    return np.maximum(x, 0.0), np.where(x > 0, x_dot, 0.0)
# --8<-- [end:jvp]


def cases(rng):
    def off_zero(*shape):
        return rng.choice([-1, 1], shape) * rng.uniform(0.1, 3.0, shape)

    yield (off_zero(4, 5),), {}
    yield (off_zero(2, 3, 2),), {}
    yield (off_zero(),), {}
    yield (np.array([-1e6, -1e3, 1e3, 1e6]),), {}
    yield (off_zero(0, 3),), {}


KINKS = [
    {
        "at": "x = 0",
        "x": (np.array([0.0]),),
        "held": {},
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.0]),),
        "why": "Every slope in [0, 1] is a subgradient; 0 keeps an exact "
        "zero sparse and is what the deep-learning frameworks return.",
    },
    {
        "at": "x = nan",
        "x": (np.array([np.nan]),),
        "held": {},
        "y": np.array([np.nan]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.0]),),
        "why": "The value passes the nan on, so nothing is hidden; nan > 0 "
        "is false, so the slope is that of the closed side.",
    },
]

PICTURE = (np.array([1.5, -0.5, 2.0, -1.0, 0.7, -2.0]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[-2.0, 0.0, 3.0], [1.0, -1.0, 0.5]])
    y, pullback = relu(x)
    print(y)

    y_bar = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

"""SiLU, also called swish: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def silu(x):
    """Return y = x sigma(x), entry by entry.  Never overflows.

    x, y, y_bar, x_bar: any shape.  Kept: x, e and s.
    """
    x = np.asarray(x, np.result_type(x, 1.0))
    e = np.exp(-np.abs(x))  # between 0 and 1
    s = np.exp(np.minimum(x, 0.0)) / (1.0 + e)  # sigma(x)

    def pullback(y_bar):
        rest = np.exp(-np.maximum(x, 0.0)) / (1.0 + e)  # 1 - s
        return (y_bar * (s * (1.0 + x * rest)),)

    return x * s, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def silu_jvp(x, x_dot):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    y, pullback = silu(x)
    (y_dot,) = pullback(x_dot)  # a diagonal Jacobian is its own transpose
    return y, y_dot
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(3, 4)),), {}
    yield (2.0 * rng.normal(size=(2, 3, 2)),), {}
    yield (rng.normal(size=()),), {}
    yield (rng.normal(size=(0, 3)),), {}
    yield (np.array([-1e6, -30.0, -1.5, 0.0, 30.0, 1e6]),), {}
    yield (-rng.uniform(25.0, 45.0, 5),), {}


KINKS = [
    {
        "at": "x = (inf, -inf, nan)",
        "x": (np.array([np.inf, -np.inf, np.nan]),),
        "held": {},
        "y": np.array([np.inf, np.nan, np.nan]),
        "y_bar": np.array([1.0, 1.0, 1.0]),
        "x_bar": (np.array([np.nan, np.nan, np.nan]),),
        "why": "inf * 0 in the slope, and on the left in the value too: an "
        "activation that is infinite should be seen.",
    },
]

PICTURE = (np.array([[-5.0, -2.4, -1.28], [0.0, 2.4, 5.0]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[-100.0, -2.0, -1.0], [0.0, 2.0, 100.0]])
    y, pullback = silu(x)
    print(np.round(y, 4) + 0.0)  # + 0.0: no minus zero

    y_bar = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    (x_bar,) = pullback(y_bar)
    print(np.round(x_bar, 4) + 0.0)
    # --8<-- [end:use]

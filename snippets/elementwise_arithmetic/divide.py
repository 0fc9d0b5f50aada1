"""Division with broadcasting: value, pullback, JVP."""

from snippets.shape_operations.broadcast_to import unbroadcast

# --8<-- [start:rule]
import numpy as np


def divide(a, b):
    """Return y = a / b.  Kept for the pullback: y and b, not a.

    a, b: shapes that broadcast.  y, y_bar: the shape they broadcast to.
    """
    y = np.divide(a, b)
    a_shape = np.shape(a)

    def pullback(y_bar):
        g = y_bar / b
        return unbroadcast(g, a_shape), unbroadcast(-g * y, np.shape(b))

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def divide_jvp(a, b, a_dot, b_dot):
    """Return y and its tangent.  a_dot: as a.  b_dot: as b.  y_dot: as y."""
    y = np.divide(a, b)
    return y, (a_dot - y * b_dot) / b
# --8<-- [end:jvp]


def cases(rng):
    def pair(a_shape, b_shape):
        sign = rng.choice([-1, 1], b_shape)
        b = sign * rng.uniform(0.5, 3.0, b_shape)
        return (rng.normal(size=a_shape), b), {}

    yield pair((2, 4), (2, 4))
    yield pair((3, 2), 2)
    yield pair((1, 3), (4, 1))
    yield pair((2, 1), (2, 2, 3))
    yield pair((), 4)
    yield pair((0, 3), ())
    yield (rng.normal(size=3) * 1e15, rng.uniform(1.0, 2.0, 3) * 1e15), {}


ANALYTIC = True

KINKS = [
    {
        "at": "a = 1, b = inf",
        "x": (np.array([1.0]), np.array([np.inf])),
        "held": {},
        "y": np.array([0.0]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.0]), np.array([0.0])),
        "why": "The limits of both slopes.",
    },
    {
        "at": "a = 0, b = 0",
        "x": (np.array([0.0]), np.array([0.0])),
        "held": {},
        "y": np.array([np.nan]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([np.inf]), np.array([np.nan])),
        "why": "No value, so no slope; the quotient that is kept passes its "
        "nan on to the divisor.",
    },
    {
        "at": "a = 1, b = 0, cotangent 0",
        "x": (np.array([1.0]), np.array([0.0])),
        "held": {},
        "y": np.array([np.inf]),
        "y_bar": np.array([0.0]),
        "x_bar": (np.array([np.nan]), np.array([np.nan])),
        "why": "The entry was masked after the division, and 0 / 0 is nan.",
    },
]

REFUSES = [((np.zeros((3, 2)), np.ones(3)), {}, ValueError)]

PICTURE = (np.array([[1.0], [-2.0]]), np.array([1.0, 2.0, -0.5])), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    a = np.array([[6.0], [1.0]])
    b = np.array([2.0, 4.0, -1.0])
    y, pullback = divide(a, b)
    print(y)

    y_bar = np.array([[1.0, 2.0, 0.0], [4.0, 0.0, 3.0]])
    a_bar, b_bar = pullback(y_bar)
    print(a_bar)
    print(b_bar)
    # --8<-- [end:use]

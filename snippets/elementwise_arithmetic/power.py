"""Power with respect to base and exponent: value, pullback, JVP."""

from snippets.shape_operations.broadcast_to import unbroadcast

# --8<-- [start:rule]
import numpy as np


def power(x, a):
    """Return y = x ** a.  Kept for the pullback: x, a and y.

    x, a: shapes that broadcast.  y, y_bar: the shape they broadcast to.
    Integers become floats.  A negative x needs integer values in a.
    """
    dtype = np.result_type(x, a, 1.0)
    x, a = np.asarray(x, dtype), np.asarray(a, dtype)
    y = x**a

    def pullback(y_bar):
        with np.errstate(divide="ignore", invalid="ignore"):
            x_slope = a * x ** np.where(a == 0, 0, a - 1)
            a_slope = np.where((x == 0) & (a >= 0), 0, y * np.log(x))
            x_bar = unbroadcast(y_bar * x_slope, x.shape)
            a_bar = unbroadcast(y_bar * a_slope, a.shape)
        return x_bar, a_bar

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def power_jvp(x, a, x_dot, a_dot):
    """Return y and its tangent.  x_dot: as x.  a_dot: as a.  y_dot: as y.

    An argument at rest, with tangent 0, contributes 0, whatever its slope.
    """
    dtype = np.result_type(x, a, 1.0)
    x, a = np.asarray(x, dtype), np.asarray(a, dtype)
    y = x**a
    with np.errstate(divide="ignore", invalid="ignore"):
        x_slope = a * x ** np.where(a == 0, 0, a - 1)
        a_slope = np.where((x == 0) & (a >= 0), 0, y * np.log(x))
        by_x = np.where(x_dot == 0, 0, x_slope * x_dot)
        by_a = np.where(a_dot == 0, 0, a_slope * a_dot)
    return y, by_x + by_a
# --8<-- [end:jvp]


def cases(rng):
    def pair(x_shape, a_shape):
        x = rng.uniform(0.3, 3.0, x_shape)
        return (x, rng.uniform(-2.0, 3.0, a_shape)), {}

    yield pair((2, 3), (2, 3))
    yield pair((2, 4), 4)
    yield pair((3, 1), (1, 2))
    yield pair((2, 1), (3, 2, 2))
    yield pair((), 3)
    yield pair((0, 2), (1, 2))
    yield (rng.uniform(0.5, 2.0, (2, 1)), np.array([0.0, 1.0, 2.0, -1.0])), {}
    yield (np.array([1e-6, 1e6]), rng.uniform(1.5, 2.5, 2)), {}


ANALYTIC = True


def _kink(x, a, y, y_bar, x_bar, a_bar, why):
    return {
        "at": f"x = {x:g}, a = {a:g}" + ", cotangent 0" * (y_bar == 0),
        "x": (np.array([float(x)]), np.array([float(a)])),
        "held": {},
        "y": np.array([float(y)]),
        "y_bar": np.array([float(y_bar)]),
        "x_bar": (np.array([float(x_bar)]), np.array([float(a_bar)])),
        "why": why,
    }


KINKS = [
    _kink(0, 2, 0, 1, 0, 0, "Smooth in x; 0 ** a is 0 for every a > 0."),
    _kink(0, 1, 0, 1, 1, 0, "The identity in x, so the slope is 1, not 0 * inf."),
    _kink(0, 0.5, 0, 1, np.inf, 0, "The one-sided slope of the root is infinite."),
    _kink(
        *(0, 0, 1, 1, 0, 0),
        "x ** 0 is the constant 1, slope 0.  In a the value jumps, which no "
        "number describes; 0 leaves the sum over a broadcast usable.",
    ),
    _kink(
        *(0, -1, np.inf, 1, -np.inf, -np.inf),
        "The limits of both slopes as x falls to 0.",
    ),
    _kink(
        *(-2, 3, -8, 1, 12, np.nan),
        "Smooth in x.  No real value exists at exponents beside 3, so there "
        "is no slope in a.",
    ),
    _kink(-2, 0, 1, 1, 0, np.nan, "x ** 0 is the constant 1; in a as above."),
    _kink(
        *(-2, 0.5, np.nan, 1, np.nan, np.nan),
        "No real root of a negative base, so no slope of either kind.",
    ),
    _kink(
        *(np.nan, 0, 1, 1, 0, np.nan),
        "The value is 1 for every x, so the slope in x is 0; ln x is nan.",
    ),
    _kink(
        *(np.inf, 0, 1, 1, 0, np.inf),
        "The constant 1 again, whatever x; in a the limit of ln x.",
    ),
    _kink(
        *(0, 0.5, 0, 0, np.nan, 0),
        "0 * inf: a masked entry still has an infinite slope.",
    ),
]

REFUSES = [((np.ones((2, 3)), np.ones(2)), {}, ValueError)]

PICTURE = (np.array([[2.0], [0.5]]), np.array([0.0, 1.0, 2.0])), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0], [2.0], [4.0]])
    a = np.array([2.0, 0.5])
    y, pullback = power(x, a)
    print(np.round(y, 4))

    y_bar = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 2.0]])
    x_bar, a_bar = pullback(y_bar)
    print(x_bar)
    print(np.round(a_bar, 4))
    # --8<-- [end:use]

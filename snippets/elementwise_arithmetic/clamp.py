"""Clamping between held bounds: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def clamp(x, *, lo=-np.inf, hi=np.inf):
    """Return y = min(max(x, lo), hi), with slope 0 at the bounds.

    x, y, y_bar, x_bar: any shape.  lo, hi: numbers, or arrays that broadcast
    to the shape of x.  Where lo > hi, y = hi.  Kept for the pullback: one
    bit an entry.  Integers become floats.
    """
    x = np.asarray(x, np.result_type(x, 1.0))
    y = np.minimum(np.maximum(x, lo), hi)
    if y.shape != x.shape:
        raise ValueError(f"bounds of shape {y.shape} for x of {x.shape}")
    inside = (lo < x) & (x < hi)

    def pullback(y_bar):
        return (np.where(inside, y_bar, 0.0),)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def clamp_jvp(x, x_dot, *, lo=-np.inf, hi=np.inf):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    y, _ = clamp(x, lo=lo, hi=hi)
    return y, np.where((lo < x) & (x < hi), x_dot, 0.0)
# --8<-- [end:jvp]


def cases(rng):
    def off(lo, hi, *shape):
        """Entries below, between and above the bounds, 0.1 away from each."""
        below = lo - rng.uniform(0.1, 2.0, shape)
        above = hi + rng.uniform(0.1, 2.0, shape)
        between = rng.uniform(lo + 0.1, hi - 0.1, shape)
        return np.choose(rng.integers(0, 3, shape), [below, between, above])

    yield (off(-1.0, 1.0, 4, 5),), {"lo": -1.0, "hi": 1.0}
    yield (off(0.0, 2.0, 2, 3, 2),), {"lo": 0.0, "hi": 2.0}
    yield (off(0.0, 1.0, 3, 2),), {"lo": 0.5}
    yield (off(0.0, 1.0, 3, 2),), {"hi": 0.5}
    lo, hi = np.array([[-1.0], [0.0]]), np.array([1.0, 2.0, 3.0])
    yield (off(lo, hi, 2, 3),), {"lo": lo, "hi": hi}
    yield (rng.normal(size=3),), {"lo": 2.0, "hi": -5.0}
    yield (off(-1.0, 1.0),), {"lo": -1.0, "hi": 1.0}
    yield (np.array([-1e6, -1e3, 0.5, 1e3]),), {"lo": -1e4, "hi": 1.0}
    yield (np.zeros((0, 3)),), {"lo": -1.0, "hi": 1.0}


def _kink(at, x, y, x_bar, why, **held):
    return {
        "at": at,
        "x": (np.array([x]),),
        "held": held,
        "y": np.array([y]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([x_bar]),),
        "why": why,
    }


KINKS = [
    _kink(
        *("x = lo", 0.0, 0.0, 0.0),
        "Every slope in [0, 1] is a subgradient; 0 is the shortest, and what "
        "relu has at 0.",
        **{"lo": 0.0, "hi": 1.0},
    ),
    _kink(
        *("x = hi", 1.0, 1.0, 0.0),
        "Both bounds are treated alike.",
        **{"lo": 0.0, "hi": 1.0},
    ),
    _kink(
        *("x = lo = hi", 0.5, 0.5, 0.0),
        "The value is constant, so this is the derivative.",
        **{"lo": 0.5, "hi": 0.5},
    ),
    _kink(
        *("x between, lo > hi", 0.5, 0.0, 0.0),
        "The value is hi for every x, so this is the derivative.",
        **{"lo": 1.0, "hi": 0.0},
    ),
    _kink(
        *("x = nan", np.nan, np.nan, 0.0),
        "The value passes the nan on; nan is not between the bounds.",
        **{"lo": 0.0, "hi": 1.0},
    ),
]

REFUSES = [((np.zeros(3),), {"lo": np.zeros((2, 1))}, ValueError)]

PICTURE = (
    (np.array([-2.0, 0.3, 1.7, -0.5, 0.8, 1.0]),),
    {"lo": -1.0, "hi": 1.0},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[-0.5, 0.2, 1.0], [0.9, 3.0, 0.0]])
    y, pullback = clamp(x, lo=0.0, hi=1.0)
    print(y)

    y_bar = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

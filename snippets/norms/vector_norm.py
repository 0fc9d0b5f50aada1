"""The p-norm along one axis, several or all: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def vector_norm(x, *, p=2, axis=None, keepdims=False):
    """Return y = sum(|x|**p)**(1/p) along axis; p = inf: the largest |x|.

    x, x_bar: any shape, real.  y, y_bar: that without axis, or ones there.
    p: a number, 1 <= p <= inf.  Kept for the pullback: x, r and s.
    """
    if p < 1:
        raise ValueError(f"p = {p} gives no norm; p must be at least 1")
    size = np.abs(x + 0.0)  # integers become floats
    top = size.max(axis=axis, keepdims=True, initial=0.0)
    scale = np.where((top > 0) & np.isfinite(top), top, 1.0)
    r = size / scale  # at most 1: no power of it overflows
    if p == np.inf:
        s = top / scale
    else:
        s = (r**p).sum(axis=axis, keepdims=True) ** (1 / p)

    def pullback(y_bar):
        return (norm_slope(x, r, s, p, axis) * np.reshape(y_bar, s.shape),)

    y = scale * s
    return y if keepdims else y.squeeze(axis), pullback
# --8<-- [end:rule]


# --8<-- [start:slope]
def norm_slope(x, r, s, p, axis):
    """Return dy/dx; where there are many subgradients, the smallest."""
    if p == np.inf:
        tied = np.sign(x) * (r == s)  # the largest entries share the slope
        count = np.abs(tied).sum(axis=axis, keepdims=True)
        return tied / np.maximum(count, 1)
    return np.sign(x) * (r / np.where(s == 0, 1.0, s)) ** (p - 1)
# --8<-- [end:slope]


# --8<-- [start:jvp]
def vector_norm_jvp(x, x_dot, *, p=2, axis=None, keepdims=False):
    """Return y and its tangent.  x, x_dot: one shape.  y_dot: as y."""
    y, pullback = vector_norm(x, p=p, axis=axis, keepdims=keepdims)
    (slope,) = pullback(np.ones_like(y))
    return y, (slope * x_dot).sum(axis=axis, keepdims=keepdims)
# --8<-- [end:jvp]


def cases(rng):
    def spread(*shape):
        """Sizes 0.5, 0.7, 0.9, ...: no zero, and no tie for the largest."""
        size = 0.5 + 0.2 * rng.permutation(np.prod(shape, dtype=int))
        return (rng.choice([-1, 1], shape) * size.reshape(shape),)

    yield spread(3, 4), {}
    yield spread(2, 3), {"p": 1, "axis": 0}
    yield spread(2, 3), {"p": 3, "axis": 1}
    yield spread(2, 3, 4), {"p": 1.5, "axis": (0, 2)}
    yield spread(2, 3, 4), {"axis": 1, "keepdims": True}
    yield spread(2, 3, 4), {"p": np.inf, "axis": (0, 2)}
    yield spread(3, 4), {"p": np.inf, "axis": 0, "keepdims": True}
    yield (np.array([0.2, -0.6, 0.4]),), {"p": np.inf}
    yield (rng.uniform(6e18, 9e18, 12),), {}  # squares leave float32
    yield (np.zeros((0, 3)),), {"axis": 1}
    yield (np.zeros((2, 0)),), {"axis": 1}


def _kink(at, x, y, x_bar, why, **held):
    return {
        "at": f"p = {held['p']}, {at}" if held else at,
        "x": (np.array(x, float),),
        "held": held,
        "y": np.array(float(y)),
        "y_bar": np.array(1.0),
        "x_bar": (np.array(x_bar, float),),
        "why": why,
    }


BIG = 2.0**700  # its square and 1 / its square leave float64

KINKS = [
    _kink(
        *("x = (0, 0)", [0, 0], 0, [0, 0]),
        "Every vector of the unit disc is a subgradient; 0 is the smallest, "
        "and the norm has its minimum there.",
        p=2,
    ),
    _kink(
        *("x = (0, 0)", [0, 0], 0, [0, 0]),
        "Every vector with entries in [-1, 1] is a subgradient.",
        p=1,
    ),
    _kink(
        *("x = (0, -2)", [0, -2], 2, [0, -1]),
        "The slope of |x| at 0 may be any number in [-1, 1].",
        p=1,
    ),
    _kink(
        *("x = (0, 0)", [0, 0], 0, [0, 0]),
        "The unit ball of the dual norm, as for every p.",
        p=3,
    ),
    _kink(
        *("x = (0, 0)", [0, 0], 0, [0, 0]),
        "The unit ball of the dual norm, as for every p.",
        p=np.inf,
    ),
    {
        "at": "p = inf, axis = 1, x = ((2, -2), (1, 3))",
        "x": (np.array([[2.0, -2.0], [1.0, 3.0]]),),
        "held": {"p": np.inf, "axis": 1},
        "y": np.array([2.0, 3.0]),
        "y_bar": np.ones(2),
        "x_bar": (np.array([[0.5, -0.5], [0.0, 1.0]]),),
        "why": "Any weights that sum to 1 are allowed; equal ones give the "
        "subgradient of smallest size and do not depend on the order.",
    },
    _kink(
        *("x = (3, 4) times 2**700", [3 * BIG, 4 * BIG], 5 * BIG, [0.6, 0.8]),
        "Smooth: only the squares leave the range.",
        p=2,
    ),
    _kink(
        *("x = (3, 4) / 2**700", [3 / BIG, 4 / BIG], 5 / BIG, [0.6, 0.8]),
        "Smooth: only the squares leave the range.",
        p=2,
    ),
    _kink(
        *("x = (inf, 1)", [np.inf, 1], np.inf, [np.nan, 0]),
        "How fast the length grows with an infinite entry is inf / inf.",
        p=2,
    ),
    _kink(
        *("x = (inf, 1)", [np.inf, 1], np.inf, [1, 1]),
        "The slopes of |x| do not look at the sizes.",
        p=1,
    ),
    _kink(
        *("x = (inf, 1)", [np.inf, 1], np.inf, [1, 0]),
        "The largest entry has the slope, infinite or not.",
        p=np.inf,
    ),
    _kink(
        *("x = (nan, 1)", [np.nan, 1], np.nan, [np.nan, np.nan]),
        "Every slope is a quotient by the length, and that is nan.",
        p=2,
    ),
]

REFUSES = [((np.ones(3),), {"p": 0.5}, ValueError)]

PICTURE = (np.array([[3.0, 4.0, 0.0], [-1.0, 2.0, -2.0]]),), {"axis": 1}


if __name__ == "__main__":
    # --8<-- [start:use]
    X = np.array([[3.0, -4.0], [5.0, 12.0]])
    for p in 1, 2, np.inf:
        y, pullback = vector_norm(X, p=p, axis=1)
        (X_bar,) = pullback(np.array([1.0, 10.0]))
        print(p, y, *np.round(X_bar, 4))
    # --8<-- [end:use]

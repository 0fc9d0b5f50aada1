"""The largest entry over axes: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def max_reduction(x, *, axis=None, keepdims=False):
    """Return y, the maximum over axis: an int, a tuple, or None for all.

    x, x_bar: any shape with an entry to compare.  y, y_bar: without the axes
    reduced, or with length 1 there (keepdims).  k tied entries take 1/k
    each.  Kept for the pullback: x and y.  Integers become floats.
    """
    x = np.asarray(x, np.result_type(x, 1.0))
    y = np.max(x, axis=axis, keepdims=True, initial=-np.inf)
    if y.size and not x.size:
        raise ValueError(f"no entry along axis {axis} of shape {x.shape}")

    def pullback(y_bar):
        hit = x == y
        count = hit.sum(axis=axis, keepdims=True)  # 0 where y is nan
        share = (1 / np.maximum(count, 1)).astype(x.dtype)
        g = share * np.reshape(y_bar, y.shape)
        return (np.where(hit, g, 0.0),)

    return y if keepdims else y.squeeze(axis), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def max_reduction_jvp(x, x_dot, *, axis=None, keepdims=False):
    """Return y and its tangent: the mean of x_dot over the tied entries."""
    y, _ = max_reduction(x, axis=axis, keepdims=True)
    hit = x == y
    count = hit.sum(axis=axis, keepdims=True)
    share = (1 / np.maximum(count, 1)).astype(y.dtype)
    y_dot = share * np.where(hit, x_dot, 0.0).sum(axis=axis, keepdims=True)
    if keepdims:
        return y, y_dot
    return y.squeeze(axis), y_dot.squeeze(axis)
# --8<-- [end:jvp]


def cases(rng):
    def apart(*shape, scale=1.0, **held):
        """No entry is within 0.2 of another."""
        n = int(np.prod(shape))
        steps = rng.permutation(n) - n / 2
        entries = scale * (0.3 * steps + rng.uniform(0.0, 0.1, n))
        return (entries.reshape(shape),), held

    yield apart(3, 4)
    yield apart(3, 3, axis=0)
    yield apart(3, 3, axis=-1)
    yield apart(2, 3, 4, axis=(0, -1))
    yield apart(2, 3, 4, axis=1, keepdims=True)
    yield apart(2, 3, keepdims=True)
    yield apart(0, 3, axis=1)
    yield apart()
    yield apart(2, 3, axis=1, scale=1e5)
    yield (np.array([[1.0, 2.0, 5.0], [0.0, 3.0, 6.0]]),), {"axis": 1}


KINKS = [
    {
        "at": "x = (1, 1, 0)",
        "x": (np.array([1.0, 1.0, 0.0]),),
        "held": {"axis": 0},
        "y": np.array(1.0),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.5, 0.5, 0.0]),),
        "why": "Weights of the tied entries that sum to 1 are subgradients; "
        "equal ones are the shortest, and do not depend on the order.",
    },
    {
        "at": "x = (0, 0, 0, 0), cotangent 8",
        "x": (np.zeros(4),),
        "held": {"axis": 0},
        "y_bar": np.array(8.0),
        "x_bar": (np.full(4, 2.0),),
        "why": "A row that a relu has closed is one tie of all its entries.",
    },
    {
        "at": "x = (-inf, -inf)",
        "x": (np.full(2, -np.inf),),
        "held": {"axis": 0},
        "y": np.array(-np.inf),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.5, 0.5]),),
        "why": "A row that a mask has hidden is a tie like any other.",
    },
    {
        "at": "x = (nan, 1)",
        "x": (np.array([np.nan, 1.0]),),
        "held": {"axis": 0},
        "y": np.array(np.nan),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.0, 0.0]),),
        "why": "The value passes the nan on; no entry equals it, so nobody "
        "receives the cotangent.",
    },
]

REFUSES = [
    ((np.zeros((2, 0)),), {"axis": 1}, ValueError),
    ((np.zeros((0, 3)),), {}, ValueError),
]

PICTURE = (np.array([[1.0, 4.0, 2.0], [3.0, 0.0, 3.0]]),), {"axis": 1}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 4.0, 2.0], [3.0, 0.0, 3.0]])
    y, pullback = max_reduction(x, axis=1)
    print(y)

    y_bar = np.array([10.0, -1.0])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

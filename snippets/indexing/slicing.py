"""Basic indexing and slicing: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def slicing(x, *, index):
    """Return y = x[index] for integers, slices, ... and None.

    x, x_bar: any shape.  y, y_bar: what NumPy makes of it, () included.
    Kept for the pullback: index and the shape of x.
    """
    basic = int, np.integer, slice, type(None), type(...)
    for i in index if isinstance(index, tuple) else (index,):
        if isinstance(i, bool) or not isinstance(i, basic):
            kind, shape = type(i).__name__, np.shape(x)
            raise TypeError(f"{kind} in the index of {shape}: see embedding")
    y = x[index]
    x_shape = np.shape(x)

    def pullback(y_bar):
        x_bar = np.zeros(x_shape, np.result_type(y_bar))
        x_bar[index] = y_bar  # no += needed: nothing is read twice
        return (x_bar,)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def slicing_jvp(x, x_dot, *, index):
    """Return y and its tangent.  x_dot: as x.  y_dot: as y."""
    y, _ = slicing(x, index=index)
    return y, x_dot[index]
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(4, 3)),), {"index": (slice(1, 3), slice(None))}
    yield (rng.normal(size=(4, 3)),), {"index": (slice(None, None, -2), 1)}
    yield (rng.normal(size=(2, 3, 2)),), {"index": (..., None, -1)}
    yield (rng.normal(size=5),), {"index": 3}
    yield (rng.normal(size=5),), {"index": slice(-4, None, 2)}
    yield (rng.normal(size=()),), {"index": None}
    yield (rng.normal(size=(2, 3)),), {"index": (slice(2, None), 0)}
    yield (rng.normal(size=(0, 3)),), {"index": (slice(None), slice(1, 3))}


ANALYTIC = True

REFUSES = [
    ((np.zeros((4, 3)),), {"index": np.array([0, 1])}, TypeError),
    ((np.zeros((4, 3)),), {"index": [0, 1]}, TypeError),
    ((np.zeros((4, 3)),), {"index": np.ones((4, 3), bool)}, TypeError),
    ((np.zeros((4, 3)),), {"index": True}, TypeError),
    ((np.zeros((4, 3)),), {"index": (slice(None), [0, 2])}, TypeError),
    ((np.zeros((4, 3)),), {"index": 4}, IndexError),
    ((np.zeros((4, 3)),), {"index": (0, 0, 0)}, IndexError),
]

PICTURE = (np.arange(12.0).reshape(4, 3),), {"index": np.s_[::-2, 1:]}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.arange(12.0).reshape(3, 4)
    y, pullback = slicing(x, index=np.s_[1:, ::-2])
    print(y)

    y_bar = np.array([[1.0, 2.0], [3.0, 4.0]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

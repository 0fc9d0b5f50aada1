"""Looking up rows of a table: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def embedding(W, *, ids):
    """Return Y = W[ids]: for every id, its row of the table.

    W, W_bar: (V, D).  ids: integers in 0 .. V - 1, of any shape (...).
    Y, Y_bar: (..., D).  Kept for the pullback: ids and the shape of W.
    """
    ids = np.asarray(ids)
    if ids.dtype.kind not in "iu":
        raise TypeError(f"ids {ids.shape} of {ids.dtype}, not of integers")
    if (ids < 0).any():  # -1 marks padding; W[-1] would train a real row
        raise IndexError(f"id {ids.min()} is not in 0 .. {len(W) - 1}")
    Y = W[ids]
    W_shape = W.shape

    def pullback(Y_bar):
        W_bar = np.zeros(W_shape, Y_bar.dtype)
        np.add.at(W_bar, ids, Y_bar)  # W_bar[ids] += keeps one of a pair
        return (W_bar,)

    return Y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def embedding_jvp(W, W_dot, *, ids):
    """Return Y and its tangent.  W, W_dot: (V, D).  Y, Y_dot: (..., D)."""
    Y, _ = embedding(W, ids=ids)
    return Y, W_dot[ids]
# --8<-- [end:jvp]


def cases(rng):
    W = rng.normal(size=(5, 3))
    yield (W,), {"ids": np.array([4, 1, 1, 0, 1])}  # duplicates; 2, 3 unused
    yield (W,), {"ids": rng.integers(5, size=(2, 4))}
    yield (W,), {"ids": np.array(3)}
    yield (W,), {"ids": np.zeros(0, dtype=int)}
    yield (rng.normal(size=(2, 1)),), {"ids": np.array([1, 1, 0])}


ANALYTIC = True

REFUSES = [
    ((np.zeros((5, 3)),), {"ids": np.array([0, -1])}, IndexError),
    ((np.zeros((5, 3)),), {"ids": np.array([0, 5])}, IndexError),
    ((np.zeros((2, 3)),), {"ids": np.array([True, False])}, TypeError),
    ((np.zeros((2, 3)),), {"ids": np.array([0.0, 1.0])}, TypeError),
]

PICTURE = (np.arange(8.0).reshape(4, 2),), {"ids": np.array([2, 0, 2])}


if __name__ == "__main__":
    # --8<-- [start:use]
    W = np.array([[0.1, 0.2], [1.1, 1.2], [2.1, 2.2]])
    Y, pullback = embedding(W, ids=np.array([2, 0, 2]))
    print(Y)

    Y_bar = np.array([[1.0, 2.0], [3.0, 4.0], [10.0, 20.0]])
    (W_bar,) = pullback(Y_bar)
    print(W_bar)
    # --8<-- [end:use]

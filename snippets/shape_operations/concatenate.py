"""Joining arrays along an axis: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def concatenate(*arrays, axis=0):
    """Return y, the arrays one after the other along axis.

    Each array and its cotangent: (..., n_k, ...), alike on all other axes.
    y, y_bar: (..., n_1 + n_2 + ..., ...).  Kept for the pullback: the n_k.
    The cotangents are views of y_bar.
    """
    y = np.concatenate(arrays, axis=axis)
    ends = np.cumsum([a.shape[axis] for a in arrays])

    def pullback(y_bar):
        return tuple(np.split(y_bar, ends[:-1], axis=axis))

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def concatenate_jvp(*arrays_and_dots, axis=0):
    """Return y and its tangent.  First all arrays, then all tangents."""
    n = len(arrays_and_dots) // 2
    y = np.concatenate(arrays_and_dots[:n], axis=axis)
    return y, np.concatenate(arrays_and_dots[n:], axis=axis)
# --8<-- [end:jvp]


def cases(rng):
    def draw(*shapes):
        return tuple(rng.normal(size=shape) for shape in shapes)

    yield draw((2, 3), (1, 3), (3, 3)), {}
    yield draw((2, 3), (2, 1)), {"axis": 1}
    yield draw((2, 1, 2), (2, 2, 2), (2, 3, 2), (2, 1, 2)), {"axis": -2}
    yield draw(2, 3), {}
    yield draw((2, 2), (0, 2), (1, 2)), {}
    yield draw((0, 2), (0, 1)), {"axis": -1}
    yield draw((2, 3)), {"axis": 1}


ANALYTIC = True

REFUSES = [
    ((np.zeros((2, 3)), np.zeros((2, 2))), {}, ValueError),
    ((np.zeros((2, 3)), np.zeros((2, 3))), {"axis": 2}, ValueError),
    ((np.zeros((2, 3)), np.zeros(3)), {}, ValueError),
]

PICTURE = (np.ones((2, 2)), np.ones((2, 1))), {"axis": 1}


if __name__ == "__main__":
    # --8<-- [start:use]
    a = np.array([[1.0], [2.0]])
    b = np.array([[3.0, 4.0], [5.0, 6.0]])
    y, pullback = concatenate(a, b, axis=1)
    print(y)

    y_bar = np.array([[10.0, 20.0, 30.0], [40.0, 50.0, 60.0]])
    a_bar, b_bar = pullback(y_bar)
    print(a_bar)
    print(b_bar)
    # --8<-- [end:use]

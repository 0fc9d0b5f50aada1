"""A matrix that one number moves in one entry: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def single_entry_matrix(t, *, shape, i, j):
    """Return Y = t E: the number t at (i, j) of a matrix, 0 elsewhere.

    t, t_bar: ().  Y, Y_bar: shape, (n, m).  Kept: nothing.  ValueError
    unless t is a number, IndexError where (i, j) is outside.
    """
    if np.ndim(t) != 0:
        raise ValueError(f"t of shape {np.shape(t)} is not a number")
    t = np.asarray(t)
    Y = np.zeros(shape, np.result_type(t, np.float16))  # never integers
    Y[i, j] = t

    def pullback(Y_bar):
        return (Y_bar[i, j],)

    return Y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def single_entry_matrix_jvp(t, t_dot, *, shape, i, j):
    """Return Y and its tangent, t_dot at the same entry."""
    Y, _ = single_entry_matrix(t, shape=shape, i=i, j=j)
    Y_dot, _ = single_entry_matrix(t_dot, shape=shape, i=i, j=j)
    return Y, Y_dot
# --8<-- [end:jvp]


def cases(rng):
    def given(shape, i, j):
        return (rng.normal(size=()),), {"shape": shape, "i": i, "j": j}

    yield given((2, 3), 1, 2)
    yield given((2, 3), 0, 1)
    yield given((3, 3), 0, 2)
    yield given((3, 2), -1, -2)
    yield given((1, 1), 0, 0)
    yield (np.array(-3e12),), {"shape": (2, 2), "i": 1, "j": 0}


ANALYTIC = True

REFUSES = [((np.zeros(2),), {"shape": (2, 2), "i": 0, "j": 1}, ValueError)]

PICTURE = (np.array(2.0),), {"shape": (2, 3), "i": 1, "j": 0}


if __name__ == "__main__":
    # --8<-- [start:use]
    Y, pullback = single_entry_matrix(np.array(1.0), shape=(2, 3), i=1, j=0)
    print(Y)

    Y_bar = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    print(pullback(Y_bar)[0])
    # --8<-- [end:use]

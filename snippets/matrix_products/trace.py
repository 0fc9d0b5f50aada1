"""The trace of the matrices in the last two axes: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def trace(A, *, offset=0):
    """Return y, the sum of A[..., i, i + offset].  Kept: the shape of A.

    A, A_bar: (..., n, m), square or not.  y, y_bar: (...).
    """
    if A.ndim < 2:
        raise ValueError(f"A of shape {A.shape} is not a matrix")
    y = np.linalg.trace(A, offset=offset)
    shape, kind = A.shape[-2:], A.dtype

    def pullback(y_bar):
        ones = np.eye(*shape, k=offset, dtype=kind)
        return (np.expand_dims(y_bar, (-2, -1)) * ones,)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def trace_jvp(A, A_dot, *, offset=0):
    """Return y and its tangent: the trace is linear."""
    y, _ = trace(A, offset=offset)
    return y, np.linalg.trace(A_dot, offset=offset)
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(3, 3)),), {}
    yield (rng.normal(size=(2, 4)),), {}
    yield (rng.normal(size=(2, 4)),), {"offset": 2}
    yield (rng.normal(size=(2, 3, 2)),), {"offset": -1}
    yield (rng.normal(size=(2, 2, 2, 3)),), {}
    yield (rng.normal(size=(2, 2)),), {"offset": 2}  # beyond the corner
    yield (rng.normal(size=(0, 2, 2)),), {}
    yield (rng.normal(size=(0, 0)),), {}
    yield (np.diag([1e12, 1.0, 1e-12]) + rng.normal(size=(3, 3)),), {}


ANALYTIC = True

REFUSES = [((np.zeros(3),), {}, ValueError)]

PICTURE = (np.arange(12.0).reshape(2, 2, 3),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    y, pullback = trace(A)
    print(y)

    (A_bar,) = pullback(np.array(10.0))
    print(A_bar)
    # --8<-- [end:use]

"""A bias added to the last axis: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def bias_add(X, b):
    """Return Y = X + b, the same b for every sample.  Kept: nothing.

    X, X_bar, Y, Y_bar: (..., K).  b, b_bar: (K,).
    """
    if b.ndim != 1 or b.shape != X.shape[-1:]:
        raise ValueError(f"b {b.shape} is not the last axis of X {X.shape}")
    batch = tuple(range(X.ndim - 1))

    def pullback(Y_bar):
        return Y_bar, Y_bar.sum(axis=batch)

    return X + b, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def bias_add_jvp(X, b, X_dot, b_dot):
    """Return Y and its tangent.  X_dot: as X.  b_dot: (K,)."""
    return X + b, X_dot + b_dot
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(4, 3)), rng.normal(size=3)), {}
    yield (rng.normal(size=(2, 3, 4)), rng.normal(size=4)), {}
    yield (rng.normal(size=(3, 3)), rng.normal(size=3)), {}
    yield (rng.normal(size=3), rng.normal(size=3)), {}
    yield (rng.normal(size=(3, 1)), rng.normal(size=1)), {}
    yield (rng.normal(size=(0, 2)), rng.normal(size=2)), {}
    yield (rng.normal(size=(2, 3)) * 1e12, rng.normal(size=3) * 1e-3), {}


ANALYTIC = True

REFUSES = [
    ((np.zeros((4, 3)), np.zeros(4)), {}, ValueError),
    ((np.zeros((4, 3)), np.zeros(1)), {}, ValueError),
]

PICTURE = (np.arange(8.0).reshape(2, 2, 2), np.array([10.0, 20.0])), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    b = np.array([10.0, 20.0])
    Y, pullback = bias_add(X, b)
    print(Y)

    X_bar, b_bar = pullback(np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 4.0]]))
    print(b_bar)
    # --8<-- [end:use]

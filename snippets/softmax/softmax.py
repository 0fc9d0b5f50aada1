"""Softmax along an axis: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def softmax(z, *, axis=-1):
    """Return s = exp(z) / sum(exp(z)) along axis.

    z, s, s_bar, z_bar: (..., n, ...), n >= 1.  Kept for the pullback: s.
    """
    if z.shape[axis] == 0:
        raise ValueError(f"no entry along axis {axis} of shape {z.shape}")
    e = np.exp(z - z.max(axis=axis, keepdims=True))  # largest entry is 1
    s = e / e.sum(axis=axis, keepdims=True)

    def pullback(s_bar):
        return (s * (s_bar - (s * s_bar).sum(axis=axis, keepdims=True)),)

    return s, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def softmax_jvp(z, z_dot, *, axis=-1):
    """Return s and its tangent.  z, z_dot, s, s_dot: (..., n, ...)."""
    s, _ = softmax(z, axis=axis)
    return s, s * (z_dot - (s * z_dot).sum(axis=axis, keepdims=True))
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(4, 5)),), {}
    yield (rng.normal(size=(2, 3, 4)),), {"axis": 1}
    yield (rng.normal(size=6),), {"axis": 0}
    yield (1000.0 + rng.normal(size=(2, 3)),), {}
    yield (np.array([[0.3, -np.inf, 1.2], [-800.0, 0.5, 0.1]]),), {}  # a mask
    yield (rng.normal(size=(3, 1)),), {}
    yield (rng.normal(size=(0, 3)),), {}


ANALYTIC = True  # the shift cancels, so that max does no harm

REFUSES = [((np.zeros((2, 0)),), {}, ValueError)]

KINKS = [
    {
        "at": "z = (0, -inf)",
        "x": (np.array([0.0, -np.inf]),),
        "held": {},
        "y_bar": np.array([1.0, 2.0]),
        "x_bar": (np.array([0.0, 0.0]),),
        "why": "A score that is masked has no influence.",
    },
    {
        "at": "z = (-inf, -inf)",
        "x": (np.array([-np.inf, -np.inf]),),
        "held": {},
        "y": np.array([np.nan, np.nan]),
        "y_bar": np.array([1.0, 2.0]),
        "x_bar": (np.array([np.nan, np.nan]),),
        "why": "No score is left to hold a probability.",
    },
    {
        "at": "z = (0, inf)",
        "x": (np.array([0.0, np.inf]),),
        "held": {},
        "y": np.array([np.nan, np.nan]),
        "y_bar": np.array([1.0, 2.0]),
        "x_bar": (np.array([np.nan, np.nan]),),
        "why": "The infinite score is an overflow upstream, and nan says "
        "so.",
    },
]

PICTURE = (np.array([[0.5, 2.0, -1.0, 1.0], [0.0, 1.0, 0.5, 0.2]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    z = np.array([[1.0, 2.0, 3.0], [1001.0, 1002.0, 1003.0]])
    s, pullback = softmax(z)
    print(np.round(s, 4))

    s_bar = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 2.0]])
    (z_bar,) = pullback(s_bar)
    print(np.round(z_bar, 4))
    # --8<-- [end:use]

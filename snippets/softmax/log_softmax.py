"""Log-softmax along an axis: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def log_softmax(z, *, axis=-1):
    """Return y = z - log(sum(exp(z))) along axis, the logarithm of softmax.

    z, y, y_bar, z_bar: (..., n, ...), n >= 1.  Kept for the pullback: y.
    """
    if z.shape[axis] == 0:
        raise ValueError(f"no entry along axis {axis} of shape {z.shape}")
    d = z - z.max(axis=axis, keepdims=True)  # the largest entry is 0
    y = d - np.log(np.exp(d).sum(axis=axis, keepdims=True))

    def pullback(y_bar):
        return (y_bar - np.exp(y) * y_bar.sum(axis=axis, keepdims=True),)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def log_softmax_jvp(z, z_dot, *, axis=-1):
    """Return y and its tangent.  z, z_dot, y, y_dot: (..., n, ...)."""
    y, _ = log_softmax(z, axis=axis)
    return y, z_dot - (np.exp(y) * z_dot).sum(axis=axis, keepdims=True)
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(4, 5)),), {}
    yield (rng.normal(size=(2, 3, 4)),), {"axis": 1}
    yield (rng.normal(size=6),), {"axis": 0}
    yield (1000.0 + rng.normal(size=(2, 3)),), {}
    yield (np.array([[0.0, 1000.0, 998.5], [-800.0, 0.5, 0.1]]),), {}
    yield (rng.normal(size=(3, 1)),), {}
    yield (rng.normal(size=(0, 3)),), {}


ANALYTIC = True  # the shift cancels, so that max does no harm

REFUSES = [((np.zeros((2, 0)),), {}, ValueError)]

KINKS = [
    {
        "at": "z = (0, -inf)",
        "x": (np.array([0.0, -np.inf]),),
        "held": {},
        "y_bar": np.array([0.0, 1.0]),
        "x_bar": (np.array([-1.0, 1.0]),),
        "why": "The masked entry is read, and its cotangent passes; what "
        "the normaliser hands back goes to the score that is left.",
    },
    {
        "at": "z = (-inf, -inf)",
        "x": (np.array([-np.inf, -np.inf]),),
        "held": {},
        "y": np.array([np.nan, np.nan]),
        "y_bar": np.array([0.0, 1.0]),
        "x_bar": (np.array([np.nan, np.nan]),),
        "why": "No score is left to hold a probability.",
    },
    {
        "at": "z = (0, inf)",
        "x": (np.array([0.0, np.inf]),),
        "held": {},
        "y": np.array([np.nan, np.nan]),
        "y_bar": np.array([0.0, 1.0]),
        "x_bar": (np.array([np.nan, np.nan]),),
        "why": "The infinite score is an overflow upstream, and nan says "
        "so.",
    },
]

PICTURE = (np.array([[0.5, 2.0, -1.0], [0.0, 1.0, 0.5]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    z = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 1000.0]])
    y, pullback = log_softmax(z)
    print(np.round(y[0], 4), y[1])

    y_bar = np.array([[1.0, 0.0, 0.0], [0.0, 3.0, 1.0]])
    (z_bar,) = pullback(y_bar)
    print(np.round(z_bar, 4))
    # --8<-- [end:use]

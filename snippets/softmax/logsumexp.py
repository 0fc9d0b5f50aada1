"""Log-sum-exp along one axis, several or all: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def logsumexp(z, *, axis=None, keepdims=False):
    """Return y = log(sum(exp(z))) along axis: int, tuple, or None for all.

    z, z_bar: any shape.  y, y_bar: that without axis, or with ones there.
    The log of an empty sum, or of one of exp(-inf) alone, is -inf.
    Kept for the pullback: the weights softmax(z), as e and total.
    """
    z = z + 0.0  # integers become floats
    m = z.max(axis=axis, keepdims=True, initial=-np.inf)
    m = np.where(np.isfinite(m), m, 0.0)  # inf - inf would be NaN
    e = np.exp(z - m)
    total = e.sum(axis=axis, keepdims=True)
    with np.errstate(divide="ignore"):
        y = m + np.log(total)

    def pullback(y_bar):
        with np.errstate(invalid="ignore"):  # 0 / 0, or inf / inf: NaN
            s = np.where(total == 0, 0.0, e / total)
        return (s * np.reshape(y_bar, total.shape),)

    return y if keepdims else y.squeeze(axis), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def logsumexp_jvp(z, z_dot, *, axis=None, keepdims=False):
    """Return y and its tangent: the softmax-weighted mean of z_dot."""
    y, pullback = logsumexp(z, axis=axis, keepdims=keepdims)
    (s,) = pullback(np.ones_like(y))
    return y, (s * z_dot).sum(axis=axis, keepdims=keepdims)
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(3, 4)),), {}
    yield (rng.normal(size=(3, 4)),), {"axis": 1}
    yield (rng.normal(size=(2, 3, 4)),), {"axis": (0, 2)}
    yield (rng.normal(size=(2, 3, 4)),), {"axis": 1, "keepdims": True}
    yield (rng.normal(size=(3, 1)),), {"axis": -1}  # slices of one score
    yield (1000.0 + rng.normal(size=(2, 3)),), {"axis": -1}
    yield (np.array([[0.3, -np.inf, 1.2], [-800.0, 0.5, 0.1]]),), {"axis": -1}
    yield (rng.normal(size=(0, 3)),), {"axis": 1}
    yield (rng.normal(size=(2, 0)),), {"axis": 1}  # the empty sum


ANALYTIC = True  # the shift cancels, so that max does no harm

KINKS = [
    {
        "at": "z = (-inf, -inf)",
        "x": (np.array([-np.inf, -np.inf]),),
        "held": {},
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.0, 0.0]),),
        "why": "An absent score stays without influence, and no NaN spreads.",
    },
    {
        "at": "z = (0, inf)",
        "x": (np.array([0.0, np.inf]),),
        "held": {},
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.0, np.nan]),),
        "why": "An infinite score is an overflow upstream, and NaN says so.",
    },
    {
        "at": "z = (0, nan)",
        "x": (np.array([0.0, np.nan]),),
        "held": {},
        "y": np.array(np.nan),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([np.nan, np.nan]),),
        "why": "No weight of the slice is known.",
    },
]

PICTURE = (np.array([[0.5, 2.0, -1.0], [0.0, 1.0, 0.5]]),), {"axis": 1}


if __name__ == "__main__":
    # --8<-- [start:use]
    z = np.array([[1.0, 2.0, 3.0], [1001.0, 1002.0, 1003.0]])
    y, pullback = logsumexp(z, axis=1)
    print(np.round(y, 4))

    y_bar = np.array([1.0, 10.0])
    (z_bar,) = pullback(y_bar)
    print(np.round(z_bar, 4))
    # --8<-- [end:use]

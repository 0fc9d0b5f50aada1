"""Layer normalisation over trailing axes: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def layer_norm(x, gamma, beta, *, eps=1e-5):
    """Return y = gamma * xhat + beta, with xhat = (x - mu) * rstd.

    x, x_bar, y, y_bar: (..., *F).  mu and the variance run over the axes F.
    gamma, beta and their cotangents: F, often (D,).  Kept: xhat, rstd, gamma.
    """
    F, batch = gamma.shape, tuple(range(x.ndim - gamma.ndim))
    if x.shape[len(batch) :] != F or beta.shape != F or 0 in F or F == ():
        raise ValueError(f"no fit: x {x.shape}, gamma {F}, beta {beta.shape}")
    over = {"axis": tuple(range(-len(F), 0)), "keepdims": True}
    centred = x - x.mean(**over)
    rstd = 1 / np.sqrt((centred * centred).mean(**over) + eps)
    xhat = centred * rstd

    def pullback(y_bar):
        g = gamma * y_bar  # the cotangent of xhat
        x_bar = rstd * (g - g.mean(**over) - xhat * (g * xhat).mean(**over))
        return x_bar, (y_bar * xhat).sum(axis=batch), y_bar.sum(axis=batch)

    return gamma * xhat + beta, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def layer_norm_jvp(x, gamma, beta, x_dot, gamma_dot, beta_dot, *, eps=1e-5):
    """Return y and its tangent.  x, x_dot: (..., *F), the others: F."""
    y, _ = layer_norm(x, gamma, beta, eps=eps)
    over = {"axis": tuple(range(-gamma.ndim, 0)), "keepdims": True}
    centred, moved = x - x.mean(**over), x_dot - x_dot.mean(**over)
    rstd = 1 / np.sqrt((centred * centred).mean(**over) + eps)
    xhat = centred * rstd
    xhat_dot = rstd * (moved - xhat * (xhat * moved).mean(**over))
    return y, gamma_dot * xhat + gamma * xhat_dot + beta_dot
# --8<-- [end:jvp]


def cases(rng):
    def at(*batch, F, spread=1.0, offset=0.0, **held):
        gamma, beta = 0.5 + rng.normal(size=F), rng.normal(size=F)
        x = offset + spread * rng.normal(size=(*batch, *F))
        return (x, gamma, beta), held

    yield at(4, F=(5,), spread=np.array([[0.3], [1.0], [3.0], [20.0]]))
    yield at(2, 3, F=(4,), spread=np.array([[[0.5]], [[4.0]]]), offset=3.0)
    yield at(3, F=(3,), spread=2.0, eps=0.5)  # eps in the sqrt or outside
    yield at(2, F=(2, 3), spread=np.array([[[0.4]], [[5.0]]]), eps=0.1)
    yield at(F=(5,), spread=3.0)  # one sample, no batch axis
    yield at(2, F=(4,), offset=100.0)
    yield at(3, F=(1,), eps=0.5)  # nothing to normalise: xhat = 0
    yield at(0, F=(3,))


ANALYTIC = True

REFUSES = [
    ((np.zeros((2, 3)), np.zeros(2), np.zeros(2)), {}, ValueError),
    ((np.zeros((2, 3)), np.zeros(3), np.zeros(1)), {}, ValueError),
    ((np.zeros((2, 0)), np.zeros(0), np.zeros(0)), {}, ValueError),
    ((np.zeros(3), np.zeros((2, 3)), np.zeros((2, 3))), {}, ValueError),
    ((np.zeros(3), np.zeros(()), np.zeros(())), {}, ValueError),
]

_FLAT = np.full(2, 2.0), np.ones(2), np.zeros(2)
_UP = np.array([1.0, 0.0])
_NAN = np.full(2, np.nan)
KINKS = [
    {
        "at": "x = (2, 2), eps = 1/16",
        "x": _FLAT,
        "held": {"eps": 0.0625},
        "y": np.zeros(2),
        "y_bar": _UP,
        "x_bar": (np.array([2.0, -2.0]), np.zeros(2), _UP),
        "why": "With eps > 0 the rule is smooth here: rstd is 1/sqrt(eps).",
    },
    {
        "at": "x = (2, 2), eps = 0",
        "x": _FLAT,
        "held": {"eps": 0.0},
        "y": _NAN,
        "y_bar": _UP,
        "x_bar": (_NAN, _NAN, _UP),
        "why": "The value itself has no limit: xhat keeps its length on every "
        "way to the constant slice, and points along the way.",
    },
]

PICTURE = (
    np.array([[0.0, 1.0, 2.0, 5.0], [3.0, 0.0, -3.0, 1.0]]),
    np.ones(4),
    np.zeros(4),
), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 2.0, 3.0, 6.0], [10.0, 20.0, 30.0, 60.0]])
    gamma, beta = np.array([1.0, 2.0, 1.0, 0.5]), np.zeros(4)
    y, pullback = layer_norm(x, gamma, beta)
    print(np.round(y, 4))

    y_bar = np.array([[1.0, 0.0, 0.0, 2.0], [1.0, 0.0, 0.0, 2.0]])
    for cotangent in pullback(y_bar):
        print(np.round(cotangent, 4))
    # --8<-- [end:use]

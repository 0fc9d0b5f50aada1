"""Batch normalisation by statistics of the batch: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def batch_norm(x, gamma, beta, *, eps=1e-5):
    """Return y, each channel normalised by its own mean and variance.

    x, x_bar, y, y_bar: (N, C, ...).  gamma, beta: (C,).  Kept: xhat, rstd.
    """
    rest = (0, *range(2, x.ndim))  # all axes but that of the channels
    if not (x.size and x.shape[1:2] == gamma.shape == beta.shape != ()):
        raise ValueError(f"no fit: {x.shape}, {gamma.shape}, {beta.shape}")
    centred = x - x.mean(axis=rest, keepdims=True)
    var = (centred * centred).mean(axis=rest, keepdims=True)  # biased
    rstd = 1 / np.sqrt(var + eps)
    xhat = centred * rstd
    n, weight = x.size // gamma.size, np.expand_dims(gamma, rest)

    def pullback(y_bar):
        gamma_bar = (y_bar * xhat).sum(axis=rest, keepdims=True)
        beta_bar = y_bar.sum(axis=rest, keepdims=True)
        x_bar = weight * rstd * (y_bar - (beta_bar + xhat * gamma_bar) / n)
        return x_bar, gamma_bar.ravel(), beta_bar.ravel()

    return weight * xhat + np.expand_dims(beta, rest), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def batch_norm_jvp(x, gamma, beta, x_dot, gamma_dot, beta_dot, *, eps=1e-5):
    """Return y and its tangent.  x, x_dot: (N, C, ...), the others: (C,)."""
    y, _ = batch_norm(x, gamma, beta, eps=eps)
    over = {"axis": (0, *range(2, x.ndim)), "keepdims": True}
    centred, moved = x - x.mean(**over), x_dot - x_dot.mean(**over)
    rstd = 1 / np.sqrt((centred * centred).mean(**over) + eps)
    xhat = centred * rstd
    xhat_dot = rstd * (moved - xhat * (xhat * moved).mean(**over))
    given = (gamma, gamma_dot, beta_dot)
    wide = (np.expand_dims(a, over["axis"]) for a in given)
    weight, weight_dot, bias_dot = wide
    return y, weight_dot * xhat + weight * xhat_dot + bias_dot
# --8<-- [end:jvp]


# --8<-- [start:running]
def update_running(x, mean, var, *, momentum=0.1):
    """Return the running mean and variance (C,) after a batch (N, C, ...).

    The variance of the batch enters unbiased.  No gradient passes here.
    """
    rest = (0, *range(2, x.ndim))
    mean_now, var_now = x.mean(axis=rest), x.var(axis=rest, ddof=1)
    mean = mean + momentum * (mean_now - mean)
    return mean, var + momentum * (var_now - var)
# --8<-- [end:running]


def cases(rng):
    def at(*shape, offset=0.0, **held):
        C = shape[1]
        spread = np.geomspace(0.3, 8.0, C).reshape(C, *[1] * (len(shape) - 2))
        gamma, beta = 0.5 + rng.normal(size=C), rng.normal(size=C)
        return (offset + spread * rng.normal(size=shape), gamma, beta), held

    yield at(5, 3)
    yield at(3, 2, 2, 2, offset=2.0)
    yield at(3, 3, eps=0.5)  # eps in the sqrt or outside
    yield at(2, 3, 4, eps=0.1)
    yield at(4, 2, offset=30.0)
    yield at(1, 2, 3)  # one sample, statistics over its positions
    yield at(4, 1)


ANALYTIC = True

REFUSES = [
    ((np.zeros((2, 3)), np.zeros(2), np.zeros(2)), {}, ValueError),
    ((np.zeros((2, 3)), np.zeros(3), np.zeros(1)), {}, ValueError),
    ((np.zeros((2, 3)), np.zeros(1), np.zeros(3)), {}, ValueError),
    ((np.zeros(3), np.zeros(3), np.zeros(3)), {}, ValueError),
    ((np.zeros(3), np.zeros(()), np.zeros(())), {}, ValueError),
    ((np.zeros((0, 3)), np.zeros(3), np.zeros(3)), {}, ValueError),
    ((np.zeros((3, 0)), np.zeros(0), np.zeros(0)), {}, ValueError),
    ((np.zeros((2, 3, 0)), np.zeros(3), np.zeros(3)), {}, ValueError),
]

_FLAT = np.array([[2.0], [2.0]]), np.ones(1), np.zeros(1)
_UP = np.array([[1.0], [0.0]])
_NAN = np.full((2, 1), np.nan)
KINKS = [
    {
        "at": "x = (2, 2), eps = 1/16",
        "x": _FLAT,
        "held": {"eps": 0.0625},
        "y": np.zeros((2, 1)),
        "y_bar": _UP,
        "x_bar": (np.array([[2.0], [-2.0]]), np.zeros(1), np.ones(1)),
        "why": "With eps > 0 the rule is smooth here: rstd is 1/sqrt(eps).",
    },
    {
        "at": "x = (2, 2), eps = 0",
        "x": _FLAT,
        "held": {"eps": 0.0},
        "y": _NAN,
        "y_bar": _UP,
        "x_bar": (_NAN, np.full(1, np.nan), np.ones(1)),
        "why": "0/0: xhat is (-1, 1) on one side and (1, -1) on the other.",
    },
    {
        "at": "x = (2), a channel of one entry, eps = 1/16",
        "x": (np.array([[2.0]]), np.ones(1), np.zeros(1)),
        "held": {"eps": 0.0625},
        "y": np.zeros((1, 1)),
        "y_bar": np.ones((1, 1)),
        "x_bar": (np.zeros((1, 1)), np.zeros(1), np.ones(1)),
        "why": "An entry is its own mean, so the value is beta at every x.",
    },
]

PICTURE = (
    np.array([[0.0, 2.0], [1.0, -1.0], [4.0, 0.0]]),
    np.ones(2),
    np.zeros(2),
), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0], [6.0, 60.0]])
    gamma, beta = np.array([1.0, 2.0]), np.array([0.0, 1.0])
    y, pullback = batch_norm(x, gamma, beta)
    print(np.round(y, 4))

    y_bar = np.array([[1.0, 1.0], [0.0, 0.0], [0.0, 0.0], [2.0, 2.0]])
    for cotangent in pullback(y_bar):
        print(np.round(cotangent, 4))
    # --8<-- [end:use]

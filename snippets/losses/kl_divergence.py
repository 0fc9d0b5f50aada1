"""Kullback-Leibler divergence of two distributions: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def kl_divergence(p, q, *, axis=-1, reduction="mean"):
    """Return KL(p || q), the sum of p log(p / q) along axis.

    p, q, p_bar, q_bar: one shape (..., K, ...).  loss, loss_bar: () for the
    "mean" or "sum" of all, (...) for "none".  0 log 0 = 0.  Kept: slopes.
    """
    if p.shape != q.shape or (reduction == "mean" and p.size == 0):
        raise ValueError(f"no {reduction!r} of p {p.shape}, q {q.shape}")
    free = (p == 0) & (q >= 0)  # 0 log 0 = 0; nan is never free
    with np.errstate(divide="ignore", invalid="ignore"):
        log_ratio = np.log(p) - np.log(q)
        each = np.where(free, 0.0, p * log_ratio).sum(axis=axis)
        q_slope = np.where(free, 0.0, -p / q)
    p_slope = np.where(free & (q == 0), 0.0, log_ratio + 1.0)
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]

    def pullback(loss_bar):
        g = loss_bar / (each.size if reduction == "mean" else 1)
        g = np.expand_dims(g, axis) if reduction == "none" else g
        return g * p_slope, g * q_slope

    return reduce(each), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def kl_divergence_jvp(p, q, p_dot, q_dot, *, axis=-1, reduction="mean"):
    """Return the loss and its tangent.  p, q, p_dot, q_dot: one shape."""
    loss, _ = kl_divergence(p, q, axis=axis, reduction=reduction)
    _, pullback = kl_divergence(p, q, reduction="sum")
    p_slope, q_slope = pullback(1.0)  # the same for every axis
    with np.errstate(invalid="ignore"):  # what stands still counts nothing
        by_p = np.where(p_dot == 0, 0.0, p_slope * p_dot)
        by_q = np.where(q_dot == 0, 0.0, q_slope * q_dot)
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    return loss, reduce((by_p + by_q).sum(axis=axis))
# --8<-- [end:jvp]


def cases(rng):
    def pair(*shape, axis=-1):
        w = rng.uniform(0.3, 1.0, size=(2, *shape)) ** 2
        axis = axis % len(shape) + 1
        return tuple(w / w.sum(axis=axis, keepdims=True))

    yield pair(3, 4), {}
    yield pair(5), {}
    yield pair(2, 3, 2, axis=1), {"reduction": "sum", "axis": 1}
    yield pair(3, 4), {"reduction": "none"}
    yield pair(4, 3, axis=0), {"reduction": "none", "axis": 0}
    yield pair(2, 3, 2, axis=1), {"axis": 1}
    yield pair(0, 3), {"reduction": "sum"}
    yield (np.array([1e-3, 0.999]), np.array([0.9, 0.1])), {}


ANALYTIC = True

KINKS = [
    {
        "at": "a term with p = 0, q = 1/2",
        "x": (np.array([0.0]), np.array([0.5])),
        "held": {},
        "y": np.array(0.0),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([-np.inf]), np.array([0.0])),
        "why": "The term p log p has the limit 0 and an infinite slope "
        "there; by q it does not change at all.",
    },
    {
        "at": "a term with p = 0, q = 0",
        "x": (np.array([0.0]), np.array([0.0])),
        "held": {},
        "y": np.array(0.0),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.0]), np.array([0.0])),
        "why": "No limit exists where both are 0; 0 leaves an outcome that "
        "neither distribution knows out of the gradient.",
    },
    {
        "at": "a term with p = 1/2, q = 0",
        "x": (np.array([0.5]), np.array([0.0])),
        "held": {},
        "y": np.array(np.inf),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([np.inf]), np.array([-np.inf])),
        "why": "An outcome that q excludes and p does not costs infinitely "
        "much, and the limits of value and slopes say so.",
    },
    {
        "at": "a term with p = nan, q = 1/2",
        "x": (np.array([np.nan]), np.array([0.5])),
        "held": {},
        "y": np.array(np.nan),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([np.nan]), np.array([np.nan])),
        "why": "An entry that is no probability must not count as an "
        "absent one.",
    },
    {
        "at": "a term with p = 0, q = nan",
        "x": (np.array([0.0]), np.array([np.nan])),
        "held": {},
        "y": np.array(np.nan),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([np.nan]), np.array([np.nan])),
        "why": "A model that returns nan is broken, also where the target "
        "is 0.",
    },
]

REFUSES = [
    ((np.full(3, 0.3), np.full((3, 1), 0.3)), {}, ValueError),
    ((np.zeros((0, 3)), np.zeros((0, 3))), {}, ValueError),
]

PICTURE = (
    (
        np.array([[0.5, 0.25, 0.25], [0.2, 0.2, 0.6]]),
        np.array([[0.25, 0.5, 0.25], [0.4, 0.5, 0.1]]),
    ),
    {"reduction": "none"},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    p = np.array([[0.5, 0.25, 0.25], [0.2, 0.2, 0.6]])
    q = np.array([[0.25, 0.5, 0.25], [0.4, 0.5, 0.1]])
    loss, pullback = kl_divergence(p, q)
    print(np.round(loss, 4))

    p_bar, q_bar = pullback(1.0)
    print(np.round(p_bar, 4))
    print(np.round(q_bar, 4))
    # --8<-- [end:use]

"""Binary cross-entropy of probabilities and targets: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def binary_cross_entropy(p, t, *, reduction="mean"):
    """Return -t log(p) - (1 - t) log(1 - p): the mean, the sum, or all.

    p, t, p_bar, t_bar: one shape (...).  loss, loss_bar: () for "mean" and
    "sum", (...) for "none".  A term of weight 0 is 0.  Kept: p and t.
    """
    if p.shape != t.shape or (reduction == "mean" and p.size == 0):
        raise ValueError(f"no {reduction!r} of p {p.shape}, t {t.shape}")
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    scale = 1 / p.size if reduction == "mean" else 1.0
    a = np.where((t == 0) & (p >= 0), 1.0, p)  # log(a) = 0 at weight 0
    b = np.where((t == 1) & (p <= 1), 0.0, p)  # log(1 - b) likewise
    with np.errstate(divide="ignore"):
        loss = reduce(-t * np.log(a) - (1 - t) * np.log1p(-b))

    def pullback(loss_bar):
        with np.errstate(divide="ignore"):
            p_slope = (1 - t) / (1 - b) - t / a
            t_slope = np.log1p(-p) - np.log(p)
        return scale * loss_bar * p_slope, scale * loss_bar * t_slope

    return loss, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def binary_cross_entropy_jvp(p, t, p_dot, t_dot, *, reduction="mean"):
    """Return the loss and its tangent.  p, t, p_dot, t_dot: one shape."""
    loss, _ = binary_cross_entropy(p, t, reduction=reduction)
    _, each_pullback = binary_cross_entropy(p, t, reduction="none")
    p_slope, t_slope = each_pullback(1.0)
    with np.errstate(invalid="ignore"):  # what stands still counts nothing
        by_p = np.where(p_dot == 0, 0.0, p_slope * p_dot)
        by_t = np.where(t_dot == 0, 0.0, t_slope * t_dot)
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    return loss, reduce(by_p + by_t)
# --8<-- [end:jvp]


def cases(rng):
    def pair(*shape):
        return rng.uniform(0.1, 0.9, size=shape), rng.uniform(size=shape)

    hard = np.array([[0.0, 1.0, 1.0, 0.0], [1.0, 0.0, 0.0, 1.0]])
    yield pair(3, 4), {}
    yield pair(5), {}
    yield pair(2, 3, 2), {"reduction": "sum"}
    yield pair(3, 4), {"reduction": "none"}
    yield (rng.uniform(0.1, 0.9, size=(2, 4)), hard), {}
    yield (np.array([1e-3, 1e-3, 0.99]), np.array([0.5, 0.9, 0.2])), {}
    yield pair(0, 3), {"reduction": "sum"}


ANALYTIC = True

REFUSES = [
    ((np.full(3, 0.5), np.full((3, 1), 0.5)), {}, ValueError),
    ((np.zeros((0, 3)), np.zeros((0, 3))), {}, ValueError),
]

KINKS = [
    {
        "at": "p = 0, t = 0",
        "x": (np.array([0.0]), np.array([0.0])),
        "held": {},
        "y": np.array(0.0),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([1.0]), np.array([np.inf])),
        "why": "Certain and right costs 0; the slope 1 / (1 - p) of the only term "
        "that is left is 1, its one-sided derivative.",
    },
    {
        "at": "p = 0, t = 1",
        "x": (np.array([0.0]), np.array([1.0])),
        "held": {},
        "y": np.array(np.inf),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([-np.inf]), np.array([np.inf])),
        "why": "Certain and wrong costs infinitely much, and the limits of value "
        "and slope say so.",
    },
    {
        "at": "p = 1, t = 1",
        "x": (np.array([1.0]), np.array([1.0])),
        "held": {},
        "y": np.array(0.0),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([-1.0]), np.array([-np.inf])),
        "why": "The mirror image of p = 0, t = 0.",
    },
    {
        "at": "p = 1, t = 0",
        "x": (np.array([1.0]), np.array([0.0])),
        "held": {},
        "y": np.array(np.inf),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([np.inf]), np.array([-np.inf])),
        "why": "The mirror image of p = 0, t = 1.",
    },
    {
        "at": "p = nan, t = 1",
        "x": (np.array([np.nan]), np.array([1.0])),
        "held": {},
        "y": np.array(np.nan),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([np.nan]), np.array([np.nan])),
        "why": "Nothing is chosen: every formula in p is nan.",
    },
    {
        "at": "p = 1.25, t = 1",
        "x": (np.array([1.25]), np.array([1.0])),
        "held": {},
        "y": np.array(np.nan),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([-0.8]), np.array([np.nan])),
        "why": "No probability: the value is nan, although log(p) is a "
        "number. The slope is the division of the rule.",
    },
]

PICTURE = (
    (np.array([[0.5, 0.8, 0.25], [0.4, 0.9, 0.3]]), np.eye(2, 3)),
    {"reduction": "none"},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    p = np.array([0.9, 0.2, 0.6, 0.5])
    t = np.array([1.0, 0.0, 0.0, 0.5])
    loss, pullback = binary_cross_entropy(p, t)
    print(np.round(loss, 4))

    p_bar, t_bar = pullback(1.0)
    print(np.round(p_bar, 4))
    # --8<-- [end:use]

"""Binary cross-entropy of logits and targets: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def bce_with_logits(z, t, *, reduction="mean"):
    """Return the binary cross-entropy of p = 1 / (1 + exp(-z)) and t.

    z, t, z_bar, t_bar: one shape (...).  loss, loss_bar: () for "mean" and
    "sum", (...) for "none".  Kept for the pullback: z and t.
    """
    if z.shape != t.shape or (reduction == "mean" and z.size == 0):
        raise ValueError(f"no {reduction!r} of z {z.shape}, t {t.shape}")
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    scale = 1 / z.size if reduction == "mean" else 1.0
    e = np.exp(-np.abs(z))  # between 0 and 1

    def pullback(loss_bar):
        p = np.exp(np.minimum(z, 0.0)) / (1 + e)
        return scale * loss_bar * (p - t), -scale * loss_bar * z

    return reduce(np.maximum(z, 0.0) - z * t + np.log1p(e)), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def bce_with_logits_jvp(z, t, z_dot, t_dot, *, reduction="mean"):
    """Return the loss and its tangent.  z, t, z_dot, t_dot: one shape."""
    loss, _ = bce_with_logits(z, t, reduction=reduction)
    e = np.exp(-np.abs(z))
    p = np.exp(np.minimum(z, 0.0)) / (1 + e)
    with np.errstate(invalid="ignore"):  # what stands still counts nothing
        by_t = np.where(t_dot == 0, 0.0, z * t_dot)
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    return loss, reduce((p - t) * z_dot - by_t)
# --8<-- [end:jvp]


def cases(rng):
    def pair(*shape):
        return rng.normal(size=shape), rng.uniform(size=shape)

    hard = np.array([[0.0, 1.0, 1.0, 0.0], [1.0, 0.0, 0.0, 1.0]])
    yield pair(3, 4), {}
    yield pair(5), {}
    yield pair(2, 3, 2), {"reduction": "sum"}
    yield pair(3, 4), {"reduction": "none"}
    yield (3 * rng.normal(size=(2, 4)), hard), {}
    yield (np.array([-800.0, 800.0, 0.0]), np.array([1.0, 0.0, 1.0])), {}
    yield pair(0, 3), {"reduction": "sum"}


REFUSES = [
    ((np.zeros(3), np.zeros((3, 1))), {}, ValueError),
    ((np.zeros((0, 3)), np.zeros((0, 3))), {}, ValueError),
]

KINKS = [
    {
        "at": "z = 0, t = 1",
        "x": (np.array([0.0]), np.array([1.0])),
        "held": {},
        "y_bar": np.array(1.0),
        "x_bar": (np.array([-0.5]), np.array([0.0])),
        "why": "The slope of the function; the parts of the stable value "
        "have kinks here.",
    },
    {
        "at": "z = inf, t = 1",
        "x": (np.array([np.inf]), np.array([1.0])),
        "held": {},
        "y": np.array(np.nan),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.0]), np.array([-np.inf])),
        "why": "The value is inf - inf; the slope p - t is the limit.",
    },
    {
        "at": "z = -inf, t = 1",
        "x": (np.array([-np.inf]), np.array([1.0])),
        "held": {},
        "y": np.array(np.inf),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([-1.0]), np.array([np.inf])),
        "why": "Infinitely wrong, with the slope of every bad mistake.",
    },
    {
        "at": "z = nan, t = 1",
        "x": (np.array([np.nan]), np.array([1.0])),
        "held": {},
        "y": np.array(np.nan),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([np.nan]), np.array([np.nan])),
        "why": "A smooth function of nan is nan, and its slope too.",
    },
]

PICTURE = (
    (np.array([[-2.0, 0.0, 1.0], [3.0, -1.0, 0.5]]), np.eye(2, 3)),
    {"reduction": "none"},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    z = np.array([2.0, -1.0, 0.0, 1000.0])
    t = np.array([1.0, 0.0, 0.25, 0.0])
    loss, pullback = bce_with_logits(z, t)
    print(np.round(loss, 4))

    z_bar, t_bar = pullback(1.0)
    print(np.round(z_bar, 4))
    # --8<-- [end:use]

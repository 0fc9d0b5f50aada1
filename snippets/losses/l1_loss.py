"""Mean absolute error of predictions and targets: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def l1_loss(x, t, *, reduction="mean"):
    """Return |x - t|: the mean, the sum, or all of them.

    x, t, x_bar, t_bar: one shape (...).  loss, loss_bar: () for "mean" and
    "sum", (...) for "none".  Slope 0 where x = t.  Kept: the sign.
    """
    if x.shape != t.shape:  # broadcasting would compare all with all
        raise ValueError(f"x has shape {x.shape}, but t has shape {t.shape}")
    if reduction == "mean" and x.size == 0:
        raise ValueError(f"shape {x.shape} has no entries to take a mean of")
    d = 1.0 * (x - t)  # integers become floats
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    scale = 1 / d.size if reduction == "mean" else 1.0
    sign = np.subtract(d > 0, d < 0, dtype=d.dtype)  # 0 at 0 and at nan

    def pullback(loss_bar):
        x_bar = scale * loss_bar * sign
        return x_bar, -x_bar

    return reduce(np.abs(d)), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def l1_loss_jvp(x, t, x_dot, t_dot, *, reduction="mean"):
    """Return the loss and its tangent.  x, t, x_dot, t_dot: one shape."""
    loss, _ = l1_loss(x, t, reduction=reduction)
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    sign = np.subtract(x > t, x < t, dtype=loss.dtype)
    return loss, reduce(sign * (x_dot - t_dot))
# --8<-- [end:jvp]


def cases(rng):
    def pair(*shape):
        t = rng.normal(size=shape)
        off = rng.choice([-1, 1], shape) * rng.uniform(0.1, 3.0, shape)
        return t + off, t

    yield pair(3, 4), {}
    yield pair(5), {}
    yield pair(2, 3, 2), {"reduction": "sum"}
    yield pair(3, 4), {"reduction": "none"}
    yield pair(), {}
    yield pair(0, 3), {"reduction": "sum"}
    yield (np.array([-1e6, 1e3, 1e6]), np.array([1.0, -2.0, 3.0])), {}


REFUSES = [
    ((np.zeros(3), np.zeros((3, 1))), {}, ValueError),
    ((np.zeros((0, 3)), np.zeros((0, 3))), {}, ValueError),
]

KINKS = [
    {
        "at": "x = t",
        "x": (np.array([2.0]), np.array([2.0])),
        "held": {},
        "y": np.array(0.0),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.0]), np.array([0.0])),
        "why": "Every slope in [-1, 1] is a subgradient; 0 is the middle and "
        "leaves a prediction that is right where it is.",
    },
    {
        "at": "x = nan",
        "x": (np.array([np.nan]), np.array([2.0])),
        "held": {},
        "y": np.array(np.nan),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.0]), np.array([0.0])),
        "why": "The value passes the nan on. The difference lies on "
        "neither side of zero, so neither slope is taken, and an "
        "entry that is masked afterwards does no harm.",
    },
]

PICTURE = (
    (np.array([[1.0, 2.0, 0.0], [0.5, -1.0, 3.0]]), np.ones((2, 3))),
    {"reduction": "none"},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 4.0], [0.0, 2.5], [3.0, 3.0]])
    t = np.array([[1.5, 2.0], [1.0, 2.5], [0.0, 50.0]])
    loss, pullback = l1_loss(x, t)
    print(np.round(loss, 4))

    x_bar, t_bar = pullback(1.0)
    print(np.round(x_bar, 4))
    # --8<-- [end:use]

"""Mean squared error of predictions and targets: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def mse_loss(x, t, *, reduction="mean"):
    """Return the squares of x - t: their mean, their sum, or all of them.

    x, t, x_bar, t_bar: one shape (...).  loss, loss_bar: () for "mean" and
    "sum", (...) for "none".  Kept for the pullback: x - t.
    """
    if x.shape != t.shape:  # broadcasting would compare all with all
        raise ValueError(f"x has shape {x.shape}, but t has shape {t.shape}")
    if reduction == "mean" and x.size == 0:
        raise ValueError(f"shape {x.shape} has no entries to take a mean of")
    d = 1.0 * (x - t)  # integers become floats
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    scale = 1 / d.size if reduction == "mean" else 1.0

    def pullback(loss_bar):
        x_bar = 2 * scale * loss_bar * d
        return x_bar, -x_bar

    return reduce(d * d), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def mse_loss_jvp(x, t, x_dot, t_dot, *, reduction="mean"):
    """Return the loss and its tangent.  x, t, x_dot, t_dot: one shape."""
    loss, _ = mse_loss(x, t, reduction=reduction)
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    return loss, reduce(2 * (x - t) * (x_dot - t_dot))
# --8<-- [end:jvp]


def cases(rng):
    def pair(*shape):
        return rng.normal(size=shape), rng.normal(size=shape)

    yield pair(3, 4), {}
    yield pair(5), {}
    yield pair(2, 3, 2), {"reduction": "sum"}
    yield pair(3, 4), {"reduction": "none"}
    yield pair(), {}
    yield pair(0, 3), {"reduction": "sum"}
    yield (1e6 + rng.normal(size=3), rng.normal(size=3)), {}


ANALYTIC = True

REFUSES = [
    ((np.zeros(3), np.zeros((3, 1))), {}, ValueError),
    ((np.zeros((0, 3)), np.zeros((0, 3))), {}, ValueError),
]

PICTURE = (
    (np.array([[1.0, 2.0, 0.0], [0.5, -1.0, 3.0]]), np.ones((2, 3))),
    {"reduction": "none"},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 4.0], [0.0, 2.0], [3.0, 3.0]])
    t = np.array([[1.5, 2.0], [1.0, 2.5], [0.0, 5.0]])
    loss, pullback = mse_loss(x, t)
    print(np.round(loss, 4))

    x_bar, t_bar = pullback(1.0)
    print(np.round(x_bar, 4))
    # --8<-- [end:use]

"""Negative log-likelihood of integer labels: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def nll_loss(y, *, labels, axis=-1, reduction="mean"):
    """Return -y[label] of each slice of log-probabilities: mean, sum, or all.

    y, y_bar: (..., K, ...), K classes along axis.  labels: 0 .. K - 1, the
    shape of y without axis.  loss, loss_bar: (), that shape for "none".
    """
    Y = np.moveaxis(y, axis, -1)
    one_hot = np.expand_dims(labels, -1) == np.arange(Y.shape[-1])
    if one_hot.shape != Y.shape or (reduction == "mean" and Y.size == 0):
        raise ValueError(f"no loss of y {y.shape}, labels {np.shape(labels)}")
    if not one_hot.any(axis=-1).all():
        raise IndexError(f"a label is not in 0 .. {Y.shape[-1] - 1}")
    each = 0.0 - Y[one_hot].reshape(Y.shape[:-1])
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    scale = 1 / each.size if reduction == "mean" else 1.0

    def pullback(loss_bar):
        g = scale * np.expand_dims(loss_bar, -1)  # (..., 1) for "none"
        return (np.moveaxis(np.where(one_hot, -g, 0.0), -1, axis),)

    return reduce(each), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def nll_loss_jvp(y, y_dot, *, labels, axis=-1, reduction="mean"):
    """Return the loss and its tangent.  The rule is linear in y."""
    held = {"labels": labels, "axis": axis, "reduction": reduction}
    return nll_loss(y, **held)[0], nll_loss(y_dot, **held)[0]
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(4, 3)),), {"labels": np.array([2, 0, 1, 0])}
    yield (
        (rng.normal(size=(2, 3, 4)),),
        {"labels": rng.integers(3, size=(2, 4)), "axis": 1, "reduction": "none"},
    )
    yield (rng.normal(size=(2, 2, 3)),), {"labels": np.array([[0, 2], [1, 1]])}
    yield (rng.normal(size=5),), {"labels": np.array(3)}
    yield (rng.normal(size=(3, 2)),), {"labels": np.ones(3, int), "reduction": "sum"}
    yield (rng.normal(size=(3, 1)),), {"labels": np.zeros(3, int)}
    yield (
        (rng.normal(size=(0, 3)),),
        {"labels": np.zeros(0, int), "reduction": "sum"},
    )


ANALYTIC = True

REFUSES = [
    ((np.zeros((2, 3)),), {"labels": np.array([[0], [1]])}, ValueError),
    ((np.zeros((2, 3)),), {"labels": np.array([0, 3])}, IndexError),
    ((np.zeros((2, 3)),), {"labels": np.array([0, -1])}, IndexError),
    ((np.zeros((0, 3)),), {"labels": np.zeros(0, int)}, ValueError),
]

PICTURE = (
    (np.log([[0.2, 0.5, 0.3], [0.1, 0.8, 0.1], [0.6, 0.2, 0.2]]),),
    {"labels": np.array([1, 0, 2]), "reduction": "none"},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    y = np.log([[0.2, 0.5, 0.3], [0.1, 0.8, 0.1]])
    loss, pullback = nll_loss(y, labels=np.array([1, 2]))
    print(np.round(loss, 4))

    (y_bar,) = pullback(1.0)
    print(y_bar)
    # --8<-- [end:use]

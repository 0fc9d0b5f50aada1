"""Softmax cross-entropy of scores and integer labels: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def cross_entropy(z, *, labels, axis=-1, reduction="mean"):
    """Return logsumexp(z) - z[label] of each slice: the mean, sum, or all.

    z, z_bar: (..., K, ...), K scores along axis.  labels: 0 .. K - 1, the
    shape of z without axis.  loss, loss_bar: (), that shape for "none".
    """
    Z = np.moveaxis(z, axis, -1)
    one_hot = np.expand_dims(labels, -1) == np.arange(Z.shape[-1])
    if one_hot.shape != Z.shape or (reduction == "mean" and Z.size == 0):
        raise ValueError(f"no loss of z {z.shape}, labels {np.shape(labels)}")
    if not one_hot.any(axis=-1).all():
        raise IndexError(f"a label is not in 0 .. {Z.shape[-1] - 1}")
    d = Z - Z.max(axis=-1, keepdims=True)  # the largest entry is 0
    y = d - np.log(np.exp(d).sum(axis=-1, keepdims=True))  # log-softmax
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    scale = 1 / np.size(labels) if reduction == "mean" else 1.0

    def pullback(loss_bar):
        Z_bar = scale * np.expand_dims(loss_bar, -1) * (np.exp(y) - one_hot)
        return (np.moveaxis(Z_bar, -1, axis),)

    return reduce(0.0 - y[one_hot].reshape(Z.shape[:-1])), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def cross_entropy_jvp(z, z_dot, *, labels, axis=-1, reduction="mean"):
    """Return the loss and its tangent.  z, z_dot: (..., K, ...)."""
    loss, _ = cross_entropy(z, labels=labels, axis=axis, reduction=reduction)
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    lse_dot = (e * z_dot).sum(axis=axis) / e.sum(axis=axis)
    k = np.expand_dims(labels, axis)
    picked = np.take_along_axis(z_dot, k, axis).squeeze(axis)
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    return loss, reduce(lse_dot - picked)
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(4, 3)),), {"labels": np.array([2, 0, 1, 0])}
    yield (
        (rng.normal(size=(2, 3, 4)),),
        {"labels": rng.integers(3, size=(2, 4)), "axis": 1, "reduction": "none"},
    )
    yield (rng.normal(size=(2, 2, 3)),), {"labels": np.array([[0, 2], [1, 1]])}
    yield (rng.normal(size=5),), {"labels": np.array(3)}
    yield (
        (np.array([[1000.0, 1001.5, -np.inf], [0.0, -800.0, 2.0]]),),
        {"labels": np.array([0, 2]), "reduction": "sum"},
    )
    yield (rng.normal(size=(3, 1)),), {"labels": np.zeros(3, int)}
    yield (
        (rng.normal(size=(0, 3)),),
        {"labels": np.zeros(0, int), "reduction": "sum"},
    )


ANALYTIC = True  # the shift cancels, so that max does no harm

REFUSES = [
    ((np.zeros((2, 3)),), {"labels": np.array([[0], [1]])}, ValueError),
    ((np.zeros((2, 3)),), {"labels": np.array([0, 3])}, IndexError),
    ((np.zeros((2, 3)),), {"labels": np.array([0, -1])}, IndexError),
    ((np.zeros((0, 3)),), {"labels": np.zeros(0, int)}, ValueError),
]

KINKS = [
    {
        "at": "z = (0, -inf), label 0",
        "x": (np.array([0.0, -np.inf]),),
        "held": {"labels": np.array(0)},
        "y": np.array(0.0),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.0, 0.0]),),
        "why": "The only score that is left is the label.",
    },
    {
        "at": "z = (0, -inf), label 1",
        "x": (np.array([0.0, -np.inf]),),
        "held": {"labels": np.array(1)},
        "y": np.array(np.inf),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([1.0, -1.0]),),
        "why": "The label is masked: infinitely wrong, with the slope of "
        "any mistake.",
    },
    {
        "at": "z = (-inf, -inf), label 0",
        "x": (np.array([-np.inf, -np.inf]),),
        "held": {"labels": np.array(0)},
        "y": np.array(np.nan),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([np.nan, np.nan]),),
        "why": "No score is left to hold a probability.",
    },
]

PICTURE = (
    (np.array([[0.5, 2.0, -1.0], [0.0, 1.0, 0.5], [1.0, 1.0, 0.0]]),),
    {"labels": np.array([1, 0, 2]), "reduction": "none"},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    z = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [0.0, 1000.0, 0.0]])
    loss, pullback = cross_entropy(z, labels=np.array([2, 0, 1]))
    print(np.round(loss, 4))

    (z_bar,) = pullback(1.0)
    print(np.round(z_bar, 4))
    # --8<-- [end:use]

"""Hinge loss and squared hinge loss of two classes: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def hinge_loss(z, *, labels, squared=False, margin=1.0, reduction="mean"):
    """Return v = max(0, margin - labels z), or v^2: mean, sum, or all.

    z, z_bar, labels: one shape (...), labels -1 or 1.  loss, loss_bar: ()
    for "mean" and "sum", (...) for "none".  Kept: v and the labels.
    """
    z = np.asarray(z, np.result_type(z, 1.0))
    t = np.asarray(labels, z.dtype)
    if t.shape != z.shape or (reduction == "mean" and z.size == 0):
        raise ValueError(f"no {reduction!r} of z {z.shape}, labels {t.shape}")
    if (np.abs(t) != 1).any():
        raise ValueError("every label has to be -1 or 1")
    v = np.maximum(margin - t * z, 0.0)  # what is missing to the margin
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    scale = 1 / z.size if reduction == "mean" else 1.0

    def pullback(loss_bar):
        slope = 2 * v if squared else (v > 0)
        return (-scale * loss_bar * t * slope,)

    return reduce(v * v if squared else v), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def hinge_loss_jvp(
    z, z_dot, *, labels, squared=False, margin=1.0, reduction="mean"
):
    """Return the loss and its tangent.  z, z_dot, labels: one shape."""
    held = {"squared": squared, "margin": margin, "reduction": reduction}
    loss, _ = hinge_loss(z, labels=labels, **held)
    t = np.asarray(labels, loss.dtype)
    v = np.maximum(margin - t * z, 0.0)
    slope = 2 * v if squared else (v > 0)
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    return loss, reduce(-t * slope * z_dot)
# --8<-- [end:jvp]


def cases(rng):
    def off_margin(*shape, margin=1.0):
        t = rng.choice([-1, 1], shape)
        gap = rng.choice([-1, 1], shape) * rng.uniform(0.1, 3.0, shape)
        return (t * (margin - gap),), np.asarray(t)

    for shape, held in (
        ((3, 4), {}),
        ((5,), {"squared": True}),
        ((2, 3, 2), {"reduction": "sum"}),
        ((3, 4), {"reduction": "none"}),
        ((3, 4), {"reduction": "none", "squared": True, "margin": 0.5}),
        ((), {"margin": 2.0}),
        ((0, 3), {"reduction": "sum", "squared": True}),
    ):
        z, t = off_margin(*shape, margin=held.get("margin", 1.0))
        yield z, {"labels": t, **held}
    all_missing = np.array([-2.0, 1e6, -1e3])
    yield (all_missing,), {"labels": np.array([1, -1, 1])}


REFUSES = [
    ((np.zeros(3),), {"labels": np.array([0, 1, 1])}, ValueError),
    ((np.zeros((3, 1)),), {"labels": np.array([1, 1, -1])}, ValueError),
    ((np.zeros((0, 3)),), {"labels": np.zeros((0, 3))}, ValueError),
]

KINKS = [
    {
        "at": "z = margin, label 1",
        "x": (np.array([1.0]),),
        "held": {"labels": np.array([1])},
        "y": np.array(0.0),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.0]),),
        "why": "Every slope in [-1, 0] is a subgradient; the sample is at "
        "the margin, so 0 asks nothing more of it.",
    },
    {
        "at": "z = -margin, label -1",
        "x": (np.array([-1.0]),),
        "held": {"labels": np.array([-1])},
        "y": np.array(0.0),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.0]),),
        "why": "The mirror image: every slope in [0, 1] is a subgradient.",
    },
    {
        "at": "z = margin, label 1, squared",
        "x": (np.array([1.0]),),
        "held": {"labels": np.array([1]), "squared": True},
        "y": np.array(0.0),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.0]),),
        "why": "The square is differentiable there, and its slope is 0.",
    },
    {
        "at": "z = nan, label 1",
        "x": (np.array([np.nan]),),
        "held": {"labels": np.array([1])},
        "y": np.array(np.nan),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.0]),),
        "why": "Nothing is known to be missing to the margin; the value is "
        "nan.",
    },
    {
        "at": "z = nan, label 1, squared",
        "x": (np.array([np.nan]),),
        "held": {"labels": np.array([1]), "squared": True},
        "y": np.array(np.nan),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([np.nan]),),
        "why": "The slope contains the distance itself, which is nan.",
    },
]

PICTURE = (
    (np.array([[2.0, 0.5, -1.0], [-3.0, 0.2, 0.8]]),),
    {"labels": np.array([[1, 1, 1], [-1, -1, 1]]), "reduction": "none"},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    z = np.array([2.0, 0.5, -1.0, -3.0, 0.2])
    labels = np.array([1, 1, 1, -1, -1])
    loss, pullback = hinge_loss(z, labels=labels)
    (z_bar,) = pullback(1.0)
    print(np.round(loss, 4), z_bar + 0.0)  # + 0.0: no minus zero

    loss, pullback = hinge_loss(z, labels=labels, squared=True)
    (z_bar,) = pullback(1.0)
    print(np.round(loss, 4), np.round(z_bar, 4) + 0.0)
    # --8<-- [end:use]

"""Inverted dropout with a mask that is held: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def dropout(x, *, mask, p):
    """Return y = x / (1 - p) where the mask is True, and 0 elsewhere.

    x, y, x_bar, y_bar: any shape.  mask: bools that broadcast to it, True
    with probability 1 - p, 0 <= p < 1.  Kept for the pullback: mask.
    """
    if not 0 <= p < 1:
        raise ValueError(f"p = {p}, but it must be at least 0 and below 1")
    if np.broadcast_shapes(np.shape(x), np.shape(mask)) != np.shape(x):
        raise ValueError(f"mask {np.shape(mask)} does not fit {np.shape(x)}")
    scale = 1 / (1 - p)

    def pullback(y_bar):
        return (np.where(mask, scale * y_bar, 0.0),)

    return np.where(mask, scale * x, 0.0), pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def dropout_jvp(x, x_dot, *, mask, p):
    """Return y and its tangent: the same mask on x_dot."""
    y, _ = dropout(x, mask=mask, p=p)
    return y, np.where(mask, x_dot / (1 - p), 0.0)
# --8<-- [end:jvp]


def cases(rng):
    def case(shape, mask_shape, p):
        alternating = np.arange(np.prod(mask_shape, dtype=int)) % 2 == 0
        mask = rng.permutation(alternating).reshape(mask_shape)
        return (rng.normal(size=shape),), {"mask": mask, "p": p}

    yield case((3, 4), (3, 4), 0.5)
    yield case((2, 3, 2), (2, 3, 2), 0.2)
    yield case((2, 3, 2), (2, 3, 1), 0.3)  # whole channels
    yield case((2, 3, 2), (3, 1), 0.4)  # one mask for the batch
    yield case((5,), (5,), 0.0)
    yield case((), (), 0.75)
    yield case((0, 3), (0, 3), 0.5)


ANALYTIC = True

REFUSES = [
    ((np.ones(3),), {"mask": np.ones(3, bool), "p": 1.0}, ValueError),
    ((np.ones(3),), {"mask": np.ones(3, bool), "p": -0.5}, ValueError),
    ((np.ones((3, 1)),), {"mask": np.ones(4, bool), "p": 0.5}, ValueError),
    ((np.ones(3),), {"mask": np.ones(4, bool), "p": 0.5}, ValueError),
]

KINKS = [
    {
        "at": "x = (inf, 1), the first dropped",
        "x": (np.array([np.inf, 1.0]),),
        "held": {"mask": np.array([False, True]), "p": 0.5},
        "y": np.array([0.0, 2.0]),
        "y_bar": np.array([1.0, 1.0]),
        "x_bar": (np.array([0.0, 2.0]),),
        "why": "What is dropped is gone, whatever it was.",
    },
    {
        "at": "cotangent (inf, 1), the first dropped",
        "x": (np.array([1.0, 1.0]),),
        "held": {"mask": np.array([False, True]), "p": 0.5},
        "y_bar": np.array([np.inf, 1.0]),
        "x_bar": (np.array([0.0, 2.0]),),
        "why": "Selection, not a product with 0.",
    },
]

PICTURE = (
    (np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),),
    {"mask": np.array([[True, False, True], [True, True, False]]), "p": 0.5},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    rng = np.random.default_rng(0)
    x, p = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), 0.5
    mask = rng.random(x.shape) >= p
    y, pullback = dropout(x, mask=mask, p=p)
    print(y)

    y_bar = np.array([[1.0, 1.0, 1.0], [3.0, 3.0, 3.0]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

"""The Euclidean norm of x - a along the last axis: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def euclidean_norm(x, *, a=0.0):
    """Return y = norm(x - a) along the last axis; gradient 0 where x = a.

    x, x_bar: (..., n).  a: a point, held, that broadcasts to the shape of
    x.  y, y_bar: (...).  Kept for the pullback: t and n.
    """
    r = x - a
    s = np.abs(r).max(axis=-1, keepdims=True, initial=0.0)
    s = np.where((s > 0) & (s < np.inf), s, 1.0)
    t = r / s  # entries up to 1: their squares stay in range
    n = np.sqrt((t * t).sum(axis=-1, keepdims=True))

    def pullback(y_bar):
        u = t / np.maximum(n, 1.0)  # n >= 1, or n = 0 where x = a
        return (np.expand_dims(y_bar, -1) * u,)

    return (s * n)[..., 0], pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def euclidean_norm_jvp(x, x_dot, *, a=0.0):
    """Return y and its tangent <u, x_dot>.  x, x_dot: one shape."""
    y, pullback = euclidean_norm(x, a=a)
    (u,) = pullback(np.ones_like(y))
    return y, (u * x_dot).sum(axis=-1)
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=4),), {}
    yield (rng.normal(size=(3, 2)),), {}
    yield (rng.normal(size=(3, 3)),), {"a": rng.normal(size=3)}
    yield (rng.normal(size=(2, 3, 2)),), {"a": rng.normal(size=(3, 2))}
    yield (np.array([1e6, -1e6, 2e6]),), {}
    yield (np.array([-2.0]),), {"a": np.array([1.0])}
    yield (rng.normal(size=(0, 3)),), {}
    yield (rng.normal(size=(2, 0)),), {}


KINKS = [
    {
        "at": "x = (0, 0)",
        "x": (np.array([0.0, 0.0]),),
        "held": {},
        "y": np.array(0.0),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.0, 0.0]),),
        "why": "Every vector of length at most 1 is a subgradient; 0 is the "
        "shortest and treats all directions alike.",
    },
    {
        "at": "x = (1e200, 0)",
        "x": (np.array([1e200, 0.0]),),
        "held": {},
        "y": np.array(1e200),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([1.0, 0.0]),),
        "why": "Smooth, but the square overflows unless it is scaled.",
    },
    {
        "at": "x = (1e-200, 0)",
        "x": (np.array([1e-200, 0.0]),),
        "held": {},
        "y": np.array(1e-200),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([1.0, 0.0]),),
        "why": "Smooth, but the square underflows to 0 unless scaled.",
    },
]

PICTURE = (np.array([[1.0, 2.0, -2.0], [0.0, -3.0, 4.0]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[4.0, 6.0, 1.0], [2.0, 4.0, 3.0]])
    a = np.array([1.0, 2.0, 1.0])
    y, pullback = euclidean_norm(x, a=a)
    print(y)

    y_bar = np.array([10.0, 3.0])
    (x_bar,) = pullback(y_bar)
    print(np.round(x_bar, 4))
    # --8<-- [end:use]

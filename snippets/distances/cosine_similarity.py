"""Cosine similarity of paired slices: value, pullback, JVP."""

from snippets.norms.l2_normalization import l2_normalization

# --8<-- [start:rule]
import numpy as np


def cosine_similarity(a, b, *, axis=-1, eps=1e-8):
    """Return y = <u, v> along axis, u = a / |a| and v = b / |b|.

    a, b, a_bar, b_bar: one shape (..., n, ...).  y, y_bar: without axis.
    A norm below eps counts as eps.  Kept: u, v and what made them.
    """
    if a.shape != b.shape:
        raise ValueError(f"a has shape {a.shape}, but b has shape {b.shape}")
    u, pull_u = l2_normalization(a, axis=axis, eps=eps)
    v, pull_v = l2_normalization(b, axis=axis, eps=eps)
    y = (u * v).sum(axis=axis)

    def pullback(y_bar):
        y_bar = np.expand_dims(y_bar, axis)
        (a_bar,) = pull_u(y_bar * v)
        (b_bar,) = pull_v(y_bar * u)
        return a_bar, b_bar

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def cosine_similarity_jvp(a, b, a_dot, b_dot, *, axis=-1, eps=1e-8):
    """Return y and its tangent.  a, b, a_dot, b_dot: one shape."""
    y, pullback = cosine_similarity(a, b, axis=axis, eps=eps)
    a_slope, b_slope = pullback(np.ones_like(y))
    return y, (a_slope * a_dot + b_slope * b_dot).sum(axis=axis)
# --8<-- [end:jvp]


def cases(rng):
    def pair(*shape):
        a, b = rng.normal(size=(2, *shape))
        return a + 0.5 * np.sign(a), b + 0.5 * np.sign(b)

    yield pair(3, 4), {}
    yield pair(2, 3, 4), {"axis": 1}
    yield pair(5), {"axis": 0}
    yield pair(0, 3), {}
    yield pair(2, 0), {}
    a, b = pair(4, 3)
    a /= np.linalg.norm(a, axis=1, keepdims=True)
    b /= np.linalg.norm(b, axis=1, keepdims=True)
    a *= np.array([[0.5], [1.0], [3.0], [4.0]])
    b *= np.array([[1.5], [5.0], [0.7], [3.0]])
    yield (a, b), {"eps": 2.0}  # each argument on either side of eps
    yield (rng.uniform(6e18, 9e18, 12), rng.normal(size=12)), {}


def _kink(at, a, b, y, a_bar, b_bar, why, eps):
    return {
        "at": f"{at}, eps = {eps:g}",
        "x": (np.array(a), np.array(b)),
        "held": {"eps": eps},
        "y": np.array(y),
        "y_bar": np.array(1.0),
        "x_bar": (np.array(a_bar), np.array(b_bar)),
        "why": why,
    }


KINKS = [
    _kink(
        *("a = (0, 0), b = (0, 2)", [0.0, 0.0], [0.0, 2.0], 0.0),
        *([0.0, 2.0], [0.0, 0.0]),
        "Near 0 the value is <a, v> / eps, a linear function of a.",
        0.5,
    ),
    _kink(
        *("a = b = (0, 0)", [0.0, 0.0], [0.0, 0.0], 0.0),
        *([0.0, 0.0], [0.0, 0.0]),
        "Near 0 the value is <a, b> / eps**2, a saddle.",
        0.5,
    ),
    _kink(
        *("a = (0, 0.25), b = (0, 2)", [0.0, 0.25], [0.0, 2.0], 0.5),
        *([0.0, 2.0], [0.0, 0.0]),
        "Linear in a, as long as its norm is below eps.",
        0.5,
    ),
    _kink(
        *("a = (0, 0.5), b = (0, 2)", [0.0, 0.5], [0.0, 2.0], 1.0),
        *([0.0, 0.0], [0.0, 0.0]),
        "At norm = eps the slope on the outer side.",
        0.5,
    ),
]

REFUSES = [((np.ones((2, 3)), np.ones((3,))), {}, ValueError)]

PICTURE = (
    (
        np.array([[3.0, 4.0, 0.0], [-1.0, 1.0, 0.5]]),
        np.array([[1.0, 0.0, 1.0], [0.5, 2.0, -1.0]]),
    ),
    {},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    a = np.array([[3.0, 4.0], [1.0, 1.0]])
    b = np.array([[2.0, 0.0], [3.0, 3.0]])
    y, pullback = cosine_similarity(a, b)
    print(np.round(y, 4))

    a_bar, b_bar = pullback(np.array([1.0, 1.0]))
    print(np.round(a_bar, 4) + 0.0)
    print(np.round(b_bar, 4) + 0.0)
    # --8<-- [end:use]

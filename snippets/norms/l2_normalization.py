"""Division of slices by their Euclidean norm: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def l2_normalization(x, *, axis=-1, eps=1e-12):
    """Return y = x / max(|x|, eps), |x| the Euclidean norm along axis.

    x, y, y_bar, x_bar: any shape; axis: an int, a tuple, or None for all.
    eps: a number, eps > 0.  Kept for the pullback: y, d and moves.
    """
    if not eps > 0:
        raise ValueError(f"eps = {eps}, but it must be positive")
    x = x + 0.0  # integers become floats
    top = np.abs(x).max(axis=axis, keepdims=True, initial=0.0)
    r = x / np.where(top > 0, top, 1.0)  # squares stay in range
    norm = top * np.sqrt((r * r).sum(axis=axis, keepdims=True))
    d = np.maximum(norm, eps)
    y = x / d
    moves = norm >= eps  # elsewhere the divisor is the constant eps

    def pullback(y_bar):
        along = (y * y_bar).sum(axis=axis, keepdims=True)
        return ((y_bar - np.where(moves, along, 0.0) * y) / d,)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def l2_normalization_jvp(x, x_dot, *, axis=-1, eps=1e-12):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape.

    The Jacobian (I - y y^T) / d is symmetric, so the pullback pushes too.
    """
    y, pullback = l2_normalization(x, axis=axis, eps=eps)
    return y, pullback(x_dot)[0]
# --8<-- [end:jvp]


def cases(rng):
    def slices(*shape):
        x = rng.normal(size=shape)
        return (x + 0.5 * np.sign(x),)

    yield slices(3, 4), {}
    yield slices(2, 3, 4), {"axis": 1}
    yield slices(2, 3, 2), {"axis": (0, 2)}
    yield slices(5), {"axis": None}
    yield slices(3, 1), {"axis": 0}
    direction = rng.normal(size=(4, 3))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    sizes = np.array([[0.5], [1.5], [2.5], [4.0]])
    yield (direction * sizes,), {"eps": 2.0}  # two slices on either side
    yield (rng.uniform(6e18, 9e18, 12),), {}  # squares leave float32
    yield (np.zeros((2, 0)),), {}
    yield (np.zeros((0, 3)),), {}


BIG = 2.0**700  # its square leaves float64


def _kink(at, x, y, y_bar, x_bar, why, **held):
    return {
        "at": at,
        "x": (np.array(x),),
        "held": held,
        "y": np.array(y),
        "y_bar": np.array(y_bar),
        "x_bar": (np.array(x_bar),),
        "why": why,
    }


KINKS = [
    _kink(
        *("x = (0, 0), eps = 0.5", [0.0, 0.0], [0.0, 0.0], [1.0, 0.0]),
        *([2.0, 0.0], "Smooth: near 0 the value is x / eps."),
        eps=0.5,
    ),
    _kink(
        *("x = (0, 2), eps = 2", [0.0, 2.0], [0.0, 1.0], [1.0, 1.0]),
        [0.5, 0.0],
        "At norm = eps the slope on the outer side, as clamp has it.",
        eps=2.0,
    ),
    _kink(
        *("x = (3, 4) times 2**700", [3 * BIG, 4 * BIG], [0.6, 0.8]),
        *([1.0, 0.0], [(1 - 0.6 * 0.6) / (5 * BIG), -0.6 * 0.8 / (5 * BIG)]),
        "Smooth: only the squares leave the range.",
    ),
]

REFUSES = [((np.ones(3),), {"eps": 0.0}, ValueError)]

PICTURE = (np.array([[3.0, 0.0, 4.0], [-1.0, 1.0, 0.5]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    X = np.array([[3.0, 4.0], [30.0, 40.0]])
    Y, pullback = l2_normalization(X)
    print(Y)

    Y_bar = np.array([[1.0, 0.0], [1.0, 0.0]])
    (X_bar,) = pullback(Y_bar)
    print(np.round(X_bar, 4))
    # --8<-- [end:use]

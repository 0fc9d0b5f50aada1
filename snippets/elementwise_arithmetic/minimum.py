"""The smaller of two entries, with broadcasting: value, pullback, JVP."""

from snippets.shape_operations.broadcast_to import unbroadcast

# --8<-- [start:rule]
import numpy as np


def minimum(a, b):
    """Return y = min(a, b), entry by entry.  A tie is shared in halves.

    a, b: shapes that broadcast.  y, y_bar: the shape they broadcast to.
    Kept for the pullback: a and b.  Integers become floats.
    """
    y = np.minimum(a, b, dtype=np.result_type(a, b, 1.0))

    def pullback(y_bar):
        g = np.where(a == b, 0.5 * y_bar, y_bar)
        a_bar = unbroadcast(np.where(a <= b, g, 0.0), np.shape(a))
        b_bar = unbroadcast(np.where(b <= a, g, 0.0), np.shape(b))
        return a_bar, b_bar

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def minimum_jvp(a, b, a_dot, b_dot):
    """Return y and its tangent.  a_dot: as a.  b_dot: as b.  y_dot: as y."""
    y = np.minimum(a, b, dtype=np.result_type(a, b, 1.0))
    y_dot = np.where(a < b, a_dot, 0.0) + np.where(b < a, b_dot, 0.0)
    return y, y_dot + np.where(a == b, 0.5 * a_dot + 0.5 * b_dot, 0.0)
# --8<-- [end:jvp]


def cases(rng):
    def apart(a_shape, b_shape, scale=1.0):
        """Two arrays in which no entry is within 0.2 of another."""
        m, n = int(np.prod(a_shape)), int(np.prod(b_shape))
        steps = rng.permutation(m + n) - (m + n) / 2
        entries = scale * (0.3 * steps + rng.uniform(0.0, 0.1, m + n))
        a, b = entries[:m], entries[m:]
        return (a.reshape(a_shape), b.reshape(b_shape)), {}

    yield apart((4, 2), (4, 2))
    yield apart((3, 2), 2)
    yield apart((1, 3), (2, 1))
    yield apart((3, 1), (2, 3, 2))
    yield apart((), 3)
    yield apart((0, 2), (1, 2))
    yield apart((2, 2), (2, 2), scale=1e5)


KINKS = [
    {
        "at": "a = b",
        "x": (np.array([2.0]), np.array([2.0])),
        "held": {},
        "y": np.array([2.0]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.5]), np.array([0.5])),
        "why": "As for the maximum: minimum(a, b) = -maximum(-a, -b) has to "
        "hold for the gradients too.",
    },
    {
        "at": "a = inf, b = inf",
        "x": (np.array([np.inf]), np.array([np.inf])),
        "held": {},
        "y": np.array([np.inf]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.5]), np.array([0.5])),
        "why": "Two unreached distances are a tie like any other; a - b, "
        "which is nan here, is not formed.",
    },
    {
        "at": "a = 0, b = -0.0",
        "x": (np.array([0.0]), np.array([-0.0])),
        "held": {},
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.5]), np.array([0.5])),
        "why": "Zeros of opposite sign compare as equal, so they tie.",
    },
    {
        "at": "a = 1, b = nan",
        "x": (np.array([1.0]), np.array([np.nan])),
        "held": {},
        "y": np.array([np.nan]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.0]), np.array([0.0])),
        "why": "The value is nan; no comparison with nan holds, so neither "
        "side is credited.",
    },
    {
        "at": "a = (2, 2), b = 2, cotangent (2, 4)",
        "x": (np.array([2.0, 2.0]), np.array([2.0])),
        "held": {},
        "y_bar": np.array([2.0, 4.0]),
        "x_bar": (np.array([1.0, 2.0]), np.array([3.0])),
        "why": "Each tie is shared for itself, and b collects its halves.",
    },
]

REFUSES = [((np.zeros((2, 3)), np.zeros(2)), {}, ValueError)]

PICTURE = (np.array([3.0, 0.0, 2.0, 1.0]), np.array([[2.0], [0.5]])), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    a = np.array([0.5, 1.0, 3.0])
    b = np.array([[1.0], [2.0]])
    y, pullback = minimum(a, b)
    print(y)

    y_bar = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    a_bar, b_bar = pullback(y_bar)
    print(a_bar)
    print(b_bar)
    # --8<-- [end:use]

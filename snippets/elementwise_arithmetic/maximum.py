"""The larger of two entries, with broadcasting: value, pullback, JVP."""

from snippets.shape_operations.broadcast_to import unbroadcast

# --8<-- [start:rule]
import numpy as np


def maximum(a, b):
    """Return y = max(a, b), entry by entry.  A tie is shared in halves.

    a, b: shapes that broadcast.  y, y_bar: the shape they broadcast to.
    Kept for the pullback: a and b.  Integers become floats.
    """
    y = np.maximum(a, b, dtype=np.result_type(a, b, 1.0))

    def pullback(y_bar):
        g = np.where(a == b, 0.5 * y_bar, y_bar)
        a_bar = unbroadcast(np.where(a >= b, g, 0.0), np.shape(a))
        b_bar = unbroadcast(np.where(b >= a, g, 0.0), np.shape(b))
        return a_bar, b_bar

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def maximum_jvp(a, b, a_dot, b_dot):
    """Return y and its tangent.  a_dot: as a.  b_dot: as b.  y_dot: as y."""
    y = np.maximum(a, b, dtype=np.result_type(a, b, 1.0))
    y_dot = np.where(a > b, a_dot, 0.0) + np.where(b > a, b_dot, 0.0)
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

    yield apart((3, 4), (3, 4))
    yield apart((2, 3), 3)
    yield apart((3, 1), (1, 2))
    yield apart((2, 1), (3, 2, 2))
    yield apart((), 4)
    yield apart((0, 3), (1, 3))
    yield apart((2, 2), (2, 2), scale=1e5)


KINKS = [
    {
        "at": "a = b",
        "x": (np.array([1.0]), np.array([1.0])),
        "held": {},
        "y": np.array([1.0]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.5]), np.array([0.5])),
        "why": "Shares w and 1 - w are subgradients for every w in [0, 1]; "
        "one half favours neither, and the order does not matter.",
    },
    {
        "at": "a = nan, b = 1",
        "x": (np.array([np.nan]), np.array([1.0])),
        "held": {},
        "y": np.array([np.nan]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.0]), np.array([0.0])),
        "why": "The value is nan, so the accident shows; nobody has won, "
        "and nobody receives the cotangent.",
    },
    {
        "at": "a = -1, b = 0, cotangent inf",
        "x": (np.array([-1.0]), np.array([0.0])),
        "held": {},
        "y_bar": np.array([np.inf]),
        "x_bar": (np.array([0.0]), np.array([np.inf])),
        "why": "The loser is selected out, not multiplied by 0, so that "
        "the root of a maximum does not send nan to it.",
    },
    {
        "at": "a = (1, 1), b = 1, cotangent (2, 4)",
        "x": (np.array([1.0, 1.0]), np.array([1.0])),
        "held": {},
        "y_bar": np.array([2.0, 4.0]),
        "x_bar": (np.array([1.0, 2.0]), np.array([3.0])),
        "why": "Each tie is shared for itself, and b collects its halves.",
    },
]

REFUSES = [((np.zeros((3, 2)), np.zeros(3)), {}, ValueError)]

PICTURE = (
    (np.array([[3.0, 0.0, 2.0], [1.0, 5.0, 4.0]]), np.array([2.0, 3.0, 2.0])),
    {},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    a = np.array([[1.0, 5.0, 2.0], [4.0, 0.0, 3.0]])
    b = np.array([2.0, 1.0, 2.0])
    y, pullback = maximum(a, b)
    print(y)

    y_bar = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    a_bar, b_bar = pullback(y_bar)
    print(a_bar)
    print(b_bar)
    # --8<-- [end:use]

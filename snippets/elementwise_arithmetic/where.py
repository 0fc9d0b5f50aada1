"""Selection by a held condition, with broadcasting: value, pullback, JVP."""

from snippets.shape_operations.broadcast_to import unbroadcast

# --8<-- [start:rule]
import numpy as np


def where(a, b, *, condition):
    """Return y: entries of a where condition holds, of b elsewhere.

    a, b, condition: shapes that broadcast.  y, y_bar: the shape they
    broadcast to.  Kept for the pullback: condition and two shapes.
    """
    kind = np.result_type(a, b, 1.0)  # integers become floats
    y = np.where(condition, a, b).astype(kind, copy=False)
    a_shape, b_shape = np.shape(a), np.shape(b)

    def pullback(y_bar):
        a_bar = unbroadcast(np.where(condition, y_bar, 0.0), a_shape)
        b_bar = unbroadcast(np.where(condition, 0.0, y_bar), b_shape)
        return a_bar, b_bar

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def where_jvp(a, b, a_dot, b_dot, *, condition):
    """Return y and its tangent.  a_dot: as a.  b_dot: as b.  y_dot: as y."""
    y, _ = where(a, b, condition=condition)
    return y, np.where(condition, a_dot, b_dot)
# --8<-- [end:jvp]


def cases(rng):
    def some(condition_shape, a_shape, b_shape):
        condition = rng.random(condition_shape) < 0.5
        x = rng.normal(size=a_shape), rng.normal(size=b_shape)
        return x, {"condition": condition}

    yield some((3, 4), (3, 4), (3, 4))
    yield some((2, 3), 3, (2, 1))
    yield some((2, 1), (1, 3), ())
    yield some((3, 1), (2, 3, 2), 2)
    yield some((2, 3), (), ())
    yield some((), (2, 2), 2)
    yield some((0, 2), (1, 2), 2)
    shown = {"condition": np.array([True, False, False])}
    yield (np.array([1e6, -2.0, 1e-6]), np.array([0.0, 1e6, -3.0])), shown


def _not_taken(at, a, why):
    return {
        "at": at,
        "x": (np.array([a]), np.array([5.0])),
        "held": {"condition": np.array([False])},
        "y": np.array([5.0]),
        "y_bar": np.array([1.0]),
        "x_bar": (np.array([0.0]), np.array([1.0])),
        "why": why,
    }


KINKS = [
    _not_taken("a = -1", -1.0, "The value does not depend on a."),
    _not_taken("a = 0", 0.0, "The value does not depend on a."),
    _not_taken(
        *("a = nan", np.nan),
        "A selection copies or leaves out; it does not multiply by 0.",
    ),
]

REFUSES = [
    ((np.zeros(3), np.zeros(2)), {"condition": np.array(True)}, ValueError),
    ((np.zeros(3), np.zeros(3)), {"condition": np.ones(2, bool)}, ValueError),
]

PICTURE = (
    (np.zeros((2, 3)), np.zeros(3)),
    {"condition": np.array([[True, False, True], [False, False, True]])},
)


if __name__ == "__main__":
    # --8<-- [start:use]
    a = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    b = np.array([-1.0, -2.0, -3.0])
    condition = np.array([[True, False, True], [False, False, True]])
    y, pullback = where(a, b, condition=condition)
    print(y)

    y_bar = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    a_bar, b_bar = pullback(y_bar)
    print(a_bar)
    print(b_bar)
    # --8<-- [end:use]

"""Functions that are constant between jumps: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def piecewise_constant(x, *, step=np.floor):
    """Return y = step(x) as floats, with gradient zero.

    step: a function of x that is constant between jumps, such as np.sign,
    np.round or lambda x: x > 0.  x, x_bar: any shape.  y, y_bar: the shape
    of step(x).  Kept for the pullback: the shape and dtype of x.
    """
    kind = np.result_type(x, 1.0)  # integers become floats
    shape = np.shape(x)
    y = np.asarray(step(x), kind)

    def pullback(y_bar):
        return (np.zeros(shape, kind),)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def piecewise_constant_jvp(x, x_dot, *, step=np.floor):
    """Return y and its tangent, which is zero.  y, y_dot: as step(x)."""
    y, _ = piecewise_constant(x, step=step)
    return y, np.zeros_like(y)
# --8<-- [end:jvp]


def positive(x):
    return x > 0


def largest(x):
    return np.argmax(x, axis=-1)


def cases(rng):
    def between(*shape):
        """Entries at least 0.1 away from all multiples of one half."""
        return 0.5 * rng.integers(-6, 6, shape) + rng.uniform(0.1, 0.4, shape)

    yield (between(3, 4),), {}
    yield (between(2, 3),), {"step": np.sign}
    yield (between(2, 3, 2),), {"step": np.round}
    yield (between(5),), {"step": np.ceil}
    yield (between(),), {"step": np.trunc}
    yield (between(3, 2),), {"step": positive}
    yield (np.array([[0.3, 1.4, 0.9], [2.0, -1.0, 0.5]]),), {"step": largest}
    yield (1e3 * between(2, 2) + 0.3,), {"step": np.sign}
    yield (between(0, 3),), {"step": np.floor}


def _kink(at, x, y, step, why, y_bar=1.0):
    return {
        "at": at,
        "x": (np.array([x]),),
        "held": {"step": step},
        "y": np.array([y]),
        "y_bar": np.array([y_bar]),
        "x_bar": (np.array([0.0]),),
        "why": why,
    }


KINKS = [
    _kink("floor, x = 1", 1.0, 1.0, np.floor, "Flat on the right."),
    _kink("ceil, x = 1", 1.0, 1.0, np.ceil, "Flat on the left."),
    _kink("round, x = 0.5", 0.5, 0.0, np.round, "A tie goes to the even 0."),
    _kink("sign, x = 0", 0.0, 0.0, np.sign, "It jumps on both sides."),
    _kink("x > 0, x = 0", 0.0, 0.0, positive, "Flat on the left."),
    _kink("sign, x = nan", np.nan, np.nan, np.sign, "The value says it."),
    _kink(
        *("floor, x = 0.5, cotangent inf", 0.5, 0.0, np.floor),
        "The zero is not a factor: no cotangent is multiplied by it.",
        np.inf,
    ),
]


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[-1.7, -0.2, 0.4], [1.2, 2.5, 3.9]])
    for step in np.sign, np.round, np.floor, lambda x: x > 1:
        y, pullback = piecewise_constant(x, step=step)
        print(y + 0.0)  # minus zero becomes zero

    y_bar = np.array([[1.0, -2.0, 3.0], [-4.0, 5.0, -6.0]])
    (x_bar,) = pullback(y_bar)
    print(x_bar)
    # --8<-- [end:use]

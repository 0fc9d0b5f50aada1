"""The L1 penalty of a weight array: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def l1_regularization(w, *, strength):
    """Return y = strength * sum(|w|); the slope at 0 is 0.

    w, w_bar: any shape, real.  y, y_bar: ().  strength: a number, held.
    Kept for the pullback: the signs of w.
    """
    w = w + 0.0  # integers become floats
    y = strength * np.sum(np.abs(w))
    sign = np.subtract(w > 0, w < 0, dtype=w.dtype)  # 0 at 0 and at nan

    def pullback(y_bar):
        return (strength * y_bar * sign,)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def l1_regularization_jvp(w, w_dot, *, strength):
    """Return y and its tangent strength <sign(w), w_dot>."""
    y, _ = l1_regularization(w, strength=strength)
    sign = np.subtract(w > 0, w < 0, dtype=y.dtype)
    return y, strength * np.sum(sign * w_dot)
# --8<-- [end:jvp]


def cases(rng):
    def off_zero(*shape):
        return (rng.choice([-1, 1], shape) * rng.uniform(0.1, 3.0, shape),)

    yield off_zero(5), {"strength": 0.1}
    yield off_zero(3, 4), {"strength": 2.0}
    yield off_zero(2, 3, 2), {"strength": 0.7}
    yield off_zero(), {"strength": 3.0}
    yield off_zero(0, 3), {"strength": 0.5}
    yield (np.array([1e6, -1.0, 0.25]),), {"strength": 0.01}


KINKS = [
    {
        "at": "w = (0, 2), strength = 3",
        "x": (np.array([0.0, 2.0]),),
        "held": {"strength": 3.0},
        "y": np.array(6.0),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.0, 3.0]),),
        "why": "Any slope in [-3, 3] is a subgradient; 0 is the smallest and "
        "leaves a weight at rest that is exactly zero.",
    },
    {
        "at": "w = (nan, 2), strength = 3",
        "x": (np.array([np.nan, 2.0]),),
        "held": {"strength": 3.0},
        "y": np.array(np.nan),
        "y_bar": np.array(1.0),
        "x_bar": (np.array([0.0, 3.0]),),
        "why": "A weight that is nan has no sign; the penalty is nan and "
        "says so.",
    },
]


if __name__ == "__main__":
    # --8<-- [start:use]
    W = np.array([[1.0, -2.0, 0.5], [3.0, 0.0, -1.0]])
    y, pullback = l1_regularization(W, strength=0.1)
    print(np.round(y, 4))

    (W_bar,) = pullback(1.0)
    print(W_bar)
    # --8<-- [end:use]

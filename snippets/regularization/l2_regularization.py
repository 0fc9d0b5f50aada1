"""The L2 penalty of a weight array: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def l2_regularization(w, *, strength):
    """Return y = strength * sum(w * w), without a factor 1/2.

    w, w_bar: any shape.  y, y_bar: ().  strength: a number, held.
    Kept for the pullback: w.
    """
    w = w + 0.0  # integers become floats
    y = strength * np.sum(w * w)

    def pullback(y_bar):
        return (2 * strength * y_bar * w,)

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def l2_regularization_jvp(w, w_dot, *, strength):
    """Return y and its tangent 2 strength <w, w_dot>."""
    y, _ = l2_regularization(w, strength=strength)
    return y, 2 * strength * np.sum(w * w_dot)
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=5),), {"strength": 0.1}
    yield (rng.normal(size=(3, 4)),), {"strength": 2.0}
    yield (rng.normal(size=(2, 3, 2)),), {"strength": 0.7}
    yield (rng.normal(size=()),), {"strength": 3.0}
    yield (rng.normal(size=(0, 3)),), {"strength": 0.5}
    yield (np.array([1e6, -1.0, 1e-6]),), {"strength": 1e-4}


ANALYTIC = True


if __name__ == "__main__":
    # --8<-- [start:use]
    W = np.array([[1.0, -2.0, 0.5], [3.0, 0.0, -1.0]])
    y, pullback = l2_regularization(W, strength=0.1)
    print(np.round(y, 4))

    (W_bar,) = pullback(1.0)
    print(np.round(W_bar, 4))
    # --8<-- [end:use]

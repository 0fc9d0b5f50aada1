"""The logistic sigmoid: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def sigmoid(z):
    """Return s = 1 / (1 + exp(-z)), entry by entry.  Never overflows.

    z, s, s_bar, z_bar: any shape.  Integers become floats.
    Kept for the pullback: q = exp(-|z|).
    """
    z = np.asarray(z, np.result_type(z, 1.0))
    q = np.exp(-np.abs(z))  # between 0 and 1
    s = np.exp(np.minimum(z, 0.0)) / (1.0 + q)

    def pullback(s_bar):
        return (s_bar * q / (1.0 + q) ** 2,)  # s (1 - s)

    return s, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def sigmoid_jvp(z, z_dot):
    """Return s and its tangent.  z, z_dot, s, s_dot: any shape."""
    s, pullback = sigmoid(z)
    (s_dot,) = pullback(z_dot)  # a diagonal Jacobian is its own transpose
    return s, s_dot
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(3, 4)),), {}
    yield (2.0 * rng.normal(size=(2, 3, 2)),), {}
    yield (rng.normal(size=()),), {}
    yield (rng.normal(size=(0, 3)),), {}
    yield (np.array([-800.0, -30.0, 0.0, 0.7, 30.0, 800.0]),), {}
    yield (rng.uniform(25.0, 45.0, 5),), {}  # saturated: 1 - s cancels
    yield (-rng.uniform(25.0, 45.0, 3),), {}


PICTURE = (np.array([[-4.0, -1.0, 0.0], [1.0, 2.0, 4.0]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    z = np.array([[-2.0, 0.0, 1.0], [4.0, -40.0, 1000.0]])
    s, pullback = sigmoid(z)
    print(np.round(s, 4))

    s_bar = np.array([[1.0, 2.0, -1.0], [10.0, 1.0, 1.0]])
    (z_bar,) = pullback(s_bar)
    print(np.round(z_bar, 4))
    # --8<-- [end:use]

"""GELU, exact and in its tanh form: value, pullback, JVP."""

# --8<-- [start:rule]
import math

import numpy as np


def gelu(x, *, approximate="none"):
    """Return y = x Phi(x), with Phi the standard normal CDF.

    approximate="tanh" replaces Phi by a sigmoid of a cubic.
    x, y, y_bar, x_bar: any shape.  Kept: x, the gate and its slope.
    """
    x = np.asarray(x, np.result_type(x, 1.0))
    gates = {"none": normal_gate, "tanh": tanh_gate}
    if approximate not in gates:
        raise ValueError(f"approximate is one of {[*gates]} for x {x.shape}")
    gate, gate_slope = gates[approximate](x)

    def pullback(y_bar):
        return (y_bar * (gate + x * gate_slope),)  # product rule

    return x * gate, pullback
# --8<-- [end:rule]


# --8<-- [start:gates]
def normal_gate(x):
    """Return Phi(x) and Phi'(x), the normal density.  erfc never cancels."""
    r = np.clip(x, -40.0, 40.0)  # beyond, both are constant in floats
    each = map(math.erfc, np.ravel(-r / math.sqrt(2)))  # NumPy has none
    erfc = np.fromiter(each, x.dtype, x.size).reshape(x.shape)
    density = np.exp(-0.5 * r * r) / math.sqrt(2 * math.pi)
    return 0.5 * erfc, density


def tanh_gate(x):
    """Return (1 + tanh u) / 2 = sigma(2 u) and its derivative by x."""
    r = np.clip(x, -40.0, 40.0)
    c, a = math.sqrt(2 / math.pi), 0.044715
    u = c * (r + a * r**3)
    e = np.exp(-2 * np.abs(u))  # between 0 and 1
    gate = np.exp(2 * np.minimum(u, 0.0)) / (1 + e)
    return gate, 2 * c * (1 + 3 * a * r * r) * e / (1 + e) ** 2
# --8<-- [end:gates]


# --8<-- [start:jvp]
def gelu_jvp(x, x_dot, *, approximate="none"):
    """Return y and its tangent.  x, x_dot, y, y_dot: any shape."""
    y, pullback = gelu(x, approximate=approximate)
    (y_dot,) = pullback(x_dot)  # a diagonal Jacobian is its own transpose
    return y, y_dot
# --8<-- [end:jvp]


def cases(rng):
    yield (rng.normal(size=(3, 4)),), {}
    yield (2.0 * rng.normal(size=(2, 3, 2)),), {"approximate": "tanh"}
    yield (rng.normal(size=()),), {}
    yield (rng.normal(size=()),), {"approximate": "tanh"}
    yield (rng.normal(size=(0, 3)),), {}
    yield (rng.normal(size=(0, 3)),), {"approximate": "tanh"}
    yield (np.array([-1e6, -50.0, -3.0, 0.0, 3.0, 1e6]),), {}
    yield (np.array([-1e6, -50.0, -3.0, 0.0, 3.0, 1e6]),), {
        "approximate": "tanh"
    }
    yield (-rng.uniform(6.0, 12.0, 5),), {}  # the tail: 1 + erf cancels
    yield (-rng.uniform(6.0, 9.0, 5),), {"approximate": "tanh"}


REFUSES = [((np.zeros(3),), {"approximate": "quick"}, ValueError)]

KINKS = [
    {
        "at": "x = (inf, -inf, nan)",
        "x": (np.array([np.inf, -np.inf, np.nan]),),
        "held": {},
        "y": np.array([np.inf, np.nan, np.nan]),
        "y_bar": np.array([1.0, 1.0, 1.0]),
        "x_bar": (np.array([np.nan, np.nan, np.nan]),),
        "why": "inf * 0 in the slope, and on the left in the value too: an "
        "activation that is infinite should be seen.",
    },
]

PICTURE = (np.array([[-3.0, -1.5, -0.75], [0.0, 1.5, 3.0]]),), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[-3.0, -1.0, 0.0], [1.0, 3.0, -40.0]])
    y, pullback = gelu(x)
    print(np.round(y, 4) + 0.0)  # + 0.0: no minus zero

    y_bar = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    (x_bar,) = pullback(y_bar)
    print(np.round(x_bar, 4) + 0.0)
    # --8<-- [end:use]

"""Scaled dot-product attention: value, pullback, JVP."""

from snippets.shape_operations.broadcast_to import unbroadcast

# --8<-- [start:rule]
import numpy as np


def scaled_dot_product_attention(Q, K, V):
    """Return Y = P V with P = softmax(Q K^T / sqrt(d)) over the keys.

    Q: (..., n, d).  K: (..., m, d).  V: (..., m, e).  Y: (..., n, e).
    Leading axes broadcast.  Kept for the pullback: Q, K, V, P and Y.
    """
    d, m = Q.shape[-1], K.shape[-2]
    if K.shape[-1] != d or V.shape[-2] != m or d == 0:
        raise ValueError(f"no fit: Q {Q.shape}, K {K.shape}, V {V.shape}")
    scale = d**-0.5
    P = softmax(scale * (Q @ K.mT))
    Y = P @ V

    def pullback(Y_bar):
        V_bar, P_bar = P.mT @ Y_bar, Y_bar @ V.mT
        D = (Y_bar * Y).sum(-1, keepdims=True)  # a number per query
        S_bar = P * (P_bar - D)
        Q_bar, K_bar = scale * (S_bar @ K), scale * (S_bar.mT @ Q)
        pairs = (Q_bar, Q), (K_bar, K), (V_bar, V)
        return tuple(unbroadcast(g, a.shape) for g, a in pairs)

    return Y, pullback
# --8<-- [end:rule]


# --8<-- [start:softmax]
def softmax(S):
    """Return P, the softmax of each row.  S, P: (..., n, m), m >= 1."""
    if S.shape[-1] == 0:
        raise ValueError(f"scores of shape {S.shape}: no keys to attend to")
    E = np.exp(S - S.max(-1, keepdims=True))  # the largest entry is 1
    return E / E.sum(-1, keepdims=True)
# --8<-- [end:softmax]


# --8<-- [start:jvp]
def scaled_dot_product_attention_jvp(Q, K, V, Q_dot, K_dot, V_dot):
    """Return Y and its tangent: product rule, softmax, product rule."""
    scale = Q.shape[-1] ** -0.5
    P = softmax(scale * (Q @ K.mT))
    S_dot = scale * (Q_dot @ K.mT + Q @ K_dot.mT)
    P_dot = P * (S_dot - (P * S_dot).sum(-1, keepdims=True))
    return P @ V, P_dot @ V + P @ V_dot
# --8<-- [end:jvp]


def cases(rng):
    def draw(*shapes):
        return tuple(rng.normal(size=s) for s in shapes), {}

    yield draw((3, 4), (5, 4), (5, 2))
    yield draw((3, 3), (3, 3), (3, 3))  # here every wrong transpose runs
    yield draw((2, 2, 1, 3), (2, 2, 4, 3), (2, 2, 4, 3))  # samples, heads
    yield draw((2, 2, 4, 3), (2, 1, 4, 3), (2, 1, 4, 3))  # shared keys
    yield draw((2, 3), (2, 4, 3), (4, 1))  # each has other batch axes
    yield draw((3, 2), (1, 2), (1, 1))  # one key: P is 1
    yield draw((0, 2, 3), (0, 4, 3), (0, 4, 3))
    yield draw((0, 2), (3, 2), (3, 2))  # no queries
    Q, K = rng.integers(-4, 5, (2, 4)) / 4, rng.integers(-4, 5, (5, 4)) / 4
    Q[:, 0], K[:, 0] = 40.0, 40.0  # scores near 800, one near -200
    K[4, 0] = -10.0
    yield (Q, K, rng.normal(size=(5, 2))), {}


ANALYTIC = True

REFUSES = [
    ((np.zeros((2, 3)), np.zeros((4, 2)), np.zeros((4, 2))), {}, ValueError),
    ((np.zeros((2, 3)), np.zeros((4, 3)), np.zeros((5, 2))), {}, ValueError),
    ((np.zeros((2, 3)), np.zeros((0, 3)), np.zeros((0, 2))), {}, ValueError),
    ((np.zeros((2, 0)), np.zeros((4, 0)), np.zeros((4, 2))), {}, ValueError),
]

PICTURE = (
    np.array([[1.0, -0.5], [0.5, 2.0]]),
    np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.5]]),
    np.array([[1.0, -1.0], [0.5, 2.0], [-2.0, 0.7]]),
), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    Q = np.array([[2.0, 0.0], [0.0, 2.0]])
    K = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    V = np.array([[1.0], [2.0], [4.0]])
    Y, pullback = scaled_dot_product_attention(Q, K, V)
    print(np.round(Y, 4))

    Y_bar = np.array([[1.0], [-3.0]])
    for cotangent in pullback(Y_bar):
        print(np.round(cotangent, 4))
    # --8<-- [end:use]

"""Attention with a mask and an additive bias: value, pullback, JVP."""

from snippets.shape_operations.broadcast_to import unbroadcast

# --8<-- [start:rule]
import numpy as np


def masked_attention(Q, K, V, bias, *, mask):
    """Return Y = P V, P = softmax(Q K^T / sqrt(d) + bias) where mask.

    Q: (..., n, d).  K: (..., m, d).  V: (..., m, e).  Y: (..., n, e).
    bias, mask: anything that broadcasts to (..., n, m); True may attend.
    """
    d, m = Q.shape[-1], K.shape[-2]
    if K.shape[-1] != d or V.shape[-2] != m or d == 0:
        raise ValueError(f"no fit: Q {Q.shape}, K {K.shape}, V {V.shape}")
    scale = d**-0.5
    P = masked_softmax(scale * (Q @ K.mT) + bias, mask)
    Y = P @ V
    shapes = Q.shape, K.shape, V.shape, np.shape(bias)

    def pullback(Y_bar):
        D = (Y_bar * Y).sum(-1, keepdims=True)
        S_bar = P * (Y_bar @ V.mT - D)  # 0 where P is
        Q_bar, K_bar = scale * (S_bar @ K), scale * (S_bar.mT @ Q)
        bars = Q_bar, K_bar, P.mT @ Y_bar, S_bar  # the bias is added to S
        return tuple(map(unbroadcast, bars, shapes))

    return Y, pullback
# --8<-- [end:rule]


# --8<-- [start:masked_softmax]
def masked_softmax(S, mask):
    """Return P, 0 where mask is False.  A row without a True is 0.

    S, P: (..., n, m).  mask: boolean, broadcasts to S.
    """
    if np.asarray(mask).dtype != bool:  # 0 and -inf would mean the reverse
        raise TypeError(f"mask of {np.asarray(mask).dtype}: add it as a bias")
    S = np.where(mask, S, -np.inf)
    low = np.finfo(S.dtype).min  # finite: -inf - low is -inf, not NaN
    E = np.exp(S - S.max(-1, keepdims=True, initial=low))
    return E / np.maximum(E.sum(-1, keepdims=True), 1)  # sum: 0 or >= 1
# --8<-- [end:masked_softmax]


# --8<-- [start:jvp]
def masked_attention_jvp(
    Q, K, V, bias, Q_dot, K_dot, V_dot, bias_dot, *, mask
):
    """Return Y and its tangent; the mask does not move."""
    scale = Q.shape[-1] ** -0.5
    P = masked_softmax(scale * (Q @ K.mT) + bias, mask)
    S_dot = scale * (Q_dot @ K.mT + Q @ K_dot.mT) + bias_dot
    P_dot = P * (S_dot - (P * S_dot).sum(-1, keepdims=True))
    return P @ V, P_dot @ V + P @ V_dot
# --8<-- [end:jvp]


def cases(rng):
    def draw(*shapes):
        return tuple(rng.normal(size=s) for s in shapes)

    causal = np.tri(4, dtype=bool)
    yield draw((4, 3), (4, 3), (4, 2), (4, 4)), {"mask": causal}
    short = np.arange(4) < np.array([[[2]], [[4]]])  # sample 0 has 2 keys
    yield draw((2, 3, 2), (2, 4, 2), (2, 4, 3), (1, 4)), {"mask": short}
    heads = (2, 2, 2, 3), (2, 2, 4, 3), (2, 2, 4, 1), (2, 2, 4)
    yield draw(*heads), {"mask": short[:, None]}
    yield draw((2, 3, 2), (4, 2), (4, 3), (3, 4)), {"mask": np.tri(3, 4, 1) > 0}
    groups = (2, 2, 3, 2), (2, 1, 4, 2), (2, 1, 4, 3), (2, 1, 4)
    yield draw(*groups), {"mask": np.tri(3, 4, 1) > 0}  # keys shared by heads
    Q, K, V, bias = draw((3, 2), (4, 2), (4, 2), (3, 4))
    bias[:2, 2:] = -np.inf  # a mask written as a bias
    yield (Q, K, V, bias), {"mask": True}
    Q, K, V, bias = draw((3, 3), (3, 3), (3, 3), (3, 3))
    K[2], V[2] = 1e5, -1e5  # padding: finite, and of no influence
    yield (Q, K, V, bias), {"mask": np.array([True, True, False])}
    dead = np.tri(5, 3, -1) > 0  # query 0 may see nothing
    yield draw((5, 3), (3, 3), (3, 2), (5, 3)), {"mask": dead}
    yield draw((0, 2, 2), (0, 3, 2), (0, 3, 1), (2, 3)), {"mask": True}
    shapes = (3, 4), (5, 4), (3, 5)  # quarters are exact beside 800
    Q, K, bias = (rng.integers(-4, 5, shape) / 4 for shape in shapes)
    Q[:, 0] = K[:, 0] = 40.0  # scores of 800
    yield (Q, K, *draw((5, 2)), bias), {"mask": np.tri(3, 5, 2) > 0}


ANALYTIC = True

KINKS = [
    {
        "at": at,
        "x": (
            np.array([[0.5]]),
            np.array([[1.0], [2.0]]),
            np.array([[1.0], [3.0]]),
            np.array([[bias, bias]]),
        ),
        "held": {"mask": np.array([[mask, mask]])},
        "y": np.array([[0.0]]),
        "y_bar": np.array([[1.0]]),
        "x_bar": (
            np.array([[0.0]]),
            np.array([[0.0], [0.0]]),
            np.array([[0.0], [0.0]]),
            np.array([[0.0, 0.0]]),
        ),
        "why": "An empty sum is 0, and no NaN spreads to what all queries share.",
    }
    for at, bias, mask in [
        ("a query whose mask is False for both keys", 0.0, False),
        ("a query whose bias is -inf for both keys", -np.inf, True),
    ]
]

REFUSES = [
    (
        (np.zeros((2, 3)), np.zeros((4, 2)), np.zeros((4, 2)), np.zeros(4)),
        {"mask": True},
        ValueError,
    ),
    (
        (np.zeros((2, 3)), np.zeros((4, 3)), np.zeros((5, 2)), np.zeros(4)),
        {"mask": True},
        ValueError,
    ),
    (
        (np.zeros((2, 3)), np.zeros((2, 3)), np.zeros((2, 2)), np.zeros(2)),
        {"mask": np.array([[0.0, -np.inf], [0.0, 0.0]])},
        TypeError,
    ),
]

PICTURE = (
    np.array([[1.0, 0.5], [0.5, -2.0], [0.4, 1.0]]),
    np.array([[1.0, 0.3], [0.2, 1.0], [-1.0, 0.5]]),
    np.array([[1.0, -1.0], [0.5, 2.0], [-2.0, 0.7]]),
    np.zeros((3, 3)),
), {"mask": np.tri(3, dtype=bool)}


if __name__ == "__main__":
    # --8<-- [start:use]
    Q = np.array([[2.0, 0.0], [0.0, 2.0], [1.0, 1.0]])
    K = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    V = np.array([[1.0], [2.0], [4.0]])
    bias = np.zeros((3, 3))
    causal = np.tri(3, dtype=bool)  # query i sees keys 0 to i
    Y, pullback = masked_attention(Q, K, V, bias, mask=causal)
    print(np.round(Y, 4))

    Y_bar = np.array([[5.0], [1.0], [0.0]])
    for cotangent in pullback(Y_bar):
        print(np.round(cotangent, 4) + 0.0)  # + 0.0: no minus zero
    # --8<-- [end:use]

"""Multi-head attention, from projections to output: value, pullback, JVP."""

from snippets.attention.masked_attention import (
    masked_attention,
    masked_attention_jvp,
)

# --8<-- [start:rule]
import numpy as np


def multi_head_attention(x, memory, Wq, Wk, Wv, Wo, *, heads, mask=True):
    """Return y: rows of x attend to rows of memory, in h heads, then Wo.

    x: (..., n, D).  memory: (..., m, C).  mask: to (..., h, n, m).
    Wq: (D, h d).  Wk: (C, h d).  Wv: (C, h e).  Wo: (h e, F).  y: (..., n, F)
    """
    Q, K, V = (
        split(a @ W, heads) for a, W in ((x, Wq), (memory, Wk), (memory, Wv))
    )
    no_bias = np.zeros((1, 1), Q.dtype)
    A, attend_pullback = masked_attention(Q, K, V, no_bias, mask=mask)
    Z = merge(A)

    def pullback(y_bar):
        Q_bar, K_bar, V_bar, _ = attend_pullback(split(y_bar @ Wo.T, heads))
        q, k, v = merge(Q_bar), merge(K_bar), merge(V_bar)
        x_bar, memory_bar = q @ Wq.T, k @ Wk.T + v @ Wv.T
        Wq_bar, Wk_bar = weight_bar(x, q), weight_bar(memory, k)
        Wv_bar, Wo_bar = weight_bar(memory, v), weight_bar(Z, y_bar)
        return x_bar, memory_bar, Wq_bar, Wk_bar, Wv_bar, Wo_bar

    return Z @ Wo, pullback
# --8<-- [end:rule]


# --8<-- [start:heads]
def split(A, heads):
    """(..., n, h d) to (..., h, n, d).  Its adjoint is merge."""
    if A.shape[-1] % heads:
        raise ValueError(f"{A.shape[-1]} columns do not make {heads} heads")
    width = A.shape[-1] // heads
    return A.reshape(*A.shape[:-1], heads, width).swapaxes(-2, -3)


def merge(A):
    """(..., h, n, d) to (..., n, h d).  Its adjoint is split."""
    A = A.swapaxes(-2, -3)
    return A.reshape(*A.shape[:-2], A.shape[-2] * A.shape[-1])


def weight_bar(X, Y_bar):
    """The cotangent of W in Y = X W: X^T Y_bar, summed over the batch."""
    rows = range(X.ndim - 1)  # all axes but the last
    return np.tensordot(X, Y_bar, (rows, rows))
# --8<-- [end:heads]


# --8<-- [start:jvp]
def multi_head_attention_jvp(
    x, memory, Wq, Wk, Wv, Wo,
    x_dot, memory_dot, Wq_dot, Wk_dot, Wv_dot, Wo_dot, *, heads, mask=True
):
    """Return y and its tangent: three products, attention, a product."""
    Q, Q_dot = split(x @ Wq, heads), x_dot @ Wq + x @ Wq_dot
    K, K_dot = split(memory @ Wk, heads), memory_dot @ Wk + memory @ Wk_dot
    V, V_dot = split(memory @ Wv, heads), memory_dot @ Wv + memory @ Wv_dot
    dots = (split(dot, heads) for dot in (Q_dot, K_dot, V_dot))
    zero = np.zeros((1, 1), Q.dtype)
    A, A_dot = masked_attention_jvp(Q, K, V, zero, *dots, zero, mask=mask)
    Z, Z_dot = merge(A), merge(A_dot)
    return Z @ Wo, Z_dot @ Wo + Z @ Wo_dot
# --8<-- [end:jvp]


def cases(rng):
    def draw(*shapes):
        return tuple(0.7 * rng.normal(size=s) for s in shapes)

    def weights(D, C, hd, he, F):
        return (D, hd), (C, hd), (C, he), (he, F)

    yield draw((2, 3), (4, 2), *weights(3, 2, 6, 4, 5)), {"heads": 2}
    causal = np.tri(3, dtype=bool)
    self_attention = draw((3, 4), (3, 4), *weights(4, 4, 4, 4, 4))
    yield self_attention, {"heads": 2, "mask": causal}
    padding = np.arange(4) < np.array([2, 4])[:, None, None, None]
    batch = draw((2, 3, 2), (2, 4, 3), *weights(2, 3, 4, 6, 3))
    yield batch, {"heads": 2, "mask": padding}
    yield draw((3, 3), (4, 3), *weights(3, 3, 3, 3, 3)), {"heads": 3}
    yield draw((2, 3), (3, 2), *weights(3, 2, 2, 3, 2)), {"heads": 1}
    yield draw((0, 2, 2), (0, 3, 2), *weights(2, 2, 4, 2, 3)), {"heads": 2}


ANALYTIC = True

REFUSES = [
    (tuple(map(np.zeros, shapes)), {"heads": 2}, ValueError)
    for shapes in [
        [(2, 3), (4, 2), (3, 5), (2, 5), (2, 4), (4, 3)],
        [(2, 3), (4, 2), (3, 4), (2, 6), (2, 4), (4, 3)],
        [(2, 3), (4, 2), (3, 4), (2, 4), (2, 4), (2, 3)],
    ]
]


if __name__ == "__main__":
    # --8<-- [start:use]
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 5, 6))  # 2 samples, 5 positions, 6 features
    W = [rng.normal(size=(6, 6)) / np.sqrt(6) for _ in range(4)]
    causal = np.tri(5, dtype=bool)
    y, pullback = multi_head_attention(x, x, *W, heads=3, mask=causal)
    print(y.shape)

    y_bar = rng.normal(size=y.shape)
    as_query, as_memory, *W_bar = pullback(y_bar)
    x_bar = as_query + as_memory  # x was used twice
    print(x_bar.shape, [w.shape for w in W_bar])
    # --8<-- [end:use]

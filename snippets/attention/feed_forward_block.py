"""The position-wise feed-forward block: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def feed_forward_block(X, W1, b1, W2, b2):
    """Return Y = relu(X W1 + b1) W2 + b2.  Kept: X, H, W1 and W2.

    X: (..., D).  W1: (D, M).  b1: (M,).  W2: (M, K).  b2: (K,).
    H: (..., M), the hidden layer.  Y: (..., K).
    """
    D, M, K = X.shape[-1], b1.size, b2.size
    found = [a.shape for a in (W1, b1, W2, b2)]
    if found != [(D, M), (M,), (M, K), (K,)]:
        raise ValueError(f"no fit: X {X.shape}, W1, b1, W2, b2: {found}")
    H = np.maximum(X @ W1 + b1, 0.0)
    rows = tuple(range(X.ndim - 1))  # samples and positions

    def pullback(Y_bar):
        Z_bar = np.where(H > 0, Y_bar @ W2.T, 0.0)  # before the relu
        W1_bar = np.tensordot(X, Z_bar, (rows, rows))  # X.T @ Z_bar
        W2_bar = np.tensordot(H, Y_bar, (rows, rows))  # H.T @ Y_bar
        b1_bar, b2_bar = Z_bar.sum(axis=rows), Y_bar.sum(axis=rows)
        return Z_bar @ W1.T, W1_bar, b1_bar, W2_bar, b2_bar

    return H @ W2 + b2, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def feed_forward_block_jvp(
    X, W1, b1, W2, b2, X_dot, W1_dot, b1_dot, W2_dot, b2_dot
):
    """Return Y and its tangent."""
    Z, Z_dot = X @ W1 + b1, X_dot @ W1 + X @ W1_dot + b1_dot
    H, H_dot = np.maximum(Z, 0.0), np.where(Z > 0, Z_dot, 0.0)
    return H @ W2 + b2, H_dot @ W2 + H @ W2_dot + b2_dot
# --8<-- [end:jvp]


def cases(rng):
    def block(*batch, D, M, K):
        """Drawn until no unit is within 0.1 of its kink."""
        shapes = [(*batch, D), (D, M), (M,), (M, K), (K,)]
        while True:
            X, W1, b1, W2, b2 = (rng.normal(size=s) for s in shapes)
            if np.abs(X @ W1 + b1).min(initial=1.0) > 0.1:
                return (X, W1, b1, W2, b2), {}

    yield block(3, D=2, M=4, K=3)
    yield block(2, 2, D=3, M=4, K=2)
    yield block(4, D=4, M=4, K=4)  # here a wrong transpose runs
    yield block(D=3, M=4, K=2)  # one position, no batch axis
    yield block(0, D=2, M=3, K=2)


KINKS = [
    {
        "at": "x = 1, w1 = 1, b1 = -1, so that z = 0; w2 = 2, b2 = 0",
        "x": tuple(
            np.array(a) for a in ([[1.0]], [[1.0]], [-1.0], [[2.0]], [0.0])
        ),
        "held": {},
        "y_bar": np.array([[1.0]]),
        "x_bar": tuple(
            np.array(a) for a in ([[0.0]], [[0.0]], [0.0], [[0.0]], [1.0])
        ),
        "why": "A unit at exactly zero counts as closed, as in relu.",
    }
]

REFUSES = [
    (tuple(map(np.zeros, shapes)), {}, ValueError)
    for shapes in [
        [(2, 3), (3, 4), (4,), (3, 2), (2,)],
        [(2, 3), (2, 4), (4,), (4, 2), (2,)],
        [(2, 3), (3, 4), (1,), (4, 2), (2,)],
        [(2, 3), (3, 4), (4,), (4, 2), (1,)],
        [(2, 3), (3,), (), (2,), (2,)],
    ]
]

PICTURE = (
    np.array([[1.0, -0.5], [-1.5, 2.0], [0.3, 1.0]]),
    np.array([[1.0, -1.0, 0.5], [0.5, 1.0, -1.5]]),
    np.array([0.2, -0.1, 0.4]),
    np.array([[1.0, -0.5], [0.7, 1.5], [-1.0, 0.8]]),
    np.zeros(2),
), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    X = np.array([[1.0, 2.0], [3.0, -1.0]])
    W1 = np.array([[1.0, -1.0, 0.5], [0.5, 1.0, -1.0]])
    b1 = np.array([0.0, -0.5, 1.0])
    W2 = np.array([[1.0, 0.0], [2.0, -1.0], [0.0, 3.0]])
    b2 = np.array([0.1, 0.2])
    Y, pullback = feed_forward_block(X, W1, b1, W2, b2)
    print(Y)

    Y_bar = np.array([[1.0, 0.0], [0.0, 2.0]])
    for cotangent in pullback(Y_bar):
        print(cotangent)
    # --8<-- [end:use]

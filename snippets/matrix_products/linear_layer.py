"""A linear layer, X W + b with any batch axes: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def linear_layer(X, W, b):
    """Return Y = X W + b.  Kept for the pullback: X and W.

    X, X_bar: (..., D), all axes but the last are batch axes.
    W, W_bar: (D, K).  b, b_bar: (K,).  Y, Y_bar: (..., K).
    """
    if b.ndim != 1 or W.shape != X.shape[-1:] + b.shape:
        raise ValueError(f"no fit: X {X.shape}, W {W.shape}, b {b.shape}")
    Y = X @ W + b
    batch = tuple(range(X.ndim - 1))

    def pullback(Y_bar):
        X_bar = Y_bar @ W.T
        W_bar = np.tensordot(X, Y_bar, (batch, batch))  # X.T @ Y_bar
        b_bar = Y_bar.sum(axis=batch)
        return X_bar, W_bar, b_bar

    return Y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def linear_layer_jvp(X, W, b, X_dot, W_dot, b_dot):
    """Return Y and its tangent, by the product rule."""
    return X @ W + b, X_dot @ W + X @ W_dot + b_dot
# --8<-- [end:jvp]


def cases(rng):
    def layer(*batch, D, K):
        return tuple(rng.normal(size=s) for s in [(*batch, D), (D, K), K]), {}

    yield layer(4, D=3, K=2)
    yield layer(2, 3, D=2, K=4)
    yield layer(3, D=3, K=3)
    yield layer(D=3, K=2)  # one sample, no batch axis
    yield layer(1, D=2, K=1)
    yield layer(0, D=3, K=2)
    yield layer(2, D=0, K=3)
    X, W = rng.uniform(1e8, 2e8, (2, 3)), rng.uniform(1e-8, 2e-8, (3, 2))
    yield (X, W, rng.uniform(1.0, 2.0, 2)), {}


ANALYTIC = True

REFUSES = [
    ((np.zeros((4, 3)), np.zeros((2, 3)), np.zeros(2)), {}, ValueError),
    ((np.zeros((4, 3)), np.zeros((3, 2)), np.zeros(1)), {}, ValueError),
    ((np.zeros((4, 3)), np.zeros((3, 2)), np.zeros((4, 2))), {}, ValueError),
    ((np.zeros((4, 3)), np.zeros(3), np.zeros(())), {}, ValueError),
]

PICTURE = (
    np.array([[1.0, 2.0], [0.5, -2.0], [-1.0, 1.5]]),
    np.array([[1.0, -1.0], [2.0, 0.5]]),
    np.array([0.1, 0.2]),
), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    W = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])
    b = np.array([0.5, 0.0, -0.5])
    Y, pullback = linear_layer(X, W, b)
    print(Y)

    Y_bar = np.array([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [1.0, 0.0, -1.0]])
    for cotangent in pullback(Y_bar):
        print(cotangent)
    # --8<-- [end:use]

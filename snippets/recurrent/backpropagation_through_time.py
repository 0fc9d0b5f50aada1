"""An RNN over a whole sequence: value, pullback through time, JVP."""

# --8<-- [start:rule]
import numpy as np


def backpropagation_through_time(X, h0, W, U, b):
    """Return all states of h = tanh(x W + h U + b), from h0: (N, T, H).

    X: (N, T, D), T >= 1.  h0: (N, H).  W: (D, H).  U: (H, H).  b: (H,).
    """
    N, T, D, H = *X.shape[:2], len(W), len(b)
    shapes = X.shape, h0.shape, W.shape, U.shape, b.shape
    if T == 0 or shapes != ((N, T, D), (N, H), (D, H), (H, H), (H,)):
        raise ValueError(f"X, h0, W, U, b do not fit: {shapes}")
    S = [h0]
    for t in range(T):
        S.append(np.tanh(X[:, t] @ W + S[t] @ U + b))
    S = np.stack(S, axis=1)  # (N, T + 1, H)

    def pullback(S_bar):
        A_bar, h_bar = np.empty_like(S_bar), np.zeros_like(h0)
        for t in reversed(range(T)):  # the last step first
            A_bar[:, t] = (S_bar[:, t] + h_bar) * (1.0 - S[:, t + 1] ** 2)
            h_bar = A_bar[:, t] @ U.T  # what step t sends to step t - 1
        return over_time(A_bar, h_bar, X, S[:, :-1], W)

    return S[:, 1:], pullback
# --8<-- [end:rule]


# --8<-- [start:sums]
def over_time(A_bar, h0_bar, X, before, W):
    """Finish with one product for each argument, over all steps at once."""
    both = ((0, 1), (0, 1))  # the axes n and t of either factor
    W_bar = np.tensordot(X, A_bar, both)  # sum of X[:, t].T @ A_bar[:, t]
    U_bar = np.tensordot(before, A_bar, both)
    return A_bar @ W.T, h0_bar, W_bar, U_bar, A_bar.sum(axis=(0, 1))
# --8<-- [end:sums]


# --8<-- [start:jvp]
def backpropagation_through_time_jvp(
    X, h0, W, U, b, X_dot, h0_dot, W_dot, U_dot, b_dot
):
    """Return the states and their tangents, step by step, forwards."""
    S, S_dot = [h0], [h0_dot]
    for t in range(X.shape[1]):
        a_dot = X_dot[:, t] @ W + X[:, t] @ W_dot + b_dot
        a_dot = a_dot + S_dot[t] @ U + S[t] @ U_dot
        S.append(np.tanh(X[:, t] @ W + S[t] @ U + b))
        S_dot.append(a_dot * (1.0 - S[t + 1] ** 2))
    return np.stack(S, axis=1)[:, 1:], np.stack(S_dot, axis=1)[:, 1:]
# --8<-- [end:jvp]


def cases(rng):
    def run(N, T, D, H, size):
        shapes = (N, T, D), (N, H), (D, H), (H, H), (H,)
        return tuple(size * rng.normal(size=s) for s in shapes), {}

    yield run(2, 4, 3, 2, 0.7)
    yield run(3, 2, 1, 4, 0.6)
    yield run(3, 3, 3, 3, 0.5)  # square: no shape tells a transpose
    yield run(1, 6, 2, 1, 0.8)
    yield run(2, 1, 2, 3, 0.6)  # one step: the cell
    yield run(0, 3, 2, 2, 1.0)
    yield run(1, 3, 0, 2, 0.8)  # no input
    yield run(1, 8, 1, 2, 0.7)  # longer


ANALYTIC = True

REFUSES = [
    (tuple(map(np.zeros, shapes)), {}, ValueError)
    for shapes in [
        ((2, 0, 3), (2, 4), (3, 4), (4, 4), (4,)),  # no step
        ((2, 5, 3), (5, 4), (3, 4), (4, 4), (4,)),  # time first
        ((5, 3), (4,), (3, 4), (4, 4), (4,)),  # no batch axis
        ((2, 5, 3), (2, 4), (4, 3), (4, 4), (4,)),  # W as PyTorch stores it
    ]
]

PICTURE = (
    np.array([[[1.0], [-0.5], [0.3], [0.8], [-0.2]]]),
    np.array([[0.1, -0.1]]),
    np.array([[0.9, -0.7]]),
    np.array([[0.8, 0.5], [-0.4, 0.9]]),
    np.array([0.0, 0.1]),
), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    X = np.array([[[1.0], [0.0], [0.0], [0.0]]])  # 1 sample, 4 steps, D = 1
    h0, W, b = np.zeros((1, 2)), np.array([[0.5, -0.5]]), np.zeros(2)
    U = np.array([[0.8, 0.4], [-0.4, 0.8]])  # a rotation, times 0.89
    S, pullback = backpropagation_through_time(X, h0, W, U, b)
    print(np.round(S[0], 4) + 0.0)

    S_bar = np.zeros((1, 4, 2))
    S_bar[0, -1] = [1.0, 0.0]  # a loss that sees the last state only
    X_bar, h0_bar, W_bar, U_bar, b_bar = pullback(S_bar)
    print(np.round(X_bar[0, :, 0], 4))
    print(np.round(U_bar, 4))
    # --8<-- [end:use]

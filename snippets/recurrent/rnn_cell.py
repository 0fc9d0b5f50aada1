"""One step of an Elman RNN: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def rnn_cell(x, h, W, U, b):
    """Return h_next = tanh(x W + h U + b).

    x: (N, D).  h, h_next: (N, H).  W: (D, H).  U: (H, H).  b: (H,).
    Kept for the pullback: x, h, W, U and h_next.
    """
    N, D, H = len(x), len(W), len(b)
    shapes = x.shape, h.shape, W.shape, U.shape, b.shape
    if shapes != ((N, D), (N, H), (D, H), (H, H), (H,)):
        raise ValueError(f"x, h, W, U, b do not fit: {shapes}")
    h_next = np.tanh(x @ W + h @ U + b)

    def pullback(h_next_bar):
        a_bar = h_next_bar * (1.0 - h_next**2)  # before the tanh
        x_bar, h_bar = a_bar @ W.T, a_bar @ U.T
        return x_bar, h_bar, x.T @ a_bar, h.T @ a_bar, a_bar.sum(axis=0)

    return h_next, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def rnn_cell_jvp(x, h, W, U, b, x_dot, h_dot, W_dot, U_dot, b_dot):
    """Return h_next and its tangent, by the product rule under the tanh."""
    h_next = np.tanh(x @ W + h @ U + b)
    a_dot = x_dot @ W + x @ W_dot + h_dot @ U + h @ U_dot + b_dot
    return h_next, a_dot * (1.0 - h_next**2)
# --8<-- [end:jvp]


def cases(rng):
    def cell(N, D, H, size=1.0):
        shapes = (N, D), (N, H), (D, H), (H, H), (H,)
        return tuple(size * rng.normal(size=s) for s in shapes), {}

    yield cell(3, 2, 4, 0.6)
    yield cell(2, 3, 3, 0.5)
    yield cell(3, 3, 3, 0.5)  # square: no shape tells a transpose
    yield cell(1, 4, 1, 0.5)
    yield cell(4, 1, 2, 1.2)  # some units close to saturation
    yield cell(0, 3, 2)
    yield cell(2, 0, 3)  # no input: the state feeds itself


ANALYTIC = True

REFUSES = [
    (tuple(map(np.zeros, shapes)), {}, ValueError)
    for shapes in [
        ((2, 3), (2, 4), (4, 3), (4, 4), (4,)),  # W as PyTorch stores it
        ((2, 3), (1, 4), (3, 4), (4, 4), (4,)),  # one state for two samples
        ((3,), (4,), (3, 4), (4, 4), (4,)),  # no batch axis
        ((2, 3), (2, 4), (3, 4), (4, 4), (1, 4)),
        ((2, 3), (2, 4), (3, 4), (3, 4), (4,)),
    ]
]

PICTURE = (
    np.array([[0.5], [2.5]]),
    np.array([[0.2, -0.4, 0.1], [0.5, -0.5, 0.9]]),
    np.array([[1.0, -0.5, 0.3]]),
    np.array([[0.8, -0.3, 0.4], [0.5, 0.9, -0.6], [0.0, 0.2, 1.1]]),
    np.array([0.1, 0.0, -0.1]),
), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 2.0], [0.0, -1.0]])
    h = np.array([[0.5, -0.5, 0.0], [1.0, 0.0, -1.0]])
    W = np.array([[0.1, 0.2, 0.3], [0.2, -0.1, 0.4]])
    U = np.array([[0.4, 0.1, 0.0], [-0.2, 0.3, 0.1], [0.0, 0.2, -0.3]])
    b = np.array([0.1, 0.0, -0.1])
    h_next, pullback = rnn_cell(x, h, W, U, b)
    print(np.round(h_next, 4))

    h_next_bar = np.array([[1.0, 0.0, -1.0], [0.0, 2.0, 0.5]])
    x_bar, h_bar, W_bar, U_bar, b_bar = pullback(h_next_bar)
    print(np.round(h_bar, 4))
    print(np.round(W_bar, 4))
    # --8<-- [end:use]

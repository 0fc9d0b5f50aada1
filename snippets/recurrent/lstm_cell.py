"""One step of an LSTM: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def lstm_cell(x, h, c, W, U, b):
    """Return (h_next, c_next) and the pullback.  Gates in order i, f, g, o.

    x: (N, D).  h, c: (N, H).  W: (D, 4 H).  U: (H, 4 H).  b: (4 H,).
    """
    N, D, H = len(x), len(W), len(b) // 4
    shapes = x.shape, h.shape, c.shape, W.shape, U.shape, b.shape
    if shapes != ((N, D), *2 * [(N, H)], (D, 4 * H), (H, 4 * H), (4 * H,)):
        raise ValueError(f"x, h, c, W, U, b do not fit: {shapes}")
    i, f, g, o = gates(x @ W + h @ U + b)
    c_next = f * c + i * g
    m = np.tanh(c_next)

    def pullback(h_next_bar, c_next_bar):
        s = c_next_bar + h_next_bar * o * (1.0 - m**2)  # all of c_next's
        bars = s * g, s * c, s * i, h_next_bar * m
        parts = gates_pullback(i, f, g, o, *bars)
        a_bar = np.hstack(parts)
        x_bar, h_bar, W_bar = a_bar @ W.T, a_bar @ U.T, x.T @ a_bar
        return x_bar, h_bar, s * f, W_bar, h.T @ a_bar, a_bar.sum(axis=0)

    return (o * m, c_next), pullback
# --8<-- [end:rule]


# --8<-- [start:gates]
def gates(a):
    """Split a, (N, 4 H), into i, f, g, o, each (N, H), and squash them."""
    i, f, g, o = np.hsplit(a, 4)
    return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)


def sigmoid(a):
    return 0.5 + 0.5 * np.tanh(0.5 * a)  # 1 / (1 + exp(-a)), no overflow


def gates_pullback(i, f, g, o, i_bar, f_bar, g_bar, o_bar):
    """Multiply each cotangent by the slope of its gate, from its value."""
    i_bar, f_bar = i_bar * i * (1.0 - i), f_bar * f * (1.0 - f)
    return i_bar, f_bar, g_bar * (1.0 - g**2), o_bar * o * (1.0 - o)
# --8<-- [end:gates]


# --8<-- [start:jvp]
def lstm_cell_jvp(
    x, h, c, W, U, b, x_dot, h_dot, c_dot, W_dot, U_dot, b_dot
):
    """Return (h_next, c_next) and their tangents."""
    i, f, g, o = gates(x @ W + h @ U + b)
    a_dot = x_dot @ W + x @ W_dot + h_dot @ U + h @ U_dot + b_dot
    # each gate sees its own entry only: the pullback is the JVP
    i_dot, f_dot, g_dot, o_dot = gates_pullback(
        i, f, g, o, *np.hsplit(a_dot, 4)
    )
    c_next = f * c + i * g
    c_next_dot = f_dot * c + f * c_dot + i_dot * g + i * g_dot
    m = np.tanh(c_next)
    h_next_dot = o_dot * m + o * (1.0 - m**2) * c_next_dot
    return (o * m, c_next), (h_next_dot, c_next_dot)
# --8<-- [end:jvp]


def cases(rng):
    def cell(N, D, H, size):
        shapes = (N, D), (N, H), (N, H), (D, 4 * H), (H, 4 * H), (4 * H,)
        return tuple(size * rng.normal(size=s) for s in shapes), {}

    yield cell(2, 3, 2, 0.7)
    yield cell(3, 1, 2, 1.0)
    yield cell(2, 2, 2, 0.6)  # square: no shape tells a transpose
    yield cell(1, 2, 3, 0.7)
    yield cell(0, 2, 1, 1.0)
    yield cell(2, 0, 2, 0.6)  # no input
    (x, h, c, *weights), held = cell(2, 2, 2, 0.6)
    yield (x, h, 5.0 * c, *weights), held  # a large cell state: m near 1


ANALYTIC = True

REFUSES = [
    (tuple(map(np.zeros, shapes)), {}, ValueError)
    for shapes in [
        ((2, 3), (2, 4), (2, 4), (16, 3), (16, 4), (16,)),  # PyTorch's
        ((2, 3), (2, 4), (1, 4), (3, 16), (4, 16), (16,)),
        ((2, 3), (1, 4), (2, 4), (3, 16), (4, 16), (16,)),
        ((2, 3), (2, 4), (2, 4), (3, 16), (4, 16), (18,)),
        ((3,), (4,), (4,), (3, 16), (4, 16), (16,)),  # no batch axis
    ]
]


if __name__ == "__main__":
    # --8<-- [start:use]
    rng = np.random.default_rng(0)
    x, h, c = (rng.normal(size=s) for s in [(2, 3), (2, 2), (2, 2)])
    W, U = rng.normal(size=(3, 8)), rng.normal(size=(2, 8))
    b = np.zeros(8)
    (h_next, c_next), pullback = lstm_cell(x, h, c, W, U, b)
    print(np.round(h_next, 4))
    print(np.round(c_next, 4))

    h_next_bar = np.array([[1.0, 0.0], [0.0, -2.0]])
    c_next_bar = np.array([[0.0, 1.0], [0.0, 0.0]])
    x_bar, h_bar, c_bar, W_bar, U_bar, b_bar = pullback(
        h_next_bar, c_next_bar
    )
    print(np.round(c_bar, 4) + 0.0)
    print(np.round(b_bar.reshape(4, 2), 4))  # a row for each gate
    # --8<-- [end:use]

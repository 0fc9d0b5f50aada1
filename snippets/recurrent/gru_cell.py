"""One step of a GRU, reset after the product: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def gru_cell(x, h, W, U, b, d):
    """Return h_next = (1 - z) n + z h, gates in the order r, z, n.

    x: (N, D).  h: (N, H).  W: (D, 3 H).  U: (H, 3 H).  b: (3 H,).  d: (H,).
    """
    N, D, H = len(x), len(W), len(d)
    shapes = x.shape, h.shape, W.shape, U.shape, b.shape, d.shape
    if shapes != ((N, D), (N, H), (D, 3 * H), (H, 3 * H), (3 * H,), (H,)):
        raise ValueError(f"x, h, W, U, b, d do not fit: {shapes}")
    r, z, n, p = gates(x @ W + b, h @ U, d)

    def pullback(h_next_bar):
        n_bar = h_next_bar * (1.0 - z) * (1.0 - n**2)  # before the tanh
        z_bar = h_next_bar * (h - n) * z * (1.0 - z)
        r_bar, p_bar = n_bar * p * r * (1.0 - r), n_bar * r
        v_bar = np.hstack([r_bar, z_bar, n_bar])  # of x W + b
        u_bar = np.hstack([r_bar, z_bar, p_bar])  # of h U
        x_bar, h_bar = v_bar @ W.T, u_bar @ U.T + h_next_bar * z
        W_bar, U_bar = x.T @ v_bar, h.T @ u_bar
        return x_bar, h_bar, W_bar, U_bar, v_bar.sum(0), p_bar.sum(0)

    return n + z * (h - n), pullback
# --8<-- [end:rule]


# --8<-- [start:gates]
def gates(v, u, d):
    """Return r, z, n and p, each (N, H), from v = x W + b and u = h U."""
    v_r, v_z, v_n = np.hsplit(v, 3)
    u_r, u_z, u_n = np.hsplit(u, 3)
    r, z, p = sigmoid(v_r + u_r), sigmoid(v_z + u_z), u_n + d
    return r, z, np.tanh(v_n + r * p), p


def sigmoid(a):
    return 0.5 + 0.5 * np.tanh(0.5 * a)  # 1 / (1 + exp(-a)), no overflow
# --8<-- [end:gates]


# --8<-- [start:jvp]
def gru_cell_jvp(
    x, h, W, U, b, d, x_dot, h_dot, W_dot, U_dot, b_dot, d_dot
):
    """Return h_next and its tangent."""
    r, z, n, p = gates(x @ W + b, h @ U, d)
    v_dot = np.hsplit(x_dot @ W + x @ W_dot + b_dot, 3)
    u_dot = np.hsplit(h_dot @ U + h @ U_dot, 3)
    r_dot = (v_dot[0] + u_dot[0]) * r * (1.0 - r)
    z_dot = (v_dot[1] + u_dot[1]) * z * (1.0 - z)
    p_dot = u_dot[2] + d_dot
    n_dot = (v_dot[2] + r_dot * p + r * p_dot) * (1.0 - n**2)
    h_next_dot = (1.0 - z) * n_dot + z * h_dot + z_dot * (h - n)
    return n + z * (h - n), h_next_dot
# --8<-- [end:jvp]


def cases(rng):
    def cell(N, D, H, size):
        shapes = (N, D), (N, H), (D, 3 * H), (H, 3 * H), (3 * H,), (H,)
        return tuple(size * rng.normal(size=s) for s in shapes), {}

    yield cell(2, 3, 2, 0.7)
    yield cell(3, 1, 2, 1.0)
    yield cell(2, 2, 2, 0.6)  # square: no shape tells a transpose
    yield cell(1, 2, 3, 0.7)
    yield cell(0, 2, 1, 1.0)
    yield cell(2, 0, 2, 0.8)  # no input
    (x, h, *weights), held = cell(2, 2, 2, 0.6)
    yield (x, 4.0 * h, *weights), held  # a state beyond 1, wide scores


ANALYTIC = True

REFUSES = [
    (tuple(map(np.zeros, shapes)), {}, ValueError)
    for shapes in [
        ((2, 3), (2, 4), (12, 3), (12, 4), (12,), (4,)),  # PyTorch's
        ((2, 3), (2, 4), (3, 12), (4, 12), (12,), (12,)),  # two full biases
        ((2, 3), (1, 4), (3, 12), (4, 12), (12,), (4,)),
        ((3,), (4,), (3, 12), (4, 12), (12,), (4,)),  # no batch axis
    ]
]

PICTURE = (
    np.array([[0.5]]),
    np.array([[0.2, -0.4, 0.9]]),
    np.array([[1.0, -0.5, 0.3, 2.0, -2.0, 0.0, 0.5, -0.5, 0.8]]),
    np.array(
        [
            [0.5, 0.2, -0.3, 0.4, 0.3, -0.2, 0.8, -0.6, 0.4],
            [-0.4, 0.6, 0.1, -0.3, 0.5, 0.2, 0.7, 0.9, -0.8],
            [0.3, -0.2, 0.7, 0.1, -0.4, 0.6, -0.5, 0.4, 1.0],
        ]
    ),
    np.array([0.5, 0.5, 0.5, 1.0, -1.0, 0.0, 0.0, 0.1, 0.2]),
    np.array([0.1, -0.2, 0.3]),
), {}


if __name__ == "__main__":
    # --8<-- [start:use]
    rng = np.random.default_rng(0)
    x, h = rng.normal(size=(2, 3)), rng.normal(size=(2, 2))
    W, U = rng.normal(size=(3, 6)), rng.normal(size=(2, 6))
    b, d = np.zeros(6), np.array([0.5, -0.5])
    h_next, pullback = gru_cell(x, h, W, U, b, d)
    print(np.round(h_next, 4))

    h_next_bar = np.array([[1.0, 0.0], [0.0, -2.0]])
    x_bar, h_bar, W_bar, U_bar, b_bar, d_bar = pullback(h_next_bar)
    print(np.round(h_bar, 4))
    print(np.round(b_bar.reshape(3, 2), 4))  # a row for each gate
    print(np.round(d_bar, 4))
    # --8<-- [end:use]

"""The forty mistakes of docs/forty_mistakes.md, each in at least two operations.

A case is a forward pass, its right backward pass and a wrong one.  The doctor must
give `code` for the wrong one, about `argument`, and call the right one `ok`.
"""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Case:
    number: int  # of the mistake, as on the page
    operation: str
    code: str
    f: object
    right: object
    wrong: object
    x: tuple
    argument: str
    options: dict = field(default_factory=dict)  # for diagnose
    wrong_f: object = None  # where the forward pass is at fault
    also: str = ""  # a code that another finding has
    says: str = ""  # words of the first finding
    right_code: str = ""  # what the right one gets, where that is not `ok`

    @property
    def id(self):
        return f"{self.number:02}-{self.operation.replace(' ', '-')}"


CASES = []


def case(number, operation, code, f, right, wrong, *x, argument="x", **more):
    known = {k: more.pop(k) for k in list(more) if k in Case.__dataclass_fields__}
    CASES.append(
        Case(number, operation, code, f, right, wrong, x, argument, more, **known)
    )


RNG = np.random.default_rng(40)
X = 1.3 * RNG.normal(size=(3, 4)) + 0.2
B, SQUARE = RNG.normal(size=4), RNG.normal(size=(4, 4))
P = RNG.uniform(0.2, 0.8, size=(3, 4))
T = RNG.uniform(0.2, 0.8, size=(3, 4))
W = RNG.normal(size=(4, 5))
V = RNG.normal(size=6)
POSITIVE = RNG.uniform(0.5, 2.0, size=(3, 4))
GAMMA = RNG.uniform(0.5, 2.0, size=5)
Z = 2.5 * RNG.normal(size=(4, 5)) + 0.5


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def softmax_vjp(g, z, axis=-1):
    y = softmax(z, axis)
    return y * (g - (y * g).sum(axis=axis, keepdims=True))


def mse(x, t):
    return ((x - t) ** 2).mean()


def mse_vjp(g, x, t):
    return g * 2 * (x - t) / x.size


# --- 1 to 4: one number -------------------------------------------------------

case(
    1,
    "reciprocal",
    "constant-factor",
    lambda x: 1 / x,
    lambda g, x: -g / x**2,
    lambda g, x: g / x**2,
    POSITIVE,
    says="minus",
)
case(
    1,
    "cosine",
    "constant-factor",
    np.cos,
    lambda g, x: -g * np.sin(x),
    lambda g, x: g * np.sin(x),
    X,
    argument="x",
    says="minus",
)
case(
    2,
    "square",
    "constant-factor",
    lambda x: x**2,
    lambda g, x: 2 * g * x,
    lambda g, x: g * x,
    X,
    says="1/2",
)
case(
    2,
    "squared distance",
    "constant-factor",
    lambda x, t: ((x - t) ** 2).sum(),
    lambda g, x, t: g * 2 * (x - t),
    lambda g, x, t: g * 4 * (x - t),
    X,
    T,
    says="2",
)


def loss_sizes(N, D):
    rng = np.random.default_rng(N * D)
    return rng.normal(size=(N, D)), rng.uniform(0.2, 0.8, size=(N, D))


def row_loss(x, t):
    """The squared error of a sample is a sum, of the batch a mean."""
    return ((x - t) ** 2).sum(axis=1).mean()


def cross_entropy(z, *, labels):
    logp = z - z.max(1, keepdims=True)
    logp = logp - np.log(np.exp(logp).sum(1, keepdims=True))
    return -logp[np.arange(len(z)), labels].mean()


def cross_entropy_vjp(g, z, *, labels):
    return g * (softmax(z) - np.eye(z.shape[1])[labels]) / len(z)


def labelled(N, C):
    rng = np.random.default_rng(N * C)
    return (rng.normal(size=(N, C)),), {"labels": rng.integers(0, C, N)}


SIZES = {"dims": {"N": 3, "D": 4}, "remake": loss_sizes}
case(
    3,
    "squared error",
    "constant-factor",
    row_loss,
    lambda g, x, t: g * 2 * (x - t) / len(x),
    lambda g, x, t: g * 2 * (x - t),
    X,
    T,
    says="is N.",
    **SIZES,
)
case(
    3,
    "cross entropy",
    "constant-factor",
    cross_entropy,
    cross_entropy_vjp,
    lambda g, z, *, labels: g * (softmax(z) - np.eye(z.shape[1])[labels]),
    Z,
    argument="z",
    labels=np.array([1, 0, 4, 2]),
    dims={"N": 4, "C": 5},
    remake=labelled,
    says="is N.",
)
case(
    4,
    "squared error",
    "constant-factor",
    mse,
    mse_vjp,
    lambda g, x, t: g * 2 * (x - t) / len(x),
    X,
    T,
    says="is D.",
    **SIZES,
)
case(
    4,
    "absolute error",
    "constant-factor",
    lambda x, t: np.abs(x - t).mean(),
    lambda g, x, t: g * np.sign(x - t) / x.size,
    lambda g, x, t: g * np.sign(x - t) / x.shape[1],
    X + 3,
    T,
    says="is N.",
    **SIZES,
)

# --- 5 to 9: shapes -----------------------------------------------------------

case(
    5,
    "linear layer",
    "missing-unbroadcast-sum",
    lambda x, b: x + b,
    lambda g, x, b: g.sum(0),
    lambda g, x, b: g,
    X,
    B,
    wrt=1,
    argument="b",
    says="over axis 0",
)
case(
    5,
    "tanh layer",
    "missing-unbroadcast-sum",
    lambda x, b: np.tanh(x + b),
    lambda g, x, b: (g * (1 - np.tanh(x + b) ** 2)).sum(0),
    lambda g, x, b: g * (1 - np.tanh(x + b) ** 2),
    X,
    B,
    wrt=1,
    argument="b",
)
COLUMN = RNG.normal(size=(3, 1))
case(
    6,
    "product",
    "missing-unbroadcast-sum",
    lambda x, s: x * s,
    lambda g, x, s: (g * x).sum(1, keepdims=True),
    lambda g, x, s: g * x,
    X,
    COLUMN,
    wrt=1,
    argument="s",
    says="over axis 1",
)
case(
    6,
    "quotient",
    "missing-unbroadcast-sum",
    lambda x, s: x / s,
    lambda g, x, s: (-g * x / s**2).sum((0, 1)),
    lambda g, x, s: -g * x / s**2,
    X,
    np.array(1.7),
    wrt=1,
    argument="s",
    says="axes 0 and 1",
)
case(
    7,
    "bias by mean",
    "unbroadcast-mean",
    lambda x, b: x + b,
    lambda g, x, b: g.sum(0),
    lambda g, x, b: g.mean(0),
    X,
    B,
    wrt=1,
    argument="b",
)
case(
    7,
    "scale by mean",
    "unbroadcast-mean",
    lambda x, s: x * s,
    lambda g, x, s: (g * x).sum(0),
    lambda g, x, s: (g * x).mean(0),
    X,
    B,
    wrt=1,
    argument="s",
)
case(
    7,
    "bias, last row",
    "one-slice-only",
    lambda x, b: x + b,
    lambda g, x, b: g.sum(0),
    lambda g, x, b: g[-1],
    X,
    B,
    wrt=1,
    argument="b",
    says="last",
)
case(
    8,
    "bias",
    "shape-only",
    lambda x, b: x + b,
    lambda g, x, b: g.sum(1, keepdims=True),
    lambda g, x, b: g.sum(1),
    X,
    COLUMN,
    wrt=1,
    argument="b",
)
case(
    8,
    "row maximum",
    "shape-only",
    lambda m: (m**2).sum(1),
    lambda g, m: 2 * g[:, None] * m,
    lambda g, m: 2 * g[:, None, None] * m[:, None],
    X,
    argument="m",
)
case(
    9,
    "weights, nonsquare",
    "transposed",
    lambda x, W: x @ W,
    lambda g, x, W: x.T @ g,
    lambda g, x, W: g.T @ x,
    X,
    W,
    wrt=1,
    argument="W",
)
case(
    9,
    "weights, square",
    "transposed",
    lambda x, W: x @ W,
    lambda g, x, W: x.T @ g,
    lambda g, x, W: g.T @ x,
    X,
    SQUARE,
    wrt=1,
    argument="W",
)
case(
    9,
    "trace of a product",
    "transposed",
    lambda x, A: np.trace(A @ x),
    lambda g, x, A: g * A.T,
    lambda g, x, A: g * A,
    SQUARE,
    SQUARE[::-1],
)

# --- 10, 11: products ---------------------------------------------------------

MATMUL = """
def matmul(x, W):
    def pullback(g):
        x_bar = g @ W.T
        W_bar = x.T @ g
        return x_bar, W_bar
    return x @ W, pullback
"""
MATVEC = """
def matvec(A, v):
    def pullback(g):
        return np.outer(g, v), A.T @ g
    return A @ v, pullback
"""
case(
    10,
    "linear layer",
    "transposed",
    lambda x, W: x @ W,
    lambda g, x, W: g @ W.T,
    lambda g, x, W: g @ W,
    X,
    SQUARE,
    reference=MATMUL,
    also="edit",
    says="J^T",
)
case(
    10,
    "matrix times vector",
    "transposed",
    lambda A, v: A @ v,
    lambda g, A, v: A.T @ g,
    lambda g, A, v: A @ g,
    SQUARE,
    B,
    wrt=1,
    argument="v",
    reference=MATVEC,
    also="edit",
)
FLAT = RNG.normal(size=(4, 4))
case(
    11,
    "linear layer",
    "wrong-axis",
    lambda x, W: x @ W,
    lambda g, x, W: x.T @ g,
    lambda g, x, W: g @ x.T,
    FLAT,
    SQUARE,
    wrt=1,
    argument="W",
    reference=MATMUL,
    also="edit",
)
case(
    11,
    "outer product",
    "transposed",
    lambda A, v: A @ v,
    lambda g, A, v: np.outer(g, v),
    lambda g, A, v: np.outer(v, g),
    SQUARE,
    B,
    argument="A",
    reference=MATVEC,
    also="edit",
)

# --- 12 to 14: the upstream ---------------------------------------------------

case(
    12,
    "exponential",
    "upstream-ignored",
    lambda x: np.exp(x),
    lambda g, x: g * np.exp(x),
    lambda g, x: np.exp(x),
    X,
    says="upstream of ones",
)
case(
    12,
    "sum of squares",
    "upstream-ignored",
    lambda x: (x**2).sum(1),
    lambda g, x: 2 * g[:, None] * x,
    lambda g, x: 2 * x,
    X,
)
case(
    13,
    "linear layer",
    "upstream-scalar",
    lambda x, W: x @ W,
    lambda g, x, W: g @ W.T,
    lambda g, x, W: g.flat[0] * np.ones((3, 5)) @ W.T,
    X,
    W,
    says="first entry",
)
case(
    13,
    "tanh",
    "upstream-scalar",
    lambda x: np.tanh(x),
    lambda g, x: g * (1 - np.tanh(x) ** 2),
    lambda g, x: g.mean() * (1 - np.tanh(x) ** 2),
    X,
    says="sum or mean",
)
case(
    14,
    "square",
    "not-linear-in-upstream",
    lambda x: x**2,
    lambda g, x: 2 * g * x,
    lambda g, x: 2 * np.clip(g, -0.5, 0.5) * x,
    X,
    says="small upstream",
)
case(
    14,
    "relu",
    "not-linear-in-upstream",
    lambda x: np.maximum(x, 0),
    lambda g, x: g * (x > 0),
    lambda g, x: np.maximum(g, 0) * (x > 0),
    X,
)

# --- 15 to 17: the chain ------------------------------------------------------

case(
    15,
    "tanh layer",
    "extra-factor",
    lambda x: np.tanh(x),
    lambda g, x: g * (1 - np.tanh(x) ** 2),
    lambda g, x: g * (1 - np.tanh(x) ** 2) ** 2,
    X,
    says="1 - y^2",
)
case(
    15,
    "scaled input",
    "extra-factor",
    lambda x, s: np.sin(x * s),
    lambda g, x, s: g * s * np.cos(x * s),
    lambda g, x, s: g * np.cos(x * s),
    X,
    POSITIVE,
    says="1/s",
)
case(
    16,
    "sigmoid",
    "wrong-point",
    lambda x: sigmoid(x),
    lambda g, x: g * sigmoid(x) * (1 - sigmoid(x)),
    lambda g, x: g * sigmoid(sigmoid(x)) * (1 - sigmoid(sigmoid(x))),
    X,
    says="replaced by y",
)
case(
    16,
    "sine",
    "wrong-point",
    lambda x: np.sin(x),
    lambda g, x: g * np.cos(x),
    lambda g, x: g * np.cos(np.sin(x)),
    X,
    says="replaced by y",
)
case(
    17,
    "sigmoid",
    "all-zero",
    lambda x: sigmoid(x),
    lambda g, x: g * sigmoid(x) * (1 - sigmoid(x)),
    lambda g, x: g * (sigmoid(x) * 1 - sigmoid(x)),
    X,
)
case(
    17,
    "tanh",
    "all-zero",
    lambda x: np.tanh(x),
    lambda g, x: g * (1 - np.tanh(x) ** 2),
    lambda g, x: g * (1 * np.tanh(x) ** 2 - np.tanh(x) ** 2),
    X,
)

# --- 18 to 22: softmax --------------------------------------------------------

case(
    18,
    "softmax",
    "diagonal-only",
    softmax,
    softmax_vjp,
    lambda g, z: softmax(z) * (1 - softmax(z)) * g,
    Z,
    argument="z",
    says="axis 1",
)
case(
    18,
    "unit vectors",
    "diagonal-only",
    lambda x: x / np.sqrt((x * x).sum(1, keepdims=True)),
    lambda g, x: (
        (g - x * (x * g).sum(1, keepdims=True) / (x * x).sum(1, keepdims=True))
        / np.sqrt((x * x).sum(1, keepdims=True))
    ),
    lambda g, x: g / np.sqrt((x * x).sum(1, keepdims=True)),
    X,
    says="axis 1",
)


def softmax_terms(g, z):
    y = softmax(z)
    return {"y g": y * g, "y <y, g>": -y * (y * g).sum(-1, keepdims=True)}


case(
    19,
    "softmax",
    "diagonal-only",
    softmax,
    softmax_vjp,
    lambda g, z: softmax(z) * g,
    Z,
    argument="z",
    also="residual-is-multiple-of",
    terms=softmax_terms,
)
case(
    19,
    "softmax, terms",
    "diagonal-only",
    softmax,
    softmax_vjp,
    lambda g, z: softmax(z) * g,
    Z,
    argument="z",
    also="term-coefficient",
    terms=softmax_terms,
)
case(
    19,
    "softmax of a wide row",
    "residual-is-multiple-of",
    lambda z: softmax(z) + z[:, ::-1],
    lambda g, z: softmax_vjp(g, z) + g[:, ::-1],
    lambda g, z: softmax(z) * g + g[:, ::-1],
    Z,
    argument="z",
    context={"softmax": softmax(Z)},
    says="softmax",
)
case(
    20,
    "softmax",
    "wrong-axis",
    softmax,
    softmax_vjp,
    lambda g, z: softmax(z) * (g - (softmax(z) * g).sum(0)),
    Z,
    argument="z",
    says="axis 1",
)
case(
    20,
    "centring",
    "wrong-axis",
    lambda x: x - x.mean(1, keepdims=True),
    lambda g, x: g - g.mean(1, keepdims=True),
    lambda g, x: g - g.mean(),
    X,
    says="axes 0 and 1",
)


def log_softmax(z):
    return (
        z
        - z.max(-1, keepdims=True)
        - np.log(np.exp(z - z.max(-1, keepdims=True)).sum(-1, keepdims=True))
    )


def log_softmax_vjp(g, z):
    return g - softmax(z) * g.sum(-1, keepdims=True)


case(
    21,
    "log softmax",
    "not-linear-in-upstream",
    log_softmax,
    log_softmax_vjp,
    lambda g, z: g + softmax(z),
    Z,
    argument="z",
    says="y_bar = 0",
)
case(
    21,
    "log softmax, sum dropped",
    "not-linear-in-upstream",
    log_softmax,
    log_softmax_vjp,
    lambda g, z: g - softmax(z),
    Z,
    argument="z",
)
case(
    21,
    "logsumexp",
    "upstream-ignored",
    lambda z: np.log(np.exp(z).sum(-1)),
    lambda g, z: g[:, None] * softmax(z),
    lambda g, z: softmax(z),
    Z,
    argument="z",
)
LABELS = np.array([1, 0, 4, 2])
ONE_HOT = np.eye(5)[LABELS]
case(
    22,
    "cross entropy",
    "residual-is-multiple-of",
    cross_entropy,
    cross_entropy_vjp,
    lambda g, z, *, labels: g * softmax(z) / len(z),
    Z,
    argument="z",
    labels=LABELS,
    context={"one_hot": ONE_HOT},
    says="one_hot",
)
case(
    22,
    "cross entropy of probabilities",
    "wrong-point",
    cross_entropy,
    cross_entropy_vjp,
    lambda g, z, *, labels: cross_entropy_vjp(g, softmax(z), labels=labels),
    Z,
    argument="z",
    labels=LABELS,
    says="softmax of it",
)
case(
    22,
    "cross entropy, y - p",
    "constant-factor",
    cross_entropy,
    cross_entropy_vjp,
    lambda g, z, *, labels: -cross_entropy_vjp(g, z, labels=labels),
    Z,
    argument="z",
    labels=LABELS,
    says="minus",
)
case(
    22,
    "logistic loss",
    "residual-is-multiple-of",
    lambda x, *, t: (np.log1p(np.exp(x)) - t * x).sum(),
    lambda g, x, *, t: g * (sigmoid(x) - t),
    lambda g, x, *, t: g * sigmoid(x),
    X,
    t=(T > 0.5).astype(float),
    says="t times",
)

# --- 23 to 29: normalisation --------------------------------------------------

EPS = 1e-5


def centred(x):
    c = x - x.mean(-1, keepdims=True)
    r = 1 / np.sqrt((c * c).mean(-1, keepdims=True) + EPS)
    return c * r, r


def norm(x, gamma):
    return gamma * centred(x)[0]


def norm_backward(g, x, gamma, mean=1.0, var=1.0, power=1, scale=1.0):
    """The three terms of layer norm, with coefficients that can be spoilt."""
    xhat, r = centred(x)
    g = g * gamma
    shared = mean * g.mean(-1, keepdims=True)
    along = var * xhat * (g * xhat).mean(-1, keepdims=True)
    return scale * r**power * (g - shared - along)


def norm_vjp(g, x, gamma):
    return norm_backward(g, x, gamma)


def norm_terms(g, x, gamma):
    xhat, r = centred(x)
    g = g * gamma
    return {
        "direct": r * g,
        "mean": -r * g.mean(-1, keepdims=True) * np.ones_like(x),
        "variance": -r * xhat * (g * xhat).mean(-1, keepdims=True),
    }


def batch_norm(x):
    return centred(x.T)[0].T


def batch_norm_backward(g, x, **spoilt):
    return norm_backward(g.T, x.T, np.ones(len(x)), **spoilt).T


def batch_terms(g, x):
    return {k: v.T for k, v in norm_terms(g.T, x.T, np.ones(len(x))).items()}


def norm_sizes(N, D):
    rng = np.random.default_rng(N + D)
    return 2 * rng.normal(size=(N, D)), rng.uniform(0.5, 2.0, size=D)


def spoilt_norm(**spoilt):
    return lambda g, x, gamma: norm_backward(g, x, gamma, **spoilt)


def spoilt_batch(**spoilt):
    return lambda g, x: batch_norm_backward(g, x, **spoilt)


LAYER = {"terms": norm_terms, "argument": "x"}
BATCH = {"terms": batch_terms, "argument": "x"}
case(
    23,
    "layer norm",
    "residual-constant-along-axis",
    norm,
    norm_vjp,
    spoilt_norm(mean=0.0),
    Z,
    GAMMA,
    also="term-coefficient",
    says="axis 1",
    **LAYER,
)
case(
    23,
    "batch norm",
    "residual-constant-along-axis",
    batch_norm,
    batch_norm_backward,
    spoilt_batch(mean=0.0),
    Z,
    also="term-coefficient",
    says="axis 0",
    **BATCH,
)
XHAT = {"context": {"xhat": centred(Z)[0]}}
case(
    24,
    "layer norm",
    "term-coefficient",
    norm,
    norm_vjp,
    spoilt_norm(var=0.0),
    Z,
    GAMMA,
    says="variance: yours 0, right 1",
    **LAYER,
)
case(
    24,
    "batch norm",
    "residual-is-multiple-of",
    batch_norm,
    batch_norm_backward,
    spoilt_batch(var=0.0),
    Z,
    also="term-coefficient",
    says="y times",
    **BATCH,
)
case(
    25,
    "layer norm",
    "diagonal-only",
    norm,
    norm_vjp,
    spoilt_norm(mean=0.0, var=0.0),
    Z,
    GAMMA,
    also="term-coefficient",
    **LAYER,
)
case(
    25,
    "batch norm",
    "diagonal-only",
    batch_norm,
    batch_norm_backward,
    spoilt_batch(mean=0.0, var=0.0),
    Z,
    also="term-coefficient",
    **BATCH,
)
case(
    26,
    "layer norm",
    "term-coefficient",
    norm,
    norm_vjp,
    spoilt_norm(mean=5.0, var=5.0),
    Z,
    GAMMA,
    dims={"N": 4, "D": 5},
    says="5 (D)",
    **LAYER,
)
case(
    26,
    "batch norm",
    "term-coefficient",
    batch_norm,
    batch_norm_backward,
    spoilt_batch(mean=4.0, var=4.0),
    Z,
    dims={"N": 4, "D": 5},
    says="4 (N)",
    **BATCH,
)
case(
    27,
    "layer norm",
    "wrong-point",
    norm,
    norm_vjp,
    lambda g, x, gamma: norm_backward(g, x, np.ones(5)),
    Z,
    GAMMA,
    says="ones",
)
case(
    27,
    "gated tanh",
    "extra-factor",
    lambda x, w: w * np.tanh(x),
    lambda g, x, w: g * w * (1 - np.tanh(x) ** 2),
    lambda g, x, w: g * (1 - np.tanh(x) ** 2),
    X,
    B,
    says="1/w",
)
case(
    28,
    "layer norm, standard deviation",
    "factor-per-axis",
    norm,
    norm_vjp,
    spoilt_norm(power=-1),
    Z,
    GAMMA,
)
case(
    28,
    "variance for rstd",
    "extra-factor",
    lambda x, s: x / s,
    lambda g, x, s: g / s,
    lambda g, x, s: g / s**2,
    X,
    COLUMN**2 + 0.5,
    says="1/s",
)


def rms(x, eps=0.3):
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + eps)


def rms_vjp(g, x, eps=0.3, outside=False):
    m = (x * x).mean(-1, keepdims=True)
    r = 1 / (np.sqrt(m) + eps) if outside else 1 / np.sqrt(m + eps)
    return r * g - r**3 * x * (g * x).mean(-1, keepdims=True)


def rms_terms(g, x):
    r = 1 / np.sqrt((x * x).mean(-1, keepdims=True) + 0.3)
    return {"direct": r * g, "norm": -(r**3) * x * (g * x).mean(-1, keepdims=True)}


case(
    28,
    "rms norm, eps outside",
    "unexplained",
    rms,
    rms_vjp,
    lambda g, x: rms_vjp(g, x, outside=True),
    Z,
    argument="x",
)
N_OVER = 0.75**0.5
case(
    29,
    "standard deviation",
    "constant-factor",
    lambda x: x.std(0),
    lambda g, x: g * (x - x.mean(0)) / (len(x) * x.std(0)),
    lambda g, x: g * (x - x.mean(0)) / ((len(x) - 1) * x.std(0)),
    Z,
    dims={"N": 4, "D": 5},
    remake=lambda N, D: np.random.default_rng(N).normal(size=(N, D)),
    says="is N/(N - 1).",
)
case(
    29,
    "batch norm",
    "term-coefficient",
    batch_norm,
    batch_norm_backward,
    lambda g, x: batch_norm_backward(g, x, var=0.75, scale=N_OVER),
    Z,
    dims={"N": 4, "D": 5},
    says="sqrt((N - 1)/N)",
    **BATCH,
)

# --- 30 to 32: many uses of one thing -----------------------------------------

IDS = np.array([2, 0, 2, 3, 0])
TABLE = RNG.normal(size=(6, 3))


def scatter(g, W, *, ids):
    d = np.zeros_like(W)
    np.add.at(d, ids, g)
    return d


def overwritten(g, W, *, ids):
    d = np.zeros_like(W)
    d[ids] += g
    return d


case(
    30,
    "embedding",
    "duplicate-index-overwrite",
    lambda W, *, ids: W[ids],
    scatter,
    overwritten,
    TABLE,
    argument="W",
    ids=IDS,
    says="[0, 2] of axis 0",
)
case(
    30,
    "chosen columns",
    "duplicate-index-overwrite",
    lambda x, *, ids: x[:, ids] ** 2,
    lambda g, x, *, ids: scatter((2 * g * x[:, ids]).T, x.T, ids=ids).T,
    lambda g, x, *, ids: overwritten((2 * g * x[:, ids]).T, x.T, ids=ids).T,
    RNG.normal(size=(3, 5)),
    ids=IDS,
    says="axis 1",
)
SIX = np.array([2, 0, 2, 3, 0, 5])
case(
    31,
    "embedding",
    "gather-for-scatter",
    lambda W, *, ids: W[ids],
    scatter,
    lambda g, W, *, ids: g[ids],
    TABLE,
    argument="W",
    ids=SIX,
)
case(
    31,
    "permutation",
    "gather-for-scatter",
    lambda x, *, order: x[order],
    lambda g, x, *, order: g[np.argsort(order)],
    lambda g, x, *, order: g[order],
    V,
    order=np.array([3, 0, 4, 1, 5, 2]),
)


def product_terms(g, x):
    return {"x": g * np.tanh(x), "tanh": g * x * (1 - np.tanh(x) ** 2)}


case(
    32,
    "x tanh x, overwritten",
    "term-coefficient",
    lambda x: x * np.tanh(x),
    lambda g, x: sum(product_terms(g, x).values()),
    lambda g, x: product_terms(g, x)["tanh"],
    X,
    terms=product_terms,
    says="x: yours 0, right 1",
)
case(
    32,
    "x tanh x, visited twice",
    "term-coefficient",
    lambda x: x * np.tanh(x),
    lambda g, x: sum(product_terms(g, x).values()),
    lambda g, x: product_terms(g, x)["tanh"] + 2 * product_terms(g, x)["x"],
    X,
    terms=product_terms,
    says="x: yours 2, right 1",
)


def head_terms(g, x, A, B):
    return {"queries": g[0] @ A.T, "keys": g[1] @ B.T}


case(
    32,
    "two heads",
    "term-coefficient",
    lambda x, A, B: (x @ A, x @ B),
    lambda g, x, A, B: g[0] @ A.T + g[1] @ B.T,
    lambda g, x, A, B: g[1] @ B.T,
    X,
    W,
    W[:, ::-1] + 1,
    terms=head_terms,
    says="queries: yours 0",
)

# --- 33: a path left out ------------------------------------------------------

HALF = 0.3 * SQUARE
case(
    33,
    "residual block",
    "residual-is-multiple-of",
    lambda x, W: x + np.tanh(x @ W),
    lambda g, x, W: g + (g * (1 - np.tanh(x @ W) ** 2)) @ W.T,
    lambda g, x, W: (g * (1 - np.tanh(x @ W) ** 2)) @ W.T,
    X,
    HALF,
    says="y_bar times -1",
)
case(
    33,
    "weight decay",
    "residual-is-multiple-of",
    lambda W, x, *, decay: np.cos(x @ W).sum() + decay * (W * W).sum(),
    lambda g, W, x, *, decay: g * (2 * decay * W - x.T @ np.sin(x @ W)),
    lambda g, W, x, *, decay: -g * x.T @ np.sin(x @ W),
    W,
    X,
    argument="W",
    decay=0.7,
    y_bar=np.array(1.0),
    says="W times -1.4 (-2 decay)",
)

# --- 34, 35: convolution, blocks ----------------------------------------------

KERNEL = np.array([1.0, -2.0, 0.5])


def correlate(x, w):
    return np.correlate(x, w, "valid")


case(
    34,
    "correlation, kernel",
    "flipped",
    correlate,
    lambda g, x, w: np.correlate(x, g, "valid"),
    lambda g, x, w: np.correlate(x, g, "valid")[::-1],
    V,
    KERNEL,
    wrt=1,
    argument="w",
)
case(
    34,
    "correlation, input",
    "wrong-point",
    correlate,
    lambda g, x, w: np.convolve(g, w),
    lambda g, x, w: np.convolve(g, w[::-1]),
    V,
    KERNEL,
    says="reversed",
)
CHANNELS = RNG.normal(size=(4, 6))
case(
    34,
    "one by one convolution",
    "transposed",
    lambda x, w: np.einsum("ct,dc->dt", x, w),
    lambda g, x, w: np.einsum("dt,ct->dc", g, x),
    lambda g, x, w: np.einsum("dt,ct->cd", g, x),
    CHANNELS,
    SQUARE,
    wrt=1,
    argument="w",
)
LONG = RNG.normal(size=(2, 10))


def in_blocks(g, x):
    d = np.zeros_like(x)
    for k in range(0, x.shape[1] - 3, 4):
        d[:, k : k + 4] = 2 * g[:, k : k + 4] * x[:, k : k + 4]
    return d


case(
    35,
    "blocks of four",
    "error-in-tail",
    lambda x: x**2,
    lambda g, x: 2 * g * x,
    in_blocks,
    LONG,
    says="last 2 indices of axis 1",
)


def smooth(x):
    return np.apply_along_axis(np.convolve, 1, x, [0.25, 0.5, 0.25], "same") ** 2


def smooth_vjp(g, x):
    g = (
        2
        * g
        * np.sqrt(1.0)
        * np.apply_along_axis(np.convolve, 1, x, [0.25, 0.5, 0.25], "same")
    )
    return np.apply_along_axis(np.convolve, 1, g, [0.25, 0.5, 0.25], "same")


def without_border(g, x):
    d = smooth_vjp(g, x)
    d[:, [0, -1]] = 0
    return d


case(
    35,
    "smoothing",
    "error-at-border",
    smooth,
    smooth_vjp,
    without_border,
    LONG,
    says="first and the last index",
)
case(
    35,
    "strided mean",
    "error-in-tail",
    lambda x: x[:, ::3] ** 2,
    lambda g, x: np.stack([2 * g * x[:, ::3], 0 * g, 0 * g], -1).reshape(2, -1)[:, :10],
    lambda g, x: np.pad(
        np.stack([2 * g * x[:, ::3], 0 * g, 0 * g], -1).reshape(2, -1)[:, :9],
        [(0, 0), (0, 1)],
    ),
    LONG,
)

# --- 36, 37: attention --------------------------------------------------------

Q, K, VALUES = RNG.normal(size=(3, 3, 4))


def attention(q, k, v):
    return softmax(q @ k.T / np.sqrt(q.shape[1])) @ v


def attention_vjp(g, q, k, v, scaled=True):
    p = softmax(q @ k.T / np.sqrt(q.shape[1]))
    dp = g @ v.T
    ds = p * (dp - (p * dp).sum(-1, keepdims=True))
    return ds @ k / (np.sqrt(q.shape[1]) if scaled else 1)


def attention_sizes(T, d):
    return tuple(np.random.default_rng(T + d).normal(size=(3, T, d)))


case(
    36,
    "attention, no scale",
    "constant-factor",
    attention,
    attention_vjp,
    lambda g, q, k, v: attention_vjp(g, q, k, v, scaled=False),
    Q,
    K,
    VALUES,
    argument="q",
    dims={"T": 3, "d": 4},
    remake=attention_sizes,
    says="is sqrt(d).",
)
case(
    36,
    "scores, no scale",
    "constant-factor",
    lambda q, k: q @ k.T / np.sqrt(q.shape[1]),
    lambda g, q, k: g.T @ q / np.sqrt(q.shape[1]),
    lambda g, q, k: g.T @ q,
    Q,
    K,
    wrt=1,
    argument="k",
    dims={"T": 3, "d": 4},
    says="sqrt(d)",
    remake=lambda T, d: tuple(np.random.default_rng(T + d).normal(size=(2, T, d))),
)
MASK = np.array([[1, 0, 0, 1], [1, 1, 0, 1], [0, 1, 1, 1]], dtype=bool)
case(
    36,
    "scores, no mask",
    "error-on-mask",
    lambda s, v, *, mask: np.where(mask, s, 0) @ v,
    lambda g, s, v, *, mask: np.where(mask, g @ v.T, 0),
    lambda g, s, v, *, mask: g @ v.T,
    X,
    W,
    argument="s",
    mask=MASK,
    says="mask is false",
)
case(
    36,
    "causal sum",
    "error-on-triangle",
    lambda s, v: np.tril(s) @ v,
    lambda g, s, v: np.tril(g @ v.T),
    lambda g, s, v: g @ v.T,
    SQUARE,
    W,
    argument="s",
    says="above the diagonal",
)
case(
    36,
    "attention, no row sums",
    "residual-is-multiple-of",
    lambda s, v: softmax(s) @ v,
    lambda g, s, v: softmax_vjp(g @ v.T, s),
    lambda g, s, v: softmax(s) * (g @ v.T),
    SQUARE,
    W,
    argument="s",
    context={"P": softmax(SQUARE)},
    says="P times a factor for each slice",
)
case(
    36,
    "grouped queries",
    "missing-unbroadcast-sum",
    lambda k, q: (np.repeat(k, 2, axis=0) * q).sum(-1),
    lambda g, k, q: (g[..., None] * q).reshape(2, 2, 3, 4).sum(1),
    lambda g, k, q: g[..., None] * q,
    RNG.normal(size=(2, 3, 4)),
    RNG.normal(size=(4, 3, 4)),
    argument="k",
    says="2 members",
)
ANGLES = np.array([0.3, 1.1])


def rope(x, *, angles, back=1):
    one, two = x[:, 0::2], x[:, 1::2]
    c, s = np.cos(angles), back * np.sin(angles)
    return np.stack([one * c - two * s, one * s + two * c], -1).reshape(x.shape)


case(
    37,
    "rotary embedding",
    "transposed",
    rope,
    lambda g, x, *, angles: rope(g, angles=angles, back=-1),
    lambda g, x, *, angles: rope(g, angles=angles),
    X,
    angles=ANGLES,
    says="J^T",
)
TURN = np.array([[np.cos(0.7), -np.sin(0.7)], [np.sin(0.7), np.cos(0.7)]])
case(
    37,
    "points of the plane",
    "transposed",
    lambda x, R: x @ R.T,
    lambda g, x, R: g @ R,
    lambda g, x, R: g @ R.T,
    X[:, :2],
    TURN,
    says="J^T",
)

# --- 38: symmetric arguments --------------------------------------------------

SPD = SQUARE @ SQUARE.T + 2 * np.eye(4)


def logdet_vjp(g, X):
    return g * np.linalg.inv(X).T


def quadratic_vjp(g, A, v):
    return g * np.outer(v, v)


case(
    38,
    "log determinant",
    "symmetric-double-count",
    lambda X: np.linalg.slogdet(X)[1],
    logdet_vjp,
    lambda g, X: 2 * logdet_vjp(g, X) - np.diag(np.diag(logdet_vjp(g, X))),
    SPD,
    argument="X",
    says="mirrored",
)
case(
    38,
    "quadratic form",
    "symmetric-double-count",
    lambda A, v: v @ A @ v,
    quadratic_vjp,
    lambda g, A, v: 2 * quadratic_vjp(g, A, v) - np.diag(g * v * v),
    SPD,
    B,
    argument="A",
)
case(
    38,
    "quadratic form, one triangle",
    "triangular-not-symmetrized",
    lambda A, v: v @ A @ v,
    quadratic_vjp,
    lambda g, A, v: np.tril(2 * quadratic_vjp(g, A, v)) - np.diag(g * v * v),
    SPD,
    B,
    argument="A",
    says="lower",
)
case(
    38,
    "bilinear form",
    "symmetrized",
    lambda A, u, v: u @ A @ v,
    lambda g, A, u, v: g * np.outer(u, v),
    lambda g, A, u, v: g * (np.outer(u, v) + np.outer(v, u)) / 2,
    SPD,
    B,
    B[::-1] + 1,
    argument="A",
)

# --- 39: kinks and NaN --------------------------------------------------------

ZEROS = np.array([0.0, 1.5, -0.7, 0.0, 2.0])


def sinc(x):
    return np.where(x != 0, np.sin(x) / np.where(x != 0, x, 1), 1)


def sinc_vjp(g, x):
    safe = np.where(x != 0, x, 1)
    return g * np.where(x != 0, np.cos(x) / safe - np.sin(x) / safe**2, 0)


case(
    39,
    "sinc at zero",
    "nonfinite",
    sinc,
    sinc_vjp,
    lambda g, x: g * (np.cos(x) / x - np.sin(x) / x**2) * (x != 0),
    ZEROS,
    says="exactly where the argument is 0",
)
case(
    39,
    "norm of a zero row",
    "nonfinite",
    lambda x: np.sqrt((x * x).sum(-1)),
    lambda g, x: (
        g[:, None] * x / np.maximum(np.sqrt((x * x).sum(-1, keepdims=True)), 1e-300)
    ),
    lambda g, x: g[:, None] * x / np.sqrt((x * x).sum(-1, keepdims=True)),
    X * np.array([[1], [0], [1]]),
    right_code="ok-but-kink",
)
case(
    39,
    "relu at zero",
    "at-kink",
    lambda x: np.maximum(x, 0),
    lambda g, x: g * (x > 0),
    lambda g, x: g * ((x > 0) + 2.0 * (x == 0)),
    ZEROS,
    right_code="ok-but-kink",
)
case(
    39,
    "maximum of a tie",
    "ok-but-kink",
    lambda x: x.max(),
    lambda g, x: g * (x == x.max()) / (x == x.max()).sum(),
    lambda g, x: g * (x == x.max()),
    np.array([1.0, 3.0, 3.0]),
    right_code="ok-but-kink",
)
case(
    39,
    "leaky relu",
    "error-where-x-negative",
    lambda x: np.where(x > 0, x, 0.1 * x),
    lambda g, x: g * np.where(x > 0, 1, 0.1),
    lambda g, x: g * np.where(x > 0, 1, 0),
    X,
)
case(
    39,
    "sinc, zero branch",
    "error-where-x-zero",
    lambda x: np.where(x == 0, 2 * x, x**2 + 2 * x),
    lambda g, x: 2 * g * x + 2 * g,
    lambda g, x: g * np.where(x == 0, 1, 2 * x + 2),
    ZEROS,
)

# --- 40: the check is at fault ------------------------------------------------

DRAWS = np.random.default_rng(0)


def square(x):
    return x**2


def square_vjp(g, x):
    return 2 * g * x


def single_square(x):
    return x.astype(np.float32) ** 2


def hidden_single(x):
    return single_square(x).astype(float)


def dropped_out(x):
    return x**2 * (DRAWS.random(x.shape) < 0.5)


def in_place(x):
    x **= 2
    return x


STORE = {}


def accumulating(g, x):
    STORE["grad"] = STORE.get("grad", 0) + 2 * g * x
    return STORE["grad"]


def writes_upstream(g, x):
    g *= 2 * x
    return g


SAME = {"f": square, "right": square_vjp}
for _name, _code, _f, _wrong in (
    ("float32 value", "check-at-fault", single_square, square_vjp),
    ("float32 inside", "check-at-fault", hidden_single, square_vjp),
    ("dropout", "nondeterministic-forward", dropped_out, square_vjp),
    ("in place", "mutates-input", in_place, square_vjp),
    ("accumulated gradient", "stateful-accumulation", square, accumulating),
    ("upstream overwritten", "mutates-upstream", square, writes_upstream),
):
    case(40, _name, _code, square, square_vjp, _wrong, X, wrong_f=_f)
case(
    40,
    "loss with another target",
    "residual-is-multiple-of",
    lambda x, t: ((x - t) ** 2).sum(),
    lambda g, x, t: 2 * g * (x - t),
    lambda g, x, t: 2 * g * x,
    X,
    T,
    y_bar=np.array(1.0),
    says="t times 2",
)

# --- more that costs little ---------------------------------------------------

KEEP = np.array([[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 1, 1]])
case(
    41,
    "dropout, no rescaling",
    "constant-factor",
    lambda x, *, mask, p: x * mask / (1 - p),
    lambda g, x, *, mask, p: g * mask / (1 - p),
    lambda g, x, *, mask, p: g * mask,
    X,
    mask=KEEP,
    p=0.3,
    says="1 - p",
)
case(
    41,
    "running sum",
    "transposed",
    lambda x: np.cumsum(x, 1),
    lambda g, x: np.cumsum(g[:, ::-1], 1)[:, ::-1],
    lambda g, x: np.cumsum(g, 1),
    X,
    says="J^T",
)
case(
    41,
    "log to the base 2",
    "constant-factor",
    lambda x: np.log2(x),
    lambda g, x: g / (x * np.log(2)),
    lambda g, x: g / x,
    POSITIVE,
    says="ln 2",
)
case(
    41,
    "identity assumed",
    "upstream-passed-through",
    lambda x: np.sin(x),
    lambda g, x: g * np.cos(x),
    lambda g, x: g,
    X,
)
case(
    41,
    "integers",
    "integer-input",
    square,
    lambda g, x: 2.0 * g * x,
    lambda g, x: np.add(
        np.zeros_like(x), 2 * g * x, out=np.zeros_like(x), casting="unsafe"
    ),
    np.array([1, 2, -3]),
)
COMPLEX = X[:, :2] + 1j * X[:, 2:]
case(
    41,
    "complex square",
    "conjugate-convention",
    lambda z: z * z,
    lambda g, z: g * 2 * z.conj(),
    lambda g, z: (g * 2 * z.conj()).conj(),
    COMPLEX,
    argument="z",
    says="the conjugate of",
)
case(
    41,
    "rolled",
    "shifted",
    lambda x: np.roll(x, 1, axis=1),
    lambda g, x: np.roll(g, -1, axis=1),
    lambda g, x: np.roll(g, 1, axis=1),
    X,
)
case(
    41,
    "outer error",
    "residual-rank-one",
    lambda x, W: np.sin(x) @ W,
    lambda g, x, W: (g @ W.T) * np.cos(x),
    lambda g, x, W: (g @ W.T) * np.cos(x) + np.outer(g.sum(1), W.sum(1)),
    X,
    W,
)

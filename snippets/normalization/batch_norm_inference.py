"""Batch normalisation by given statistics: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def batch_norm_inference(x, gamma, beta, *, mean, var, eps=1e-5):
    """Return y, each channel normalised by a mean and variance held fixed.

    x, x_bar, y, y_bar: (N, C, ...).  mean, var, gamma, beta: (C,).
    Kept: xhat and the factor gamma * rstd.
    """
    given = (gamma, beta, mean, var)
    if x.ndim < 2 or any(a.shape != x.shape[1:2] for a in given):
        raise ValueError(f"no fit: {x.shape}, {[a.shape for a in given]}")
    rest = (0, *range(2, x.ndim))
    weight, bias, mu, v = (np.expand_dims(a, rest) for a in given)
    rstd = 1 / np.sqrt(v + eps)
    xhat = (x - mu) * rstd

    def pullback(y_bar):
        gamma_bar = (y_bar * xhat).sum(axis=rest)
        return weight * rstd * y_bar, gamma_bar, y_bar.sum(axis=rest)

    return weight * xhat + bias, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def batch_norm_inference_jvp(
    x, gamma, beta, x_dot, gamma_dot, beta_dot, *, mean, var, eps=1e-5
):
    """Return y and its tangent.  x, x_dot: (N, C, ...), the others: (C,)."""
    held = {"mean": mean, "var": var, "eps": eps}
    y, _ = batch_norm_inference(x, gamma, beta, **held)
    given = (gamma, gamma_dot, beta_dot, mean, 1 / np.sqrt(var + eps))
    wide = (np.expand_dims(a, (0, *range(2, x.ndim))) for a in given)
    weight, weight_dot, bias_dot, mu, rstd = wide
    return y, rstd * (weight_dot * (x - mu) + weight * x_dot) + bias_dot
# --8<-- [end:jvp]


def cases(rng):
    def at(*shape, **held):
        C = shape[1]
        held |= {"mean": rng.normal(size=C), "var": rng.uniform(0.2, 9.0, C)}
        gamma, beta = 0.5 + rng.normal(size=C), rng.normal(size=C)
        return (2.0 + 3.0 * rng.normal(size=shape), gamma, beta), held

    yield at(4, 3)
    yield at(2, 3, 2, 2)
    yield at(3, 3, eps=0.5)
    yield at(2, 2, 4, eps=0.1)
    yield at(1, 3)
    yield at(0, 2)


ANALYTIC = True

_HELD = {"mean": np.zeros(3), "var": np.ones(3)}
REFUSES = [
    ((np.zeros((2, 3)), np.zeros(2), np.zeros(3)), _HELD, ValueError),
    ((np.zeros((2, 3)), np.zeros(3), np.zeros(1)), _HELD, ValueError),
    ((np.zeros((2, 1)), np.zeros(1), np.zeros(1)), _HELD, ValueError),
    ((np.zeros(3), np.zeros(3), np.zeros(3)), _HELD, ValueError),
]

PICTURE = (
    np.array([[0.0, 2.0], [1.0, -1.0], [4.0, 0.0]]),
    np.array([1.0, 1.0]),
    np.zeros(2),
), {"mean": np.zeros(2), "var": np.array([1.0, 4.0])}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([[1.0, 10.0], [5.0, 40.0]])
    gamma, beta = np.array([1.0, 2.0]), np.array([0.0, 1.0])
    held = {"mean": np.array([3.0, 30.0]), "var": np.array([4.0, 100.0])}
    y, pullback = batch_norm_inference(x, gamma, beta, **held, eps=0.0)
    print(y)

    y_bar = np.array([[1.0, 1.0], [0.0, 2.0]])
    for cotangent in pullback(y_bar):
        print(cotangent)
    # --8<-- [end:use]

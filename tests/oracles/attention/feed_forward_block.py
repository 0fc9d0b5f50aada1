"""The feed-forward block by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(X, W1, b1, W2, b2):
    (D, M), K = W1.shape, W2.shape[1]
    Y = np.empty((*X.shape[:-1], K))
    for t in np.ndindex(*X.shape[:-1]):
        h = []
        for j in range(M):
            z = math.fsum([*(X[t][a] * W1[a, j] for a in range(D)), b1[j]])
            h.append(z if z > 0 else 0.0)
        for k in range(K):
            Y[t][k] = math.fsum([*(h[j] * W2[j, k] for j in range(M)), b2[k]])
    return Y


def large(rng):
    return (
        rng.normal(size=(2048, 512)),
        rng.normal(size=(512, 2048)),
        rng.normal(size=2048),
        rng.normal(size=(2048, 512)),
        rng.normal(size=512),
    ), {}


def by_jax(X, W1, b1, W2, b2):
    import jax

    return jax.nn.relu(X @ W1 + b1) @ W2 + b2


def by_torch(X, W1, b1, W2, b2):
    import torch

    linear = torch.nn.functional.linear  # its weights are transposed
    return linear(torch.relu(linear(X, W1.T, b1)), W2.T, b2)


def by_autograd(X, W1, b1, W2, b2):
    """maximum(X @ W1 + b1, 0) @ W2 + b2"""
    import autograd.numpy as anp

    return anp.matmul(anp.maximum(anp.matmul(X, W1) + b1, 0.0), W2) + b2

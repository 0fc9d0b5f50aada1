"""Scaled dot-product attention by plain loops, and as the libraries call it."""

import math

import numpy as np

EQUIVALENT = {
    "E = np.exp(S - S.max(-1, keepdims=True)) -> "
    "E = -np.exp(S - S.max(-1, keepdims=True))": "The sign cancels in the quotient."
}


def value(Q, K, V):
    batch = np.broadcast_shapes(Q.shape[:-2], K.shape[:-2], V.shape[:-2])
    Q, K, V = (np.broadcast_to(a, batch + a.shape[-2:]) for a in (Q, K, V))
    (n, d), (m, e) = Q.shape[-2:], V.shape[-2:]
    Y = np.empty((*batch, n, e))
    for t in np.ndindex(*batch):
        for i in range(n):
            scores = []
            for j in range(m):
                terms = [Q[t][i, c] * K[t][j, c] for c in range(d)]
                scores.append(math.fsum(terms) / math.sqrt(d))
            powers = [math.exp(s - max(scores)) for s in scores]
            total = math.fsum(powers)
            for c in range(e):
                terms = [powers[j] * V[t][j, c] for j in range(m)]
                Y[t][i, c] = math.fsum(terms) / total
    return Y


def large(rng):
    return (
        rng.normal(size=(4, 8, 256, 64)),
        rng.normal(size=(4, 8, 256, 64)),
        rng.normal(size=(4, 8, 256, 64)),
    ), {}


def by_jax(Q, K, V):
    # jax.nn.dot_product_attention takes its softmax in float32
    import jax
    import jax.numpy as jnp

    S = Q @ jnp.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1])
    return jax.nn.softmax(S, axis=-1) @ V


def by_torch(Q, K, V):
    import torch

    batch = torch.broadcast_shapes(Q.shape[:-2], K.shape[:-2], V.shape[:-2])
    Q, K, V = (a.expand(*batch, *a.shape[-2:]) for a in (Q, K, V))
    return torch.nn.functional.scaled_dot_product_attention(Q, K, V)


def by_autograd(Q, K, V):
    import autograd.numpy as anp

    S = anp.matmul(Q, anp.swapaxes(K, -1, -2)) / math.sqrt(Q.shape[-1])
    E = anp.exp(S - anp.max(S, axis=-1, keepdims=True))
    return anp.matmul(E / anp.sum(E, axis=-1, keepdims=True), V)

"""Masked attention by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(Q, K, V, bias, *, mask):
    (n, d), (m, e) = Q.shape[-2:], V.shape[-2:]
    both = (np.atleast_2d(bias), np.atleast_2d(mask))
    leading = [a.shape[:-2] for a in (Q, K, V, *both)]
    batch = np.broadcast_shapes(*leading)
    Q, K, V = (np.broadcast_to(a, batch + a.shape[-2:]) for a in (Q, K, V))
    bias, mask = (np.broadcast_to(a, (*batch, n, m)) for a in (bias, mask))
    Y = np.zeros((*batch, n, e))
    for t in np.ndindex(*batch):
        for i in range(n):
            scores = {}
            for j in range(m):
                if mask[t][i, j]:
                    terms = [Q[t][i, c] * K[t][j, c] for c in range(d)]
                    scores[j] = math.fsum(terms) / math.sqrt(d) + bias[t][i, j]
            top = max(scores.values(), default=-math.inf)
            if top == -math.inf:
                continue
            powers = {j: math.exp(s - top) for j, s in scores.items()}
            total = math.fsum(powers.values())
            for c in range(e):
                terms = [powers[j] * V[t][j, c] for j in powers]
                Y[t][i, c] = math.fsum(terms) / total
    return Y


def large(rng):
    return (
        rng.normal(size=(4, 8, 256, 64)),
        rng.normal(size=(4, 8, 256, 64)),
        rng.normal(size=(4, 8, 256, 64)),
        rng.normal(size=(256, 256)),
    ), {"mask": np.tri(256, dtype=bool)}


def by_jax(Q, K, V, bias, *, mask):
    """softmax(where(mask, S, -inf)) @ V"""
    import jax
    import jax.numpy as jnp

    _decline_some_dead_rows(mask)
    S = Q @ jnp.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1]) + bias
    return jax.nn.softmax(jnp.where(mask, S, -jnp.inf), axis=-1) @ V


def _decline_some_dead_rows(mask):
    live = np.any(mask, axis=-1)
    if live.any() and not live.all():
        raise NotImplementedError("NaN at a query without keys: see the kinks table.")


def by_torch(Q, K, V, bias, *, mask):
    import torch

    score = torch.zeros(Q.shape[-2], K.shape[-2], dtype=Q.dtype)
    added = torch.where(torch.as_tensor(mask), bias + score, -math.inf)
    Q, K, V, added = _alike(torch, Q, K, V, added)
    return torch.nn.functional.scaled_dot_product_attention(Q, K, V, added)


def _alike(torch, *arrays):
    batch = torch.broadcast_shapes(*(a.shape[:-2] for a in arrays))
    return [a.expand(*batch, *a.shape[-2:]) for a in arrays]


def by_autograd(Q, K, V, bias, *, mask):
    """softmax(where(mask, S, -inf)) @ V"""
    import autograd.numpy as anp

    _decline_some_dead_rows(mask)
    S = anp.matmul(Q, anp.swapaxes(K, -1, -2)) / math.sqrt(Q.shape[-1]) + bias
    S = anp.where(mask, S, -anp.inf)
    E = anp.exp(S - anp.max(S, axis=-1, keepdims=True))
    return anp.matmul(E / anp.sum(E, axis=-1, keepdims=True), V)


def jax_attention(Q, K, V, bias, *, mask):
    import jax

    Q, K, V = (a[:, None, :] for a in (Q, K, V))  # one head
    bias, mask = bias[None], mask[None]
    return jax.nn.dot_product_attention(Q, K, V, bias=bias, mask=mask)[:, 0, :]


AT_KINKS = {"JAX, nn.dot_product_attention(Q, K, V, bias, mask)": jax_attention}

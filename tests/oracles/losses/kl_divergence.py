"""Kullback-Leibler divergence by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(p, q, *, axis=-1, reduction="mean"):
    p, q = np.moveaxis(p, axis, -1), np.moveaxis(q, axis, -1)
    each = np.empty(p.shape[:-1])
    for i in np.ndindex(each.shape):
        terms = [
            float(a) * math.log(float(a) / float(b))
            for a, b in zip(p[i], q[i], strict=True)
            if a > 0
        ]
        each[i] = math.fsum(terms)
    if reduction == "none":
        return each
    total = math.fsum(each.ravel())
    return np.array(total / each.size if reduction == "mean" else total)


def library(p, q, *, axis=-1, reduction="mean"):
    from scipy.special import rel_entr

    each = rel_entr(p, q).sum(axis=axis)
    return {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction](each)


def large(rng):
    p, q = rng.uniform(0.1, 1.0, size=(2, 4096, 1024))
    return (p / p.sum(axis=-1, keepdims=True), q / q.sum(axis=-1, keepdims=True)), {}


def by_jax(p, q, *, axis=-1, reduction="mean"):
    """rel_entr(p, q)"""
    import jax.numpy as jnp
    from jax.scipy.special import rel_entr

    each = rel_entr(p, q).sum(axis=axis)
    return {"mean": jnp.mean, "sum": jnp.sum, "none": jnp.asarray}[reduction](each)


def by_torch(p, q, *, axis=-1, reduction="mean"):
    """kl_div(log(q), p)"""
    import torch

    each = torch.nn.functional.kl_div(q.log(), p, reduction="none").sum(axis)
    if reduction == "none":
        return each
    return each.mean() if reduction == "mean" else each.sum()


def by_autograd(p, q, *, axis=-1, reduction="mean"):
    """p * (log(p) - log(q))"""
    import autograd.numpy as anp

    each = anp.sum(p * (anp.log(p) - anp.log(q)), axis=axis)
    if reduction == "none":
        return each
    return anp.mean(each) if reduction == "mean" else anp.sum(each)


def jax_kl_div(p, q, *, axis=-1, reduction="mean"):
    import jax.numpy as jnp
    from jax.scipy.special import kl_div

    each = kl_div(p, q).sum(axis=axis)
    return {"mean": jnp.mean, "sum": jnp.sum, "none": jnp.asarray}[reduction](each)


AT_KINKS = {"JAX, kl_div(p, q)": jax_kl_div}

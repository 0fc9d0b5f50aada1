"""Softmax cross-entropy by plain loops, and as the libraries call it."""

import math

import numpy as np

EQUIVALENT = {
    "e = np.exp(z - z.max(axis=axis, keepdims=True)) -> "
    "e = -np.exp(z - z.max(axis=axis, keepdims=True))": "The sign cancels in the "
    "quotient of two sums that both contain e.",
}


def value(z, *, labels, axis=-1, reduction="mean"):
    rows = np.moveaxis(z, axis, -1)
    each = np.empty(labels.shape)
    for i in np.ndindex(labels.shape):
        top = max(rows[i])
        total = math.fsum(math.exp(score - top) for score in rows[i])
        each[i] = top - rows[i][labels[i]] + math.log(total)
    if reduction == "none":
        return each
    total = math.fsum(each.ravel())
    return np.array(total / each.size if reduction == "mean" else total)


def large(rng):
    return (rng.normal(size=(4096, 1024)),), {"labels": rng.integers(1024, size=4096)}


def by_jax(z, *, labels, axis=-1, reduction="mean"):
    import jax
    import jax.numpy as jnp

    k = jnp.expand_dims(labels, axis)
    y = jax.nn.log_softmax(z, axis=axis)
    each = -jnp.take_along_axis(y, k, axis=axis).squeeze(axis)
    return {"mean": jnp.mean, "sum": jnp.sum, "none": jnp.asarray}[reduction](each)


def by_torch(z, *, labels, axis=-1, reduction="mean"):
    import torch

    classes_second = z.movedim(axis, 1 if z.ndim > 1 else 0)
    return torch.nn.functional.cross_entropy(
        classes_second, torch.as_tensor(labels), reduction=reduction
    )


def by_autograd(z, *, labels, axis=-1, reduction="mean"):
    import autograd.numpy as anp
    from autograd.scipy.special import logsumexp

    picked = anp.moveaxis(z, axis, -1)[(*np.indices(labels.shape), labels)]
    each = logsumexp(z, axis=axis) - picked
    if reduction == "none":
        return each
    return anp.mean(each) if reduction == "mean" else anp.sum(each)

"""Hinge losses by plain loops, and composed from the libraries' parts."""

import math

import numpy as np


def value(z, *, labels, squared=False, margin=1.0, reduction="mean"):
    each = np.empty(z.shape)
    for i in np.ndindex(z.shape):
        score = float(z[i]) if labels[i] == 1 else -float(z[i])
        missing = margin - score if score < margin else 0.0
        each[i] = missing**2 if squared else missing
    if reduction == "none":
        return each
    total = math.fsum(each.ravel())
    return np.array(total / each.size if reduction == "mean" else total)


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {
        "labels": rng.choice([-1, 1], size=(2048, 2048))
    }


def by_jax(z, *, labels, squared=False, margin=1.0, reduction="mean"):
    """maximum(m, 0)"""
    import jax.numpy as jnp

    each = jnp.maximum(margin - labels * z, 0.0)
    each = jnp.square(each) if squared else each
    return {"mean": jnp.mean, "sum": jnp.sum, "none": jnp.asarray}[reduction](each)


def _by_torch(rectify, z, labels, squared, margin, reduction):
    import torch

    each = rectify(margin - torch.as_tensor(labels) * z)
    each = each**2 if squared else each
    if reduction == "none":
        return each
    return each.mean() if reduction == "mean" else each.sum()


def by_torch(z, *, labels, squared=False, margin=1.0, reduction="mean"):
    """relu(m)"""
    import torch

    return _by_torch(torch.relu, z, labels, squared, margin, reduction)


def torch_clamp(z, *, labels, squared=False, margin=1.0, reduction="mean"):
    def clamp(a):
        return a.clamp(min=0)

    return _by_torch(clamp, z, labels, squared, margin, reduction)


def by_autograd(z, *, labels, squared=False, margin=1.0, reduction="mean"):
    """maximum(m, 0)"""
    import autograd.numpy as anp

    each = anp.maximum(margin - labels * z, 0.0)
    each = each**2 if squared else each
    if reduction == "none":
        return each
    return anp.mean(each) if reduction == "mean" else anp.sum(each)


AT_KINKS = {"PyTorch, clamp(m, min=0)": torch_clamp}

EQUIVALENT = {
    "-scale * loss_bar * t -> -scale * loss_bar / t": "A label of 1 or -1 is its own "
    "reciprocal.",
}

"""The L2 penalty by plain loops, and composed in the peers."""

import math


def value(w, *, strength):
    return strength * math.fsum(float(v) ** 2 for v in w.flat)


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {"strength": 0.1}


def by_jax(w, *, strength):
    """strength * sum(square(w))"""
    import jax.numpy as jnp

    return strength * jnp.sum(jnp.square(w))


def by_torch(w, *, strength):
    """strength * w.square().sum()"""
    return strength * w.square().sum()


def by_autograd(w, *, strength):
    """strength * sum(w**2)"""
    import autograd.numpy as anp

    return strength * anp.sum(w**2)

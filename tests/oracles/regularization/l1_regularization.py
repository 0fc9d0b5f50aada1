"""The L1 penalty by plain loops, and composed in the peers."""

import math


def value(w, *, strength):
    return strength * math.fsum(abs(float(v)) for v in w.flat)


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {"strength": 0.1}


def by_jax(w, *, strength):
    """strength * sum(abs(w))"""
    import jax.numpy as jnp

    return strength * jnp.sum(jnp.abs(w))


def by_torch(w, *, strength):
    """strength * w.abs().sum()"""
    return strength * w.abs().sum()


def by_autograd(w, *, strength):
    """strength * sum(abs(w))"""
    import autograd.numpy as anp

    return strength * anp.sum(anp.abs(w))

"""Selection by plain loops, and as the libraries call it.

The further columns of the table at kinks put a root into the branch that is
not taken: where(c, sqrt(a), b), which selects once, and the same with a
harmless 1 selected under the root, where(c, sqrt(where(c, a, 1)), b).
"""

import numpy as np


def value(a, b, *, condition):
    triples = np.broadcast(condition, a, b)
    y = [float(p) if c else float(q) for c, p, q in triples]
    return np.array(y, float).reshape(triples.shape)


def large(rng):
    return (rng.normal(size=(2048, 2048)), rng.normal(size=(2048, 2048))), {
        "condition": rng.random((2048, 2048)) < 0.5
    }


def by_jax(a, b, *, condition):
    import jax.numpy as jnp

    return jnp.where(condition, a, b)


def by_torch(a, b, *, condition):
    import torch

    return torch.where(torch.tensor(condition), a, b)


def by_autograd(a, b, *, condition):
    import autograd.numpy as anp

    # its where does not sum the cotangents of what it broadcasts; * does
    ones = anp.ones(np.broadcast_shapes(np.shape(condition), a.shape, b.shape))
    return anp.where(condition, a * ones, b * ones)


def _once(by_peer, sqrt):
    def once(a, b, *, condition):
        return by_peer(sqrt(a), b, condition=condition)

    return once


def _twice(by_peer, sqrt):
    def twice(a, b, *, condition):
        safe = by_peer(a, 0.0 * b + 1.0, condition=condition)
        return by_peer(sqrt(safe), b, condition=condition)

    return twice


def _torch_sqrt(a):
    return a.sqrt()


def _jax_sqrt(a):
    import jax.numpy as jnp

    return jnp.sqrt(a)


def _autograd_sqrt(a):
    import autograd.numpy as anp

    return anp.sqrt(a)


AT_KINKS = {
    "PyTorch, once": _once(by_torch, _torch_sqrt),
    "JAX, once": _once(by_jax, _jax_sqrt),
    "HIPS autograd, once": _once(by_autograd, _autograd_sqrt),
    "PyTorch, twice": _twice(by_torch, _torch_sqrt),
    "JAX, twice": _twice(by_jax, _jax_sqrt),
    "HIPS autograd, twice": _twice(by_autograd, _autograd_sqrt),
}

"""ReLU by plain loops, and as the libraries call it."""

import numpy as np


def value(x):
    y = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        y[i] = x[i] if x[i] > 0 else 0.0
    return y


def large(rng):
    return (rng.normal(size=(2048, 2048)),), {}


def by_jax(x):
    import jax

    return jax.nn.relu(x)


def by_torch(x):
    import torch

    return torch.relu(x)


def by_autograd(x):
    """maximum(x, 0)"""
    import autograd.numpy as anp

    return anp.maximum(x, 0.0)


def jax_maximum(x):
    import jax.numpy as jnp

    return jnp.maximum(x, 0.0)


def torch_clamp(x):
    import torch

    return torch.clamp(x, min=0.0)


AT_KINKS = {
    "PyTorch, clamp(x, min=0)": torch_clamp,
    "JAX, maximum(x, 0)": jax_maximum,
}

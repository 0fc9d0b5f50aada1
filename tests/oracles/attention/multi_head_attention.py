"""Multi-head attention by plain loops, and as the libraries call it."""

import math

import numpy as np


def value(x, memory, Wq, Wk, Wv, Wo, *, heads, mask=True):
    n, m, F = x.shape[-2], memory.shape[-2], Wo.shape[1]
    d, e = Wq.shape[1] // heads, Wv.shape[1] // heads
    batch = x.shape[:-2]
    mask = np.broadcast_to(mask, (*batch, heads, n, m))
    y = np.empty((*batch, n, F))
    for t in np.ndindex(*batch):
        q, k, v = _times(x[t], Wq), _times(memory[t], Wk), _times(memory[t], Wv)
        z = np.zeros((n, heads * e))
        for h in range(heads):
            for i in range(n):
                weights = {}
                for j in range(m):
                    if mask[t][h, i, j]:
                        terms = [q[i, c] * k[j, c] for c in range(h * d, h * d + d)]
                        weights[j] = math.exp(math.fsum(terms) / math.sqrt(d))
                total = math.fsum(weights.values())
                for c in range(h * e, h * e + e):
                    terms = [weights[j] / total * v[j, c] for j in weights]
                    z[i, c] = math.fsum(terms)
        y[t] = _times(z, Wo)
    return y


def _times(A, B):
    C = np.empty((A.shape[0], B.shape[1]))
    for i, j in np.ndindex(*C.shape):
        C[i, j] = math.fsum(A[i, r] * B[r, j] for r in range(B.shape[0]))
    return C


def large(rng):
    return (
        rng.normal(size=(4, 256, 512)),
        rng.normal(size=(4, 256, 512)),
        rng.normal(size=(512, 512)),
        rng.normal(size=(512, 512)),
        rng.normal(size=(512, 512)),
        rng.normal(size=(512, 512)),
    ), {"heads": 8}


def by_jax(x, memory, Wq, Wk, Wv, Wo, *, heads, mask=True):
    import jax
    import jax.numpy as jnp

    def split(a, W):  # (..., m, h d) as (..., m, h, d)
        return (a @ W).reshape(*a.shape[:-1], heads, W.shape[1] // heads)

    q, k, v = split(x, Wq), split(memory, Wk), split(memory, Wv)
    S = jnp.einsum("...ihc,...jhc->...hij", q, k) / math.sqrt(q.shape[-1])
    P = jax.nn.softmax(jnp.where(mask, S, -jnp.inf), axis=-1)
    z = jnp.einsum("...hij,...jhc->...ihc", P, v)
    return z.reshape(*x.shape[:-1], Wv.shape[1]) @ Wo


def by_torch(x, memory, Wq, Wk, Wv, Wo, *, heads, mask=True):
    """torch.nn.functional.multi_head_attention_forward, and a composition."""
    import torch

    D = x.shape[-1]
    if x.ndim == 2 and Wq.shape == Wv.shape == Wo.shape == (D, D):
        forbidden = ~torch.as_tensor(mask).expand(x.shape[0], memory.shape[0])
        return torch.nn.functional.multi_head_attention_forward(
            *(x, memory, memory, D, heads),
            *(None, None, None, None, False, 0.0, Wo.T, None),  # no biases
            attn_mask=forbidden,  # True may not attend
            need_weights=False,
            use_separate_proj_weight=True,
            q_proj_weight=Wq.T,
            k_proj_weight=Wk.T,
            v_proj_weight=Wv.T,
        )[0]

    def split(a, W):
        return (a @ W).unflatten(-1, (heads, W.shape[1] // heads)).transpose(-2, -3)

    q, k, v = split(x, Wq), split(memory, Wk), split(memory, Wv)
    allowed = torch.as_tensor(mask).expand(*q.shape[:-1], k.shape[-2])
    z = torch.nn.functional.scaled_dot_product_attention(q, k, v, allowed)
    return z.transpose(-2, -3).flatten(-2) @ Wo


def by_autograd(x, memory, Wq, Wk, Wv, Wo, *, heads, mask=True):
    import autograd.numpy as anp

    def split(a, W):
        parts = anp.reshape(a @ W, (*a.shape[:-1], heads, W.shape[1] // heads))
        return anp.swapaxes(parts, -2, -3)

    q, k, v = split(x, Wq), split(memory, Wk), split(memory, Wv)
    S = anp.matmul(q, anp.swapaxes(k, -1, -2)) / math.sqrt(q.shape[-1])
    S = anp.where(mask, S, -anp.inf)
    E = anp.exp(S - anp.max(S, axis=-1, keepdims=True))
    z = anp.matmul(E / anp.sum(E, axis=-1, keepdims=True), v)
    z = anp.reshape(anp.swapaxes(z, -2, -3), (*x.shape[:-1], Wv.shape[1]))
    return anp.matmul(z, Wo)

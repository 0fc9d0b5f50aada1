"""What the prose says of the peers, beyond the tables, is there and is true.

A claim is a page, words that stand on it, and a function that fails if they are wrong.
"""

import numpy as np
import pytest

from snippets.attention.masked_attention import masked_attention
from snippets.attention.multi_head_attention import merge, split
from snippets.attention.scaled_dot_product_attention import (
    scaled_dot_product_attention,
)
from tests import peers
from tests.compare import require_near, worst
from tests.rules import ROOT

CLAIMS = []


def claim(page, words, *needs):
    """Enter a claim that needs these peers."""

    def enter(check):
        CLAIMS.append(
            pytest.param(page, words, needs, check, id=f"{page}-{check.__name__}")
        )
        return check

    return enter


@pytest.mark.parametrize(("page", "words", "needs", "check"), CLAIMS)
def test_claim(page, words, needs, check, seed):
    text = (ROOT / "docs" / "rules" / f"{page}.md").read_text(encoding="utf-8")
    assert words in text, f"{page}.md no longer says: {words}"
    for peer in needs:
        if reason := peers.absent(peer):
            pytest.skip(f"It is about {peers.TITLES[peer]}: {reason}")
    check(np.random.default_rng(seed))


def attention_of_jax(rng, **held):
    """Q, K, V without a batch axis, and jax.nn.dot_product_attention of them."""
    Q, K, V = (rng.normal(size=(rows, 4)) for rows in (3, 5, 5))

    def attend(Q, K, V):
        import jax

        Q, K, V = (a[:, None, :] for a in (Q, K, V))  # one head
        return jax.nn.dot_product_attention(Q, K, V, **held)[:, 0, :]

    Y_bar = np.zeros(Q.shape)
    [((Y,), _)] = peers.answers("jax", attend, [((Q, K, V), {}, (Y_bar,))])
    return Q, K, V, Y


def attention_of_torch(rng, **held):
    import torch

    Q, K, V = (rng.normal(size=(rows, 4)) for rows in (3, 5, 5))
    tensors = (torch.tensor(a)[None, None] for a in (Q, K, V))
    Y = torch.nn.functional.scaled_dot_product_attention(*tensors, **held)
    return Q, K, V, Y[0, 0].numpy()


NO_BIAS = np.zeros((1, 1))
FLOAT32 = 1e-6  # where a softmax was taken in float32


@claim(
    "attention/scaled_dot_product_attention",
    "takes its softmax in float32 even when it is handed float64. It agrees with this",
    "jax",
)
def softmax_in_float32(rng):
    Q, K, V, Y = attention_of_jax(rng)
    assert Y.dtype == np.float64
    error, _ = worst(Y, scaled_dot_product_attention(Q, K, V)[0])
    assert 1e-9 < error < FLOAT32


@claim(
    "attention/masked_attention",
    "`scaled_dot_product_attention` of PyTorch and in JAX, `True` means *may attend*",
    "torch",
    "jax",
)
def true_may_attend(rng):
    import torch

    mask = np.array([[1, 0, 1, 1, 0], [0, 1, 0, 0, 0], [1, 1, 0, 1, 1]], bool)
    Q, K, V, Y = attention_of_torch(rng, attn_mask=torch.tensor(mask))
    ours, _ = masked_attention(Q, K, V, NO_BIAS, mask=mask)
    require_near(Y, ours, 1e-12, "PyTorch", "the output")
    Q, K, V, Y = attention_of_jax(rng, mask=mask[None, None])
    ours, _ = masked_attention(Q, K, V, NO_BIAS, mask=mask)
    require_near(Y, ours, FLOAT32, "JAX", "the output")


@claim(
    "attention/masked_attention",
    "`is_causal=True` of PyTorch and of JAX aligns the beginnings",
    "torch",
    "jax",
)
def causal_aligns_the_beginnings(rng):
    mask = np.tri(3, 5, dtype=bool)
    for title, (Q, K, V, Y), bar in (
        ("PyTorch", attention_of_torch(rng, is_causal=True), 1e-12),
        ("JAX", attention_of_jax(rng, is_causal=True), FLOAT32),
    ):
        ours, _ = masked_attention(Q, K, V, NO_BIAS, mask=mask)
        require_near(Y, ours, bar, title, "the output")
        require_near(Y[0], V[0], bar, title, "the first query, which sees one key")


@claim(
    "attention/masked_attention",
    "the mean of all values, masked ones included; this is where the $0.5$ of JAX",
    "jax",
)
def dead_query_gets_the_mean(rng):
    mask = np.array([[1, 1, 1, 0, 0], [0, 0, 0, 0, 0], [1, 1, 1, 0, 0]], bool)
    _, _, V, Y = attention_of_jax(rng, mask=mask[None, None])
    require_near(Y[1], V.mean(axis=0), FLOAT32, "JAX", "a query without keys")


@claim(
    "attention/multi_head_attention",
    "`in_proj_weight`, in the order $W_q^\\T$, $W_k^\\T$, $W_v^\\T$. Its four biases",
    "torch",
)
def torch_stores_transposes(rng):
    import torch

    heads, D = 2, 4
    layer = torch.nn.MultiheadAttention(D, heads, batch_first=True).double()
    Wq, Wk, Wv, Wo = rng.normal(size=(4, D, D))
    bq, bk, bv, bo = rng.normal(size=(4, D))
    stored = {
        "in_proj_weight": np.concatenate([Wq.T, Wk.T, Wv.T]),
        "in_proj_bias": np.concatenate([bq, bk, bv]),
        "out_proj.weight": Wo.T,
        "out_proj.bias": bo,
    }
    layer.load_state_dict({name: torch.tensor(a) for name, a in stored.items()})
    x, mask = rng.normal(size=(3, D)), np.tri(3, dtype=bool)
    Q, K, V = (split(x @ W + b, heads) for W, b in ((Wq, bq), (Wk, bk), (Wv, bv)))
    y = merge(masked_attention(Q, K, V, NO_BIAS, mask=mask)[0]) @ Wo + bo
    row = torch.tensor(x)[None]
    found, _ = layer(row, row, row, attn_mask=torch.tensor(~mask))
    require_near(found[0].detach().numpy(), y, 1e-12, "PyTorch", "the output")


claim(
    "attention/masked_attention",
    "In PyTorch's `MultiheadAttention` it means *may not*",
    "torch",
)(torch_stores_transposes)  # there the mask is handed over inverted

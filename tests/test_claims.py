"""What the prose says of the peers, beyond the tables, is there and is true.

A claim is a page, words that stand on it, and a function that fails if they are wrong.
"""

import warnings

import numpy as np
import pytest

from snippets.attention.masked_attention import masked_attention
from snippets.attention.multi_head_attention import merge, split
from snippets.attention.scaled_dot_product_attention import (
    scaled_dot_product_attention,
)
from snippets.losses.hinge_loss import hinge_loss
from snippets.matrix_products.einsum import einsum
from snippets.recurrent.backpropagation_through_time import (
    backpropagation_through_time,
)
from snippets.recurrent.gru_cell import gru_cell
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


@claim(
    "shape_operations/reshaping",
    "HIPS autograd 1.9.1 does this: with `axes=(-1, 0, 1)` on a cube it returns",
    "autograd",
)
def autograd_does_not_invert_negative_axes(rng):
    from importlib.metadata import version

    import autograd.numpy as anp
    from autograd import make_vjp

    assert version("autograd") == "1.9.1"
    cube = rng.normal(size=(2, 2, 2))
    pullback, y = make_vjp(lambda x: anp.transpose(x, (-1, 0, 1)))(cube)
    assert np.array_equal(y, cube.transpose(2, 0, 1))
    assert np.array_equal(pullback(y), y)


@claim("shape_operations/identity", "raises an error when a kept one has", "torch")
def torch_counts_writes(rng):
    import torch

    x = torch.tensor(rng.normal(size=3), requires_grad=True)
    y = x.exp()  # kept for its own pullback
    y.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


@claim(
    "recurrent/gru_cell",
    "the gradient of `bias_hh` is $\\bar b$ with the last third replaced by $\\bar d$",
    "torch",
)
def torch_has_two_biases(rng):
    import torch

    cell = torch.nn.GRUCell(3, 2).double()
    x, h, g = (torch.tensor(rng.normal(size=(4, n))) for n in (3, 2, 2))
    cell(x, h).backward(g)
    ih, hh = (b.detach().numpy() for b in (cell.bias_ih, cell.bias_hh))
    b = ih + np.concatenate([hh[:4], [0.0, 0.0]])
    W, U = (w.detach().numpy().T for w in (cell.weight_ih, cell.weight_hh))
    *_, b_bar, d_bar = gru_cell(x.numpy(), h.numpy(), W, U, b, hh[4:])[1](g.numpy())
    require_near(cell.bias_ih.grad.numpy(), b_bar, 1e-12, "PyTorch", "bias_ih.grad")
    wanted = np.concatenate([b_bar[:4], d_bar])
    require_near(cell.bias_hh.grad.numpy(), wanted, 1e-12, "PyTorch", "bias_hh.grad")


@claim(
    "recurrent/backpropagation_through_time",
    "is the last state once more: add its cotangent to $\\bar s_T$",
    "torch",
)
def torch_returns_the_last_state_twice(rng):
    import torch

    layer = torch.nn.RNN(3, 2).double()  # time first
    shapes = [(5, 4, 3), (4, 2), (5, 4, 2), (4, 2)]
    X, h0, S_bar, last_bar = (torch.tensor(rng.normal(size=s)) for s in shapes)
    S, last = layer(X.requires_grad_(), h0[None])
    assert torch.equal(last[0], S[-1])
    torch.autograd.backward([S, last], [S_bar, last_bar[None]])
    stored = layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0
    W, U, b, b2 = (a.detach().numpy().T for a in stored)
    X_first = X.detach().numpy().swapaxes(0, 1)
    _, pullback = backpropagation_through_time(X_first, h0.numpy(), W, U, b + b2)
    S_bar[-1] += last_bar
    X_bar, _, W_bar, U_bar, b_bar = pullback(S_bar.numpy().swapaxes(0, 1))
    wanted = X_bar.swapaxes(0, 1), W_bar.T, U_bar.T, b_bar, b_bar
    for ours, theirs in zip(wanted, (X, *stored), strict=True):
        require_near(theirs.grad.numpy(), ours, 1e-12, "PyTorch", "a gradient")


@claim(
    "convolution/convolution",
    "`torch.backends.cudnn.allow_tf32` is `True` by default, unlike the switch for",
    "torch",
)
def tf32_is_on_for_convolutions_alone(rng):
    import torch

    assert torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32


@claim(
    "../known_wrong_formulas",
    "PyTorch returns $2 + 4i$ and JAX returns $2 - 4i$",
    "torch",
    "jax",
)
def gradients_in_complex_numbers_are_conjugates(rng):
    import jax
    import torch

    z = torch.tensor(1 + 2j, requires_grad=True)
    (z.abs() ** 2).backward()
    require_near(z.grad.numpy(), 2 + 4j, 1e-6, "PyTorch", "the slope of abs(z)^2")
    slope = jax.grad(lambda z: jax.numpy.abs(z) ** 2)(1 + 2j)
    require_near(np.asarray(slope), 2 - 4j, 1e-6, "JAX", "the slope of abs(z)^2")


# --- activations ----------------------------------------------------------


def slope_in_torch(f, x):
    """The derivative of a function of one number."""
    import torch

    x = torch.tensor([x], dtype=torch.float64, requires_grad=True)
    f(x).sum().backward()
    return x.grad.item()


@claim(
    "activations/leaky_relu",
    "because $\\alpha x$ is then positive too, and PyTorch refuses it",
    "torch",
)
def in_place_refuses_a_negative_slope(rng):
    import torch

    x = torch.tensor([1.0, -1.0], requires_grad=True)
    y = torch.nn.functional.leaky_relu(1.0 * x, -1.0, inplace=True)
    with pytest.raises(RuntimeError, match="with a negative slope"):
        y.sum().backward()


@claim(
    "activations/gelu",
    "at $-9$ one returns $-1.0 \\cdot 10^{-18}$, the other 0",
    "jax",
    "torch",
)
def only_jax_has_the_tail(rng):
    import torch

    x = np.array([-9.0])
    exact = peers.import_jax().nn.gelu(x, approximate=False)
    assert np.isclose(exact, -1.0157e-18, rtol=1e-4, atol=0)
    assert torch.nn.functional.gelu(torch.tensor(x)).item() == 0


@claim(
    "activations/gelu",
    "PyTorch and `tf.nn.gelu` take the exact one, `jax.nn.gelu` and",
    "jax",
    "torch",
)
def defaults_of_gelu(rng):
    import torch

    x = np.array([2.7])
    tanh = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    assert np.allclose(peers.import_jax().nn.gelu(x), tanh, rtol=1e-12)
    exact = torch.nn.functional.gelu(torch.tensor(x)).numpy()
    assert 4e-4 < abs(exact - tanh) < 6e-4


@claim(
    "activations/softplus",
    "PyTorch returns $x$ itself, with slope 1, wherever $\\beta x > 20$",
    "torch",
)
def threshold_of_softplus(rng):
    import torch

    f = torch.nn.functional.softplus
    assert f(torch.tensor([20.5], dtype=torch.float64)).item() == 20.5
    assert slope_in_torch(f, 20.5) == 1 and slope_in_torch(f, 20.0) < 1
    assert slope_in_torch(lambda x: f(x, beta=2.0), 10.5) == 1


# --- softmax and losses ---------------------------------------------------


@claim(
    "softmax/logsumexp",
    "`logsumexp([0, -40])` is 0 here, in PyTorch and in JAX, while the true value",
    "jax",
    "torch",
)
def small_terms_are_dropped(rng):
    import torch
    from scipy.special import logsumexp

    z = np.array([0.0, -40.0])
    assert torch.logsumexp(torch.tensor(z), 0).item() == 0
    assert peers.import_jax().nn.logsumexp(z) == 0
    assert np.isclose(logsumexp(z), np.exp(-40.0), rtol=1e-12, atol=0)


@claim(
    "losses/mse_loss",
    "The rule therefore refuses unequal shapes, where PyTorch warns and goes on",
    "torch",
)
def unequal_shapes_are_a_warning(rng):
    import torch

    x, t = torch.zeros(3, 1), torch.arange(3.0)
    with pytest.warns(UserWarning, match="broadcasting"):
        loss = torch.nn.functional.mse_loss(x, t)
    assert loss.item() == pytest.approx(5 / 3)


@claim(
    "losses/mse_loss",
    "where PyTorch returns NaN together with an empty gradient",
    "torch",
)
def mean_of_no_squares(rng):
    import torch

    x = torch.zeros(0, requires_grad=True)
    loss = torch.nn.functional.mse_loss(x, torch.zeros(0))
    loss.backward()
    assert loss.isnan() and x.grad.shape == (0,)


@claim(
    "losses/cross_entropy",
    "and the rule raises a ValueError; PyTorch returns NaN",
    "torch",
)
def mean_of_no_samples(rng):
    import torch

    no_labels = torch.zeros(0, dtype=torch.long)
    assert torch.nn.functional.cross_entropy(torch.zeros(0, 3), no_labels).isnan()


@claim(
    "losses/cross_entropy",
    "and for `ignore_index` the number of samples that count",
    "torch",
)
def weights_divide(rng):
    import torch

    z = torch.tensor(rng.normal(size=(4, 3)))
    labels = torch.tensor([2, 1, 1, 0])
    weight = torch.tensor([0.5, 2.0, 1.0], dtype=torch.float64)
    loss = torch.nn.functional.cross_entropy
    each, w = loss(z, labels, reduction="none"), weight[labels]
    weighted = loss(z, labels, weight=weight)
    assert torch.isclose(weighted, (w * each).sum() / w.sum())
    assert torch.isclose(loss(z, labels, ignore_index=1), each[[0, 3]].mean())


@claim(
    "losses/binary_cross_entropy",
    "In PyTorch the clamp turns the infinite lines into loss 100 and gradient 0",
    "torch",
)
def a_saturated_sample_drops_out(rng):
    import torch

    for kind, at in ((torch.float32, 17.0), (torch.float64, 37.0)):
        z = torch.tensor([at], dtype=kind, requires_grad=True)
        p = torch.sigmoid(z)
        loss = torch.nn.functional.binary_cross_entropy(p, torch.zeros_like(p))
        loss.backward()
        assert loss.item() == 100 and z.grad.item() == 0


@claim(
    "losses/hinge_loss",
    "`hinge_embedding_loss` of PyTorch puts the margin on one class only",
    "torch",
)
def margin_on_one_class(rng):
    import torch

    z = torch.tensor([-0.5, 0.3, 2.0, -0.5, 0.3, 2.0])
    labels = torch.tensor([1.0, 1.0, 1.0, -1.0, -1.0, -1.0])
    each = torch.nn.functional.hinge_embedding_loss(z, labels, reduction="none")
    assert torch.allclose(each, torch.cat([z[:3], (1 - z[3:]).clamp(min=0)]))


@claim(
    "matrix_products/einsum",
    "it returns a cotangent of length 1: the right numbers, not repeated",
    "autograd",
)
def autograd_does_not_repeat_along_a_label(rng):
    import autograd
    import autograd.numpy as anp

    A, v, g = rng.normal(size=(2, 3)), rng.normal(size=1), rng.normal(size=2)
    pull, _ = autograd.make_vjp(lambda A: anp.einsum("ij,j->i", A, v))(A)
    A_bar = einsum(A, v, subscripts="ij,j->i")[1](g)[0]
    found = pull(g)
    assert found.shape == (2, 1) and A_bar.shape == (2, 3)
    require_near(A_bar, np.repeat(found, 3, axis=1), 1e-12, "autograd", "A_bar")


@claim(
    "losses/hinge_loss",
    "`margin_ranking_loss` with zeros for its second input is the plain loss, by",
    "torch",
)
def margin_of_a_score_over_zero(rng):
    import torch

    z = rng.normal(size=6)
    labels = np.array([1, -1, 1, -1, 1, -1])
    z[:2] = [0.75, -0.75]  # both at the margin below
    scores, t = torch.tensor(z, requires_grad=True), torch.tensor(labels)
    loss = torch.nn.functional.margin_ranking_loss(
        scores, torch.zeros_like(scores), t, margin=0.75
    )
    loss.backward()
    value, pullback = hinge_loss(z, labels=labels, margin=0.75)
    require_near(loss.detach().numpy(), value, 1e-12, "PyTorch", "the loss")
    found = scores.grad.numpy()
    require_near(found[2:], pullback(1.0)[0][2:], 1e-12, "PyTorch", "off the margin")
    require_near(
        found[:2], np.array([-1.0, 1.0]) / 6, 1e-12, "PyTorch", "at it, as clamp"
    )


@claim(
    "losses/kl_divergence",
    "`kl_div(input, target)` wants the *logarithm* of the model first",
    "torch",
)
def kl_div_in_torch(rng):
    import torch

    p, q = torch.tensor(rng.uniform(0.1, 1.0, size=(2, 2, 3, 2)))  # N, T, K: 2, 3, 2
    total = (p * (p / q).log()).sum()
    for target, log_target in ((p, False), (p.log(), True)):
        for reduction, divisor in (("sum", 1), ("mean", 12), ("batchmean", 2)):
            with warnings.catch_warnings():  # that "mean" is not the divergence
                warnings.simplefilter("ignore", UserWarning)
                loss = torch.nn.functional.kl_div(
                    q.log(), target, reduction=reduction, log_target=log_target
                )
            assert torch.isclose(loss, total / divisor)


claim(
    "losses/kl_divergence",
    '`reduction="mean"` of PyTorch divides by *all* entries',
    "torch",
)(kl_div_in_torch)


@claim(
    "losses/kl_divergence",
    "`kl_div` adds $-p + q$ to each term",
    "jax",
)
def kl_div_has_another_term(rng):
    from scipy.special import kl_div, rel_entr

    jax = peers.import_jax()
    p, q = rng.uniform(0.1, 1.0, size=(2, 3))
    for them in (kl_div, jax.scipy.special.kl_div):
        assert np.allclose(them(p, q), rel_entr(p, q) - p + q, rtol=1e-12)
    slopes = jax.grad(
        lambda p, q: jax.scipy.special.kl_div(p, q).sum(), argnums=(0, 1)
    )(p, q)
    assert np.allclose(slopes, [np.log(p / q), 1 - p / q], rtol=1e-12)


# --- regularization -------------------------------------------------------


@claim(
    "regularization/regularization",
    "`weight_decay` of PyTorch's optimisers, many textbooks",
    "torch",
)
def weight_decay_is_half_a_penalty(rng):
    import torch

    w = torch.tensor([3.0, -1.0], requires_grad=True)
    w.grad = torch.zeros(2)
    torch.optim.SGD([w], lr=0.5, weight_decay=0.1).step()
    assert torch.allclose(w.detach(), torch.tensor([3.0, -1.0]) * (1 - 0.5 * 0.1))


# --- norms and reductions -------------------------------------------------


@claim(
    "norms/l2_normalization",
    "PyTorch is spared the last, since it squares float16 entries in float32",
    "torch",
    "jax",
)
def squares_of_float16(rng):
    import torch

    x = np.array([300.0, 400.0], np.float16)
    y = torch.nn.functional.normalize(torch.tensor(x), dim=0)
    assert np.allclose(y.numpy(), [0.6, 0.8], rtol=1e-3)
    assert np.isinf(peers.import_jax().numpy.linalg.norm(x))


@claim(
    "norms/vector_norm",
    "gets NaN at the largest entries, unless these are exactly 1, and at most of",
    "autograd",
)
def infinity_in_the_formula_for_finite_orders(rng):
    import autograd.numpy as anp
    from autograd import grad

    slopes = grad(lambda x: anp.linalg.norm(x, np.inf))
    answers = {
        (3.0, -4.0): [np.nan, np.nan],
        (0.2, 0.6): [np.nan, np.nan],
        (0.5, 4.0): [0, np.nan],
        (1.0, 0.5): [1, 0],
    }
    with np.errstate(all="ignore"):
        for x, answer in answers.items():
            assert np.array_equal(slopes(np.array(x)), answer, equal_nan=True), x


@claim(
    "reductions/max_reduction",
    "PyTorch's `max` without a `dim` shares it among all entries that are NaN",
    "torch",
)
def entries_that_are_nan_share(rng):
    import torch

    x = torch.tensor([np.nan, 1.0, np.nan], requires_grad=True)
    x.max().backward()
    assert x.grad.tolist() == [0.5, 0.0, 0.5]


@claim(
    "softmax/log_softmax",
    "The gradient is lost earlier, from 710 on (89)",
)
def reciprocal_of_a_subnormal(rng):
    for kind, last in ((np.float64, 709), (np.float32, 88)):
        for gap, lost in ((last, False), (last + 1, True)):
            s = np.exp(np.array([-gap, 0], kind))
            with np.errstate(over="ignore", invalid="ignore"):
                s_bar = np.array([1, 0], kind) / s
                z_bar = s * (s_bar - (s * s_bar).sum())
            assert s[0] > 0 and np.isfinite(z_bar).all() == (not lost)

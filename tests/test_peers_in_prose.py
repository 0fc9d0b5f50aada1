"""What the pages say in sentences about the peers is what the peers do.

The kinks tables hold the answers at single points. A sentence about a default,
a threshold or an empty batch is held here, one test for each; the docstring
names the page. A test that fails means that the sentence has to change.
"""

import numpy as np
import pytest

from tests import peers


@pytest.fixture
def torch():
    if reason := peers.absent("torch"):
        pytest.skip(reason)
    import torch

    return torch


@pytest.fixture
def jax():
    return peers.import_jax()


def slope(torch, f, x):
    """The derivative of a function of one number in PyTorch."""
    x = torch.tensor([x], dtype=torch.float64, requires_grad=True)
    f(x).sum().backward()
    return x.grad.item()


def test_leaky_relu_in_place_refuses_a_negative_slope(torch):
    """activations/leaky_relu: in place, PyTorch refuses alpha < 0."""
    x = torch.tensor([1.0, -1.0], requires_grad=True)
    y = torch.nn.functional.leaky_relu(1.0 * x, -1.0, inplace=True)
    with pytest.raises(RuntimeError, match="with a negative slope"):
        y.sum().backward()


def test_gelu_tail(torch, jax):
    """activations/gelu: at -9 PyTorch has lost the value, and JAX has it."""
    x = np.array([-9.0])
    exact = jax.nn.gelu(x, approximate=False)
    assert np.isclose(exact, -1.0157e-18, rtol=1e-4, atol=0)
    assert torch.nn.functional.gelu(torch.tensor(x)).item() == 0


def test_gelu_defaults(torch, jax):
    """activations/gelu: PyTorch takes the exact form, JAX the tanh form."""
    x = np.array([2.7])
    tanh = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    assert np.allclose(jax.nn.gelu(x), tanh, rtol=1e-12)
    ours = torch.nn.functional.gelu(torch.tensor(x)).numpy()
    assert 4e-4 < abs(ours - tanh) < 6e-4


def test_softplus_threshold(torch):
    """activations/softplus: beyond 20 PyTorch returns x, with slope 1."""
    f = torch.nn.functional.softplus
    assert f(torch.tensor([20.5], dtype=torch.float64)).item() == 20.5
    assert slope(torch, f, 20.5) == 1 and slope(torch, f, 20.0) < 1
    assert slope(torch, lambda x: f(x, beta=2.0), 10.5) == 1


def test_logsumexp_drops_small_terms(torch, jax):
    """softmax/logsumexp: of (0, -40) PyTorch and JAX return 0, SciPy 4.2e-18."""
    from scipy.special import logsumexp

    z = np.array([0.0, -40.0])
    assert torch.logsumexp(torch.tensor(z), 0).item() == 0
    assert jax.nn.logsumexp(z) == 0
    assert np.isclose(logsumexp(z), np.exp(-40.0), rtol=1e-12, atol=0)


def test_mse_loss_shapes(torch):
    """losses/mse_loss: PyTorch warns of (N, 1) against (N,), and goes on."""
    x, t = torch.zeros(3, 1), torch.arange(3.0)
    with pytest.warns(UserWarning, match="broadcasting"):
        loss = torch.nn.functional.mse_loss(x, t)
    assert loss.item() == pytest.approx(5 / 3)


def test_empty_batches_are_nan(torch):
    """losses/mse_loss, losses/cross_entropy: PyTorch's mean of nothing is NaN."""
    x = torch.zeros(0, requires_grad=True)
    loss = torch.nn.functional.mse_loss(x, torch.zeros(0))
    loss.backward()
    assert loss.isnan() and x.grad.shape == (0,)
    no_labels = torch.zeros(0, dtype=torch.long)
    assert torch.nn.functional.cross_entropy(torch.zeros(0, 3), no_labels).isnan()


def test_cross_entropy_divides_by_the_weights(torch):
    """losses/cross_entropy: W is the sum of the weights, or what counts."""
    z = torch.arange(12.0, dtype=torch.float64).reshape(4, 3).sin()
    labels = torch.tensor([2, 1, 1, 0])
    each = torch.nn.functional.cross_entropy(z, labels, reduction="none")
    weight = torch.tensor([0.5, 2.0, 1.0], dtype=torch.float64)
    w = weight[labels]
    weighted = torch.nn.functional.cross_entropy(z, labels, weight=weight)
    assert torch.isclose(weighted, (w * each).sum() / w.sum())
    ignored = torch.nn.functional.cross_entropy(z, labels, ignore_index=1)
    assert torch.isclose(ignored, each[[0, 3]].mean())


def test_binary_cross_entropy_through_a_saturated_sigmoid(torch):
    """losses/binary_cross_entropy: loss 100 and gradient 0 in PyTorch."""
    for kind, at in ((torch.float32, 17.0), (torch.float64, 37.0)):
        z = torch.tensor([at], dtype=kind, requires_grad=True)
        p = torch.sigmoid(z)
        loss = torch.nn.functional.binary_cross_entropy(p, torch.zeros_like(p))
        loss.backward()
        assert loss.item() == 100 and z.grad.item() == 0


def test_hinge_embedding_loss_has_one_margin(torch):
    """losses/hinge_loss: the margin of PyTorch's loss is on one class only."""
    z = torch.tensor([-0.5, 0.3, 2.0, -0.5, 0.3, 2.0])
    labels = torch.tensor([1.0, 1.0, 1.0, -1.0, -1.0, -1.0])
    each = torch.nn.functional.hinge_embedding_loss(z, labels, reduction="none")
    assert torch.allclose(each, torch.cat([z[:3], (1 - z[3:]).clamp(min=0)]))


@pytest.mark.filterwarnings("ignore:reduction. .mean.:UserWarning")
def test_kl_div_of_pytorch(torch):
    """losses/kl_divergence: logarithms first, the target second, two means."""
    p = torch.tensor([[[0.5, 0.5], [0.2, 0.8], [0.7, 0.3]]] * 2)
    q = torch.tensor([[[0.25, 0.75], [0.5, 0.5], [0.1, 0.9]]] * 2)
    total = (p * (p / q).log()).sum()
    kl_div = torch.nn.functional.kl_div
    for target, log_target in ((p, False), (p.log(), True)):
        for reduction, divisor in (("sum", 1), ("mean", 12), ("batchmean", 2)):
            loss = kl_div(q.log(), target, reduction=reduction, log_target=log_target)
            assert torch.isclose(loss, total / divisor)


def test_kl_div_adds_q_minus_p(jax):
    """losses/kl_divergence: kl_div of SciPy and JAX has - p + q in each term."""
    from scipy.special import kl_div, rel_entr

    p, q = np.array([0.2, 0.9]), np.array([0.5, 0.3])
    for them in (kl_div, jax.scipy.special.kl_div):
        assert np.allclose(them(p, q), rel_entr(p, q) - p + q, rtol=1e-12)
    by_p, by_q = jax.grad(
        lambda p, q: jax.scipy.special.kl_div(p, q).sum(), argnums=(0, 1)
    )(p, q)
    assert np.allclose(by_p, np.log(p / q)) and np.allclose(by_q, 1 - p / q)


def test_weight_decay_is_half_a_penalty(torch):
    """regularization/regularization: weight_decay adds lambda w, not 2 lambda w."""
    w = torch.tensor([3.0, -1.0], requires_grad=True)
    w.grad = torch.zeros(2)
    torch.optim.SGD([w], lr=0.5, weight_decay=0.1).step()
    assert torch.allclose(w.detach(), torch.tensor([3.0, -1.0]) * (1 - 0.5 * 0.1))

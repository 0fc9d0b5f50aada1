"""The transformer of docs/worked has the gradient that JAX gives it.

The code under test is the notebook's own: its cells tagged "model", run in order.
"""

import functools
import json
import math
import re

import numpy as np
import pytest

from tests import peers
from tests.compare import require_near
from tests.rules import ROOT

NOTEBOOK = "docs/worked/transformer.ipynb"
SIZES = {  # ids of shape (B, n), or (n,) as when the model writes
    "batch": {"V": 7, "n": 5, "D": 6, "M": 8, "heads": 2, "ids": (3, 5)},
    "short window": {"V": 5, "n": 6, "D": 6, "M": 4, "heads": 3, "ids": (2, 4)},
    "one sample": {"V": 4, "n": 4, "D": 3, "M": 5, "heads": 1, "ids": (4,)},
}


def model_source():
    """The notebook's cells that define the model, as one text."""
    cells = json.loads((ROOT / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    tagged = [c for c in cells if "model" in c["metadata"].get("tags", [])]
    return "\n\n".join("".join(c["source"]) for c in tagged)


def run(source):
    namespace = {}
    exec(compile(source, NOTEBOOK, "exec"), namespace)
    return namespace


def problem(size, seed):
    """Parameters that are all away from 0 and 1, characters, and those that follow."""
    held = dict(SIZES[size])
    rng = np.random.default_rng((seed, *map(ord, size)))
    heads, shape = held.pop("heads"), held.pop("ids")
    shapes = run(model_source())["shapes"](**held)
    parameters = [0.3 + 0.5 * rng.normal(size=s) for s in shapes.values()]
    ids, next_ids = rng.integers(held["V"], size=(2, *shape))
    mask = np.tri(shape[-1], dtype=bool)
    held = {"ids": ids, "next_ids": next_ids, "heads": heads, "mask": mask}
    return dict(zip(shapes, parameters, strict=True)), held


def by_jax(*parameters, ids, next_ids, heads, mask):
    """The same model from its formulas, without any rule of the handbook."""
    import jax.numpy as jnp

    E, G, g1, b1, Wq, Wk, Wv, Wo, g2, b2, W1, c1, W2, c2, g3, b3, c = parameters
    n, d = ids.shape[-1], Wq.shape[1] // heads

    def norm(x, gain, shift):
        centred = x - jnp.mean(x, -1, keepdims=True)
        deviation = jnp.sqrt(jnp.mean(centred**2, -1, keepdims=True) + 1e-5)
        return centred / deviation * gain + shift

    one_hot = jnp.asarray(ids[..., None] == np.arange(len(E)), float)
    x = one_hot @ E + G[:n]
    a = norm(x, g1, b1)
    u = 0.0
    for h in range(heads):
        of_head = slice(h * d, (h + 1) * d)
        q, k, v = (a @ W[:, of_head] for W in (Wq, Wk, Wv))
        weights = jnp.exp(jnp.einsum("...id,...jd->...ij", q, k) / math.sqrt(d)) * mask
        weights = weights / jnp.sum(weights, -1, keepdims=True)
        u = u + jnp.einsum("...ij,...jd->...id", weights, v) @ Wo[of_head]
    r = x + u
    s = norm(r, g2, b2) @ W1 + c1
    t = s * (1 + jnp.tanh(math.sqrt(2 / math.pi) * (s + 0.044715 * s**3))) / 2
    f = norm(r + t @ W2 + c2, g3, b3)
    p = jnp.exp(jnp.einsum("...a,ka->...k", f, E) + c)
    p = p / jnp.sum(p, -1, keepdims=True)
    wanted = jnp.asarray(next_ids[..., None] == np.arange(len(E)), float)
    return -jnp.mean(jnp.log(jnp.sum(p * wanted, -1)))


@functools.cache
def answer_of_jax(size, seed):
    parameters, held = problem(size, seed)
    once = (tuple(parameters.values()), held, (np.array(1.0),))
    [((loss,), gradient)] = peers.answers("jax", by_jax, [once])
    return loss, gradient


def compare(source, size, seed):
    """Hold the loss and every gradient of the notebook's code to JAX."""
    parameters, held = problem(size, seed)
    ids, next_ids = held.pop("ids"), held.pop("next_ids")
    ours, bars = run(source)["loss_and_gradient"](
        list(parameters.values()), ids, next_ids, **held
    )
    loss, gradient = answer_of_jax(size, seed)
    require_near(ours, loss, 1e-10, NOTEBOOK, "the loss")
    assert len(bars) == len(gradient) == len(parameters)
    for name, bar, wanted in zip(parameters, bars, gradient, strict=True):
        require_near(bar, wanted, 1e-10, NOTEBOOK, f"the gradient of {name}")


@pytest.mark.parametrize("size", SIZES)
def test_transformer_has_the_gradient_of_jax(size, seed):
    compare(model_source(), size, seed)


SUMS = re.findall(r"= (\w+) \+ ([\w.]+)  # .* was used twice\n", model_source())


@pytest.mark.parametrize("half", [half for both in SUMS for half in both])
def test_a_forgotten_use_is_noticed(half, seed):
    """Of each sum on the way back, one term is lost."""
    broken, count = re.subn(
        rf"{re.escape(half)} \+ | \+ {re.escape(half)}(?=  #)", "", model_source()
    )
    assert count == 1
    with pytest.raises(AssertionError, match="the gradient of"):
        compare(broken, "batch", seed)


def test_there_are_four_sums():
    assert len(SUMS) == 4

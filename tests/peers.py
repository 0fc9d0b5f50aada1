"""What JAX, PyTorch and HIPS autograd answer, in float64.

An oracle says how a peer is called (by_jax, by_torch, by_autograd: arrays of
the peer in, its arrays out), or why not (a sentence). It may also raise
NotImplementedError with a sentence for single cases that a peer cannot do.
"""

import functools
import importlib.util
import os
import warnings

import numpy as np

from tests.compare import as_tuple
from tests.rules import ROOT

TITLES = {"jax": "JAX", "torch": "PyTorch", "autograd": "HIPS autograd"}


def installed(peer):
    return importlib.util.find_spec(peer) is not None


def required(peer):
    """PyTorch is large: a reader may go without it, CI may not."""
    return peer != "torch" or bool(os.environ.get("CI"))


def absent(peer):
    """Why nobody asks the peer here, or "" if it answers."""
    if installed(peer):
        return ""
    assert not required(peer), f"{TITLES[peer]} is not installed, but it is required."
    return f"{TITLES[peer]} is not installed; CI requires it."


def function_of(rule, peer):
    """The oracle's by_<peer>: a callable, or the sentence that says why not."""
    found = getattr(rule.oracle, f"by_{peer}", None)
    assert callable(found) or (isinstance(found, str) and found.strip()), (
        f"tests/oracles/{rule.name}.py has neither a function by_{peer} nor "
        f"a sentence by_{peer} that says why {TITLES[peer]} has no such rule."
    )
    return found


def answers(peer, function, problems):
    """[(values, cotangents) or the exception, ...], one for each problem.

    A problem is (x, held, y_bars): tuples of arrays and a dict.
    """
    return {"jax": _jax, "torch": _torch, "autograd": _autograd}[peer](
        function, problems
    )


def _numpy(parts):
    return tuple(np.asarray(part) for part in parts)


@functools.cache
def import_jax():
    import jax

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_compilation_cache_dir", str(ROOT / ".cache" / "jax"))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    return jax


def _jax(function, problems):
    jax = import_jax()
    helds = [held for _, held, _ in problems]
    raised = {}

    def one(n, x, y_bars):
        y, vjp = jax.vjp(lambda *x: as_tuple(function(*x, **helds[n])), *x)
        return y, vjp(y_bars)

    @jax.jit  # one program for all the cases: compiling is what costs
    def run(inputs):
        done = []
        for n, (x, y_bars) in enumerate(inputs):
            try:
                done.append(one(n, x, y_bars))
            except Exception as error:
                raised[n] = error
                done.append(None)
        return done

    done = run([(x, y_bars) for x, _, y_bars in problems])
    return [
        raised[n] if n in raised else (_numpy(pair[0]), _numpy(pair[1]))
        for n, pair in enumerate(done)
    ]


def _each(one, function, problems):
    done = []
    for x, held, y_bars in problems:
        try:
            done.append(one(function, x, held, y_bars))
        except Exception as error:
            done.append(error)
    return done


def _torch(function, problems):
    return _each(_one_torch, function, problems)


def _one_torch(function, x, held, y_bars):
    import torch

    leaves = [torch.tensor(a, requires_grad=True) for a in x]
    y = as_tuple(function(*leaves, **held))
    x_bar = torch.autograd.grad(
        y, leaves, [torch.tensor(g) for g in y_bars], materialize_grads=True
    )
    return (
        _numpy(part.detach().resolve_conj() for part in y),
        _numpy(part.detach().resolve_conj() for part in x_bar),
    )


def _autograd(function, problems):
    return _each(_one_autograd, function, problems)


def _one_autograd(function, x, held, y_bars):
    import autograd
    import autograd.numpy as anp

    def paired(*x):  # the gradient of <y_bar, y> is the cotangent
        y = as_tuple(function(*x, **held))
        return sum(anp.sum(g * part) for g, part in zip(y_bars, y, strict=True))

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # "Output seems independent of input": then the answer is zero.
        warnings.simplefilter("ignore")
        values = as_tuple(function(*x, **held))
        x_bar = autograd.grad(paired, argnum=tuple(range(len(x))))(*x)
    return _numpy(values), _numpy(x_bar)

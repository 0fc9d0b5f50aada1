"""Finding the rules: each snippet together with its oracle.

A rule is snippets/<family>/<rule>.py and tests/oracles/<family>/<rule>.py.
Whatever is missing fails by name, so that a rule cannot escape the laws.
"""

import builtins
import copy
import functools
import importlib
import keyword
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
SNIPPETS = ROOT / "snippets"
ORACLES = ROOT / "tests" / "oracles"
TOOLS = {"checking"}  # folders of snippets/ that hold tools, not rules
LARGEST = 200  # entries of a case


@dataclass(frozen=True, eq=False)
class Case:
    """One input of a rule: positional arrays and held keywords."""

    number: int
    seed: int
    x: tuple
    held: dict

    def fresh(self):
        """Copies, so that a rule which mutates its input spoils no other law."""
        return tuple(np.array(a) for a in self.x), copy.deepcopy(self.held)


@dataclass(frozen=True, eq=False)
class Rule:
    name: str  # family/rule, as in the paths
    f: Callable
    jvp: Callable
    make_cases: Callable
    oracle: types.ModuleType
    smooth: Callable  # what the tangent law differentiates: *x, **held -> y
    analytic: bool = False
    kinks: list = field(default_factory=list)
    refuses: list = field(default_factory=list)

    def cases(self, seed=0):
        return _cases(self.make_cases, self.name, seed)


@functools.cache
def _cases(make_cases, name, seed):
    made = list(make_cases(np.random.default_rng(seed)))
    assert made, f"{name}: cases(rng) yields nothing, so nothing would be checked."
    for n, case in enumerate(made):
        x, held = case
        assert isinstance(x, tuple) and isinstance(held, dict), (
            f"{name}, case {n}: cases(rng) yields (tuple of arrays, dict), "
            f"not ({type(x).__name__}, {type(held).__name__})."
        )
        assert all(np.asarray(a).dtype.kind in "fc" for a in x), (
            f"{name}, case {n}: positional arrays are differentiated, so they "
            f"are float; integers are held keywords."
        )
        entries = sum(np.size(a) for a in x)
        assert entries <= LARGEST, (
            f"{name}, case {n}: {entries} entries are too many; the laws try every "
            f"direction, and small cases of odd shapes show more (at most {LARGEST})."
        )
    return tuple(
        Case(n, seed, tuple(np.asarray(a) for a in x), held)
        for n, (x, held) in enumerate(made)
    )


def names():
    """Every rule there is, as family/rule, in alphabetical order."""
    paths = SNIPPETS.glob("*/*.py")
    return sorted(
        f"{p.parent.name}/{p.stem}" for p in paths if p.parent.name not in TOOLS
    )


def orphan_oracles():
    oracles = {f"{p.parent.name}/{p.stem}" for p in ORACLES.glob("*/*.py")}
    return sorted(oracles - set(names()))


def function_name(name):
    """softmax/softmax -> softmax; reductions/sum -> sum_, as PEP 8 has it."""
    stem = name.split("/")[1]
    shadows = hasattr(builtins, stem) or keyword.iskeyword(stem)
    return stem + "_" if shadows else stem


@functools.cache
def load(name):
    """The rule family/rule from its files."""
    return build(name, path(name).read_text(encoding="utf-8"))


def path(name):
    return SNIPPETS / f"{name}.py"


def build(name, source, oracle=None):
    """The rule whose snippet is `source`: text, or the code of a mutant."""
    oracle = oracle or load_oracle(name)
    module = types.ModuleType("snippets." + name.replace("/", "."))
    if isinstance(source, str):
        source = compile(source, str(path(name)), "exec")
    exec(source, module.__dict__)
    shown = f"snippets/{name}.py"
    f_name = function_name(name)
    stem = name.split("/")[1]
    f = _require(module, f_name, shown)
    return Rule(
        name=name,
        f=f,
        jvp=_require(module, f"{stem}_jvp", shown),
        make_cases=_require(module, "cases", shown),
        oracle=oracle,
        # Straight-through and stop-gradient declare what stands in for y.
        smooth=getattr(module, "surrogate", None) or _value_of(f),
        analytic=getattr(module, "ANALYTIC", False),
        kinks=getattr(module, "KINKS", []),
        refuses=getattr(module, "REFUSES", []),
    )


def _require(module, attribute, shown):
    found = getattr(module, attribute, None)
    assert callable(found), f"{shown} has no function {attribute}."
    return found


def _value_of(f):
    return lambda *x, **held: f(*x, **held)[0]


@functools.cache
def load_oracle(name):
    file = ORACLES / f"{name}.py"
    assert file.exists(), (
        f"The rule {name} has no oracle: write tests/oracles/{name}.py "
        f"with a plain-loop `value` and by_jax, by_torch, by_autograd."
    )
    module = importlib.import_module("tests.oracles." + name.replace("/", "."))
    _require(module, "value", f"tests/oracles/{name}.py")
    return module

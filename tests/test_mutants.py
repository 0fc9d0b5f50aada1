"""Every one-edit mutant of every rule dies by a law, or is excused.

The first test is the claim; the others prove that it can fail.
"""

import types

import pytest

from tests import mutants, rules

SOFTMAX = "softmax/softmax"
RELU = "activations/relu"
MATMUL = "matrix_products/matmul"
EMBEDDING = "indexing/embedding"
BROADCAST = "shape_operations/broadcast_to"


@pytest.mark.parametrize("name", rules.names())
def test_mutants_die(name):
    verdict = mutants.examine(name)
    assert not verdict.complaint, verdict.complaint
    assert verdict.made, f"{name}: no mutant was made, so nothing was shown."


# Its only case is a vector of one entry: axis and keepdims cannot matter.
LOOSE = """
import numpy as np

def loose(x):
    y = 2.0 * x.sum(axis=0)

    def pullback(y_bar):
        return (np.broadcast_to(2.0 * y_bar, 1),)

    return y, pullback

def loose_jvp(x, x_dot):
    if x.size == 0:
        raise ValueError("a guard is not edited")
    return 2.0 * x.sum(axis=0), 2.0 * x_dot.sum(axis=0)

def cases(rng):
    yield (rng.normal(size=1),), {}
"""
SURVIVE = {
    "x.sum -> x.mean",
    "x.sum(axis=0) -> x.sum()",
    "x.sum(axis=0) -> x.sum(axis=-1)",
    "x_dot.sum -> x_dot.mean",
    "x_dot.sum(axis=0) -> x_dot.sum()",
    "x_dot.sum(axis=0) -> x_dot.sum(axis=-1)",
}


def examined(source=LOOSE, **excuses):
    oracle = types.ModuleType("oracle")
    vars(oracle).update(value=lambda x: 2.0 * x[0], **excuses)
    rule = rules.build("demo/loose", source, oracle)
    return mutants.examine("demo/loose", source, rule)


def test_surviving_mutants_fail():
    verdict = examined()
    assert {m.edit for m in verdict.surviving} == SURVIVE
    assert "line 15, loose_jvp: x_dot.sum -> x_dot.mean" in verdict.complaint
    assert "guard" not in verdict.complaint


def test_excused_mutants_pass():
    edits = {m.edit: "The one case has one entry." for m in examined().surviving}
    verdict = examined(EQUIVALENT=edits)
    assert not verdict.complaint and len(verdict.equivalent) == len(edits)


def test_excuse_without_a_reason_fails():
    edits = {m.edit: "" for m in examined().surviving}
    assert "says why" in examined(EQUIVALENT=edits).complaint


def test_mutants_of_a_wrong_rule_show_nothing():
    source = LOOSE.replace("(2.0 * y_bar", "(3.0 * y_bar")
    verdict = examined(source)
    assert "itself fails" in verdict.complaint and not verdict.made


@pytest.mark.parametrize("edit", ["2.0 -> 3.0", "no such edit"])
def test_stale_excuse_fails(edit):
    verdict = examined(EQUIVALENT={edit: "It is dead already."})
    assert verdict.stale == [edit] and edit in verdict.complaint


def test_crashed_is_not_killed():
    verdict = mutants.examine(MATMUL)
    assert verdict.crashed and verdict.killed["adjoint"]
    total = verdict.crashed + verdict.killed.total() + len(verdict.equivalent)
    assert total == verdict.made


def test_endless_mutant_counts_as_crashed(monkeypatch):
    monkeypatch.setattr(mutants, "PATIENCE", 0.2)
    source = LOOSE.replace(
        "    return 2.0 * x.sum", "    while x.size < 1: pass\n    return 2.0 * x.sum"
    )
    assert examined(source).crashed >= 2


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        (SOFTMAX, "s * s_bar -> s"),  # a factor dropped
        (SOFTMAX, "s_bar - (s * s_bar).sum(axis=axis, keepdims=True) -> s_bar"),
        (SOFTMAX, "(s * s_bar).sum -> (s * s_bar).mean"),
        (SOFTMAX, "True -> False"),  # keepdims
        (MATMUL, "Y_bar @ B.swapaxes(-1, -2) -> B.swapaxes(-1, -2) @ Y_bar"),
        (MATMUL, "B.swapaxes(-1, -2) -> B"),
        (MATMUL, "return (a_bar, b_bar) -> return (b_bar, a_bar)"),
        (EMBEDDING, "np.add.at(W_bar, ids, Y_bar) -> W_bar[ids] += Y_bar"),
        (RELU, "x > 0 -> x >= 0"),
        (RELU, "np.where(y > 0, y_bar, 0.0) -> np.where(y > 0, 0.0, y_bar)"),
        (BROADCAST, "g.sum -> g.mean"),  # in the helper
        (BROADCAST, "n == 1 -> n != 1"),
    ],
)
def test_the_classical_mutants_are_made(name, edit):
    source = rules.path(name).read_text(encoding="utf-8")
    assert edit in {mutant.edit for mutant, _ in mutants.mutants(name, source)}


def test_what_only_the_pullback_reads_is_edited():
    source = LOOSE.replace("    y = 2.0", "    slope = 2.0\n    y = 2.0")
    source = source.replace("(2.0 * y_bar", "(slope * y_bar")
    made = list(mutants.mutants("demo/loose", source))
    assert ("pullback", "2.0 -> 3.0") in {(m.region, m.edit) for m, _ in made}

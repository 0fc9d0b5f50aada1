"""Every rule is held to every law, by existing.

pytest tests/test_laws.py -k softmax          one rule, or a family
pytest tests/test_laws.py --seed 7            at other numbers
pytest tests/test_laws.py::test_adjoint       one law
"""

import pytest

from tests import laws, peers, rules

every_rule = pytest.mark.parametrize("name", rules.names())


def test_rules_are_found():
    assert rules.names(), f"No snippet was found under {rules.SNIPPETS}."


def test_no_oracle_without_a_rule():
    orphans = [f"tests/oracles/{name}.py" for name in rules.orphan_oracles()]
    assert not orphans, f"These oracles have no snippet of their name: {orphans}."


@every_rule
def test_value(name, seed):
    laws.value(rules.load(name), seed)


@every_rule
def test_adjoint(name, seed):
    laws.adjoint(rules.load(name), seed)


@every_rule
def test_tangent(name, seed):
    laws.tangent(rules.load(name), seed)


@pytest.mark.parametrize("which", peers.TITLES)
@every_rule
def test_peers(name, which, seed):
    rule = rules.load(name)
    function = peers.function_of(rule, which)
    if isinstance(function, str):
        pytest.skip(function)
    if peers.absent(which):
        pytest.skip(peers.absent(which))
    laws.peer(rule, seed, which)


@every_rule
def test_form(name, seed):
    laws.form(rules.load(name), seed)


@every_rule
def test_single(name, seed):
    laws.single(rules.load(name), seed)


@every_rule
def test_kinks(name):
    laws.kinks(rules.load(name))

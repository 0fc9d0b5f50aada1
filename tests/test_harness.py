"""The laws themselves on trial: each wrong rule must be caught.

Every entry of WRONG is an edit of a right snippet. `by` lists the laws that
catch it, first the one that should; every law not listed lets it through.
The table is exact, so that it also says what each law is blind to.
"""

import re
import types
from dataclasses import dataclass, replace

import numpy as np
import pytest

from tests import compare, differences, laws, peers, rules

SOFTMAX = "softmax/softmax"
RELU = "activations/relu"
MATMUL = "matrix_products/matmul"
EMBEDDING = "indexing/embedding"
BROADCAST = "shape_operations/broadcast_to"

# The lines of the right snippets that are edited.
S = "    s = e / e.sum(axis=axis, keepdims=True)\n"
S_BAR = "(s * (s_bar - (s * s_bar).sum(axis=axis, keepdims=True)),)"
S_DOT = "s * (z_dot - (s * z_dot).sum(axis=axis, keepdims=True))"
Y = "    y = np.maximum(x, 0.0)\n"
X_BAR = "return (np.where(y > 0, y_bar, 0.0),)"
X_DOT = "np.where(x > 0, x_dot, 0.0)"
ADD_AT = "np.add.at(W_bar, ids, Y_bar)"
ZEROS = "W_bar = np.zeros(W_shape, Y_bar.dtype)"
PAIR = "return a_bar, b_bar"
ADDED = "g.sum(axis=new + ones, keepdims=True).squeeze(new)"


@dataclass
class Wrong:
    what: str
    rule: str
    edits: dict  # text of the right snippet -> text of the wrong one
    by: str


PEERS = "jax torch autograd"
PULLBACK = f"adjoint {PEERS}"  # what a wrong pullback beside a right JVP meets

WRONG = [
    # The mistakes of every first backward pass.
    Wrong(
        "sign", SOFTMAX, {S_BAR: S_BAR.replace("(s * (s_bar", "(-s * (s_bar")}, PULLBACK
    ),
    Wrong(
        "factor 2",
        SOFTMAX,
        {S_BAR: S_BAR.replace("(s * (s_bar", "(2 * s * (s_bar")},
        PULLBACK,
    ),
    Wrong(
        "softmax with only its diagonal",
        SOFTMAX,
        {S_BAR: "(s * (1 - s) * s_bar,)"},
        PULLBACK,
    ),
    Wrong(
        "softmax without its dot product",
        SOFTMAX,
        {S_BAR: "(s * s_bar,)"},
        "kinks " + PULLBACK,
    ),
    Wrong(
        "sum over the wrong axis",
        SOFTMAX,
        {S_BAR: S_BAR.replace("axis=axis", "axis=-1")},
        PULLBACK,
    ),
    Wrong(
        "transpose, made to fit by reshape",
        MATMUL,
        {
            "A_bar = Y_bar @ B.swapaxes(-1, -2)": "A_bar = B @ Y_bar.swapaxes(-1, -2)",
            "unbroadcast(A_bar, A.shape)": "A_bar",
        },
        PULLBACK + " form single",
    ),
    Wrong(
        "one argument forgotten", MATMUL, {PAIR: "return a_bar, 0 * b_bar"}, PULLBACK
    ),
    Wrong(
        "cotangents in the wrong order",
        MATMUL,
        {PAIR: "return b_bar, a_bar"},
        PULLBACK + " form",
    ),
    Wrong(
        "missing sum over the batch",
        BROADCAST,
        {ADDED: "g.sum(axis=ones, keepdims=True)[(0,) * len(new)]"},
        PULLBACK,
    ),
    Wrong(
        "mean for sum",
        BROADCAST,
        {ADDED: "g.mean(axis=new + ones, keepdims=True).squeeze(new)"},
        "form " + PULLBACK,
    ),
    Wrong(
        "duplicates overwritten by +=",
        EMBEDDING,
        {ADD_AT: "W_bar[ids] += Y_bar"},
        PULLBACK,
    ),
    Wrong(
        "duplicates overwritten by =",
        EMBEDDING,
        {ADD_AT: "W_bar[ids] = Y_bar"},
        PULLBACK,
    ),
    Wrong(
        "gather where scatter is meant",
        EMBEDDING,
        {ADD_AT: "W_bar[:] = Y_bar.sum()"},
        PULLBACK,
    ),
    # The upstream.
    Wrong(
        "upstream ignored",
        RELU,
        {X_BAR: "return (np.where(y > 0, 1.0, 0.0),)"},
        "form single " + PULLBACK,
    ),
    Wrong(
        "upstream as a scalar",
        RELU,
        {X_BAR: "return (np.where(y > 0, y_bar.mean(), 0.0),)"},
        "form " + PULLBACK,
    ),
    Wrong(
        "upstream clipped",
        RELU,
        {X_BAR: "return (np.where(y > 0, y_bar.clip(-1, 1), 0.0),)"},
        "form " + PULLBACK,
    ),
    Wrong(
        "upstream's absolute value",
        RELU,
        {X_BAR: "return (np.where(y > 0, abs(y_bar), 0.0),)"},
        "form " + PULLBACK,
    ),
    Wrong(
        "upstream plus a crumb",
        RELU,
        {X_BAR: "return (np.where(y > 0, y_bar + 1e-12, 0.0),)"},
        "form",
    ),
    Wrong(
        "one entry out of forty half wrong",
        MATMUL,
        {PAIR: "b_bar.flat[-1:] *= 1.5\n        " + PAIR},
        PULLBACK,
    ),
    # Value and tangent.
    Wrong(
        "value off by 5e-10",
        SOFTMAX,
        {"return s, pullback": "return s * (1 + 5e-10), pullback"},
        "value adjoint tangent form single kinks",
    ),
    Wrong(
        "overflow without the shift",
        SOFTMAX,
        {"z - z.max(axis=axis, keepdims=True)": "z"},
        f"value {PEERS} form kinks",
    ),
    Wrong(
        "JVP without its second term",
        SOFTMAX,
        {S_DOT: "s * z_dot"},
        "tangent adjoint kinks",
    ),
    Wrong(
        "both doubled, so that they agree",
        SOFTMAX,
        {S_BAR: S_BAR.replace("(s * (s_bar", "(2 * s * (s_bar"), S_DOT: "2 * " + S_DOT},
        f"tangent {PEERS}",
    ),
    Wrong(
        "a value that the JVP gets wrong",
        RELU,
        {"return np.maximum(x, 0.0), ": "return np.minimum(x, 0.0), "},
        "value",
    ),
    # Side effects and state.
    Wrong(
        "upstream mutated",
        RELU,
        {X_BAR: "y_bar[y <= 0] = 0.0\n        return (y_bar,)"},
        "form kinks",
    ),
    Wrong("input mutated", RELU, {Y: "    y = np.maximum(x, 0.0, out=x)\n"}, "form"),
    Wrong(
        "pullback that accumulates",
        EMBEDDING,
        {
            "        " + ZEROS: "",
            "W_shape = W.shape": "W_bar = np.zeros(W.shape, W.dtype)",
        },
        "form",
    ),
    Wrong(
        "saved array used as scratch",
        SOFTMAX,
        {
            "return "
            + S_BAR: "s_old = s.copy()\n        s[...] *= 0.5\n        return "
            + S_BAR.replace("s *", "s_old *")
        },
        f"form {PEERS}",
    ),
    Wrong(
        "stale closure: the last call's output",
        RELU,
        {Y: Y + "    relu.y = y\n", "y > 0, y_bar": "relu.y > 0, y_bar"},
        "form",
    ),
    # Shapes, dtypes, layouts.
    Wrong("tuple too short", MATMUL, {PAIR: "return (a_bar,)"}, "form " + PULLBACK),
    Wrong(
        "no tuple",
        RELU,
        {X_BAR: "return np.where(y > 0, y_bar, 0.0)"},
        "form kinks " + PULLBACK,
    ),
    Wrong(
        "keepdims lost, and with it the axes of size 1",
        BROADCAST,
        {", keepdims=True).squeeze(new)": ")"},
        "form " + PULLBACK,
    ),
    Wrong(
        "float64 leaks into float32",
        EMBEDDING,
        {ZEROS: "W_bar = np.zeros(W_shape)"},
        "single",
    ),
    Wrong(
        "float64 leaks from a constant",
        SOFTMAX,
        {S: S + "    s = s * np.float64(1.0)\n"},
        "single",
    ),
    Wrong(
        "computed in float32",
        SOFTMAX,
        {
            "e = np.exp(z - ": "e = np.exp((z - ",
            "True))  # largest entry is 1": "True)).astype(np.float32)).astype(float)",
        },
        f"value tangent {PEERS} single",
    ),
    Wrong(
        "integer input, integer cotangent",
        RELU,
        {
            X_BAR: "x_bar = np.zeros_like(x)\n"
            "        x_bar[y > 0] = y_bar[y > 0]\n"
            "        return (x_bar,)"
        },
        "form",
    ),
    Wrong(
        "memory order for index order",
        RELU,
        {Y: '    y = np.maximum(x.ravel("K"), 0.0).reshape(np.shape(x))\n'},
        "form",
    ),
    # Choices.
    Wrong("slope 1 at the kink", RELU, {"y > 0, y_bar": "x >= 0, y_bar"}, "kinks"),
    Wrong(
        "another slope in the JVP at the kink",
        RELU,
        {X_DOT: X_DOT.replace(">", ">=")},
        "kinks",
    ),
    Wrong("a negative id let through", EMBEDDING, {"(ids < 0).any()": "False"}, "form"),
]


def oracle_of(**functions):
    oracle = types.ModuleType("oracle")
    vars(oracle).update(functions)
    return oracle


def here(law):
    """Without PyTorch installed its law is not on trial, except in CI."""
    return law not in peers.TITLES or not peers.absent(law)


def verdicts(rule):
    """{law: why it does not let the rule through}, laws that hold left out."""
    found = {}
    for law in filter(here, laws.LAWS):
        try:
            laws.LAWS[law](rule)
        except AssertionError as error:
            found[law] = f"caught: {error}"
        except Exception as error:
            found[law] = f"crashed: {error!r}"
    return found


def wrong_rule(wrong):
    source = rules.path(wrong.rule).read_text(encoding="utf-8")
    for right, edited in wrong.edits.items():
        assert right in source, f"{wrong.what}: {right!r} is not in {wrong.rule}."
        source = source.replace(right, edited)
    return rules.build(wrong.rule, source)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.what)
def test_wrong_rule_is_caught(wrong):
    expected = [*filter(here, wrong.by.split())]
    found = verdicts(wrong_rule(wrong))
    assert found.get(expected[0], "let through").startswith("caught"), (
        f"{wrong.what}: {expected[0]} should catch it: {found}"
    )
    assert set(found) == set(expected), f"{wrong.what}: {found}"
    for law in set(expected) & {"adjoint", "tangent", "value", "form", "single"}:
        assert wrong.rule in found[law] or "crashed" in found[law], found[law]


@pytest.mark.parametrize("name", [SOFTMAX, RELU, MATMUL, EMBEDDING, BROADCAST])
def test_right_rule_is_let_through(name):
    assert not verdicts(rules.load(name))


def test_only_the_peers_know_another_function():
    """Rule, JVP and definition share a wrong idea: every law of ours holds."""
    source = rules.path(RELU).read_text(encoding="utf-8")
    name = "np.maximum(x, 0.0)"
    shared = source.replace(name, "0.5 * np.maximum(x, 0.0)")
    shared = shared.replace(X_BAR, "return (np.where(y > 0, 0.5 * y_bar, 0.0),)")
    shared = shared.replace(X_DOT, "np.where(x > 0, 0.5 * x_dot, 0.0)")
    right = rules.load(RELU).oracle
    asked = {f"by_{peer}": getattr(right, f"by_{peer}") for peer in peers.TITLES}
    oracle = oracle_of(value=lambda x: 0.5 * right.value(x), **asked)
    found = verdicts(replace(rules.build(RELU, shared, oracle), kinks=[]))
    assert shared.count("0.5 *") >= 3
    assert set(found) == set(filter(here, PEERS.split())), found


def test_the_page_on_proof_tells_who_catches_what():
    """docs/how_we_know.md: its table of wrong rules is that of this file."""
    page = (rules.ROOT / "docs" / "how_we_know.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| `(\w+)` \| ([a-z, ]+) \|$", page, re.MULTILINE)
    known = {(w.what, w.rule.split("/")[1]): set(w.by.split()) for w in WRONG}
    known["one half in the rule and in its definition", "relu"] = set(PEERS.split())
    told = {(what, of): set(by.split(", ")) for what, of, by in rows}
    assert len(rows) == len(told)
    for key, by in told.items():
        laws_told = by - {"peers"} | (set(PEERS.split()) if "peers" in by else set())
        assert laws_told == known[key], key
    alone = {key for key, by in known.items() if len(by) == 1}
    assert alone <= set(told), f"missing from the page: {alone - set(told)}"


def test_enough_wrong_rules():
    assert len(WRONG) >= 20
    # Every law is the one that should catch something, the peers as one law.
    assert {wrong.by.split()[0] for wrong in WRONG} | {"jax", "torch", "autograd"} == (
        set(laws.LAWS)
    )


# --- several outputs, complex numbers, surrogates -------------------------

TURN = """
import numpy as np

def turn(x, r):
    y = r * np.cos(x), r * np.sin(x)

    def pullback(c_bar, s_bar):
        x_bar = r * (np.cos(x) * s_bar - np.sin(x) * c_bar)
        return x_bar, np.cos(x) * c_bar + np.sin(x) * s_bar

    return y, pullback

def turn_jvp(x, r, x_dot, r_dot):
    c, s = np.cos(x), np.sin(x)
    return (r * c, r * s), (r_dot * c - r * s * x_dot, r_dot * s + r * c * x_dot)

def cases(rng):
    yield (rng.normal(size=3), rng.normal(size=3)), {}

ANALYTIC = True
"""


def turn(edits):
    def by_jax(x, r):
        import jax.numpy as jnp

        return r * jnp.cos(x), r * jnp.sin(x)

    def by_torch(x, r):
        return r * x.cos(), r * x.sin()

    def by_autograd(x, r):
        import autograd.numpy as anp

        return r * anp.cos(x), r * anp.sin(x)

    def value(x, r):
        return r * np.cos(x), r * np.sin(x)

    oracle = oracle_of(
        value=value, by_jax=by_jax, by_torch=by_torch, by_autograd=by_autograd
    )
    source = TURN
    for right, edited in edits.items():
        assert right in source
        source = source.replace(right, edited)
    return rules.build("demo/turn", source, oracle)


@pytest.mark.parametrize(
    ("edits", "by"),
    [
        ({}, ""),
        ({"- np.sin(x) * c_bar": "+ np.sin(x) * c_bar"}, f"{PULLBACK}"),
        ({"+ np.sin(x) * s_bar": ""}, PULLBACK),
        ({"r_dot * s + r * c * x_dot": "r_dot * s"}, "tangent adjoint"),
        ({"return (r * c, r * s)": "return (r * s, r * c)"}, "value"),
    ],
)
def test_rules_of_several_outputs(edits, by):
    found = verdicts(turn(edits))
    assert set(found) == {*filter(here, by.split())}, found


SQUARE = """
import numpy as np

def square(z):
    return z * z, lambda y_bar: (2 * {factor} * y_bar,)

def square_jvp(z, z_dot):
    return z * z, 2 * z * z_dot

def cases(rng):
    yield (rng.normal(size=3) + 1j * rng.normal(size=3),), {{}}
"""


def test_complex_rules_pair_by_the_real_part():
    oracle = oracle_of(value=lambda z: np.array([entry**2 for entry in z]))
    right = rules.build("demo/square", SQUARE.format(factor="np.conj(z)"), oracle)
    for law in (laws.value, laws.adjoint, laws.tangent, laws.form, laws.single):
        law(right)
    wrong = rules.build("demo/square", SQUARE.format(factor="z"), oracle)
    with pytest.raises(AssertionError):
        laws.adjoint(wrong)


STEP = """
import numpy as np

def step(x):
    return np.where(x > 0, 1.0, 0.0), lambda y_bar: (1.0 * y_bar,)

def step_jvp(x, x_dot):
    return np.where(x > 0, 1.0, 0.0), 1.0 * x_dot

def cases(rng):
    yield (rng.uniform(0.1, 1, size=3),), {}
"""


def test_a_surrogate_stands_in_for_the_value():
    with pytest.raises(AssertionError, match="differences"):
        laws.tangent(rules.build("demo/step", STEP, oracle_of(value=None)))
    declared = STEP + "\ndef surrogate(x):\n    return x\n"
    laws.tangent(rules.build("demo/step", declared, oracle_of(value=None)))


# --- the measure of error -------------------------------------------------

SMALL = """
def small(x):
    y = 1e-8 * x

    def pullback(y_bar):
        return ({slope} * y_bar,)

    return y, pullback

def small_jvp(x, x_dot):
    return 1e-8 * x, {slope} * x_dot

def cases(rng):
    yield (rng.normal(size=3),), {{}}
"""


def small(slope, **peers_of_it):
    oracle = oracle_of(value=lambda x: 1e-8 * x, **peers_of_it)
    return rules.build("demo/small", SMALL.format(slope=slope), oracle)


@pytest.mark.parametrize("law", [laws.value, laws.adjoint, laws.tangent, laws.form])
def test_small_gradient_passes(law):
    law(small("1e-8"))


def test_there_is_no_floor_for_the_adjoint():
    forgotten = rules.build(
        "demo/small",
        SMALL.format(slope="1e-8").replace("(1e-8 * y_bar,)", "(0 * y_bar,)"),
        small("1e-8").oracle,
    )
    with pytest.raises(AssertionError, match="against the JVP"):
        laws.adjoint(forgotten)


def test_there_is_no_floor_for_the_tangent():
    laws.adjoint(small("0.0"))  # pullback and JVP agree
    with pytest.raises(AssertionError, match="differences"):
        laws.tangent(small("0.0"))


def test_there_is_no_floor_for_the_peers():
    by_jax = small("1e-8").oracle.value
    with pytest.raises(AssertionError, match="against JAX"):
        laws.peer(small("0.0", by_jax=by_jax), which="jax")


def test_nan_and_inf_must_stand_in_place():
    a = np.array([1.0, np.nan, np.inf])
    assert compare.worst(a, a) == (0.0, (0,))
    assert compare.worst(a, np.array([1.0, np.nan, -np.inf]))[0] == np.inf
    assert compare.worst(np.array([np.nan]), np.array([1.0])) == (np.inf, (0,))
    assert compare.worst(np.array([1.0]), np.array([np.nan])) == (np.inf, (0,))


def test_zero_reference_wants_zero():
    zero = np.zeros(2)
    assert compare.worst(zero, zero)[0] == 0.0
    assert compare.worst(np.array([0.0, 1e-300]), zero)[0] > 1e6
    compare.require_near(zero, np.array([0.0, 1e-17]), 1e-9, "here", "it", noise=1e-14)
    with pytest.raises(AssertionError):
        compare.require_near(zero, np.array([0.0, 1e-17]), 1e-9, "here", "it")


def test_empty_arrays_still_need_their_shape():
    compare.require_near(np.zeros((0, 2)), np.zeros((0, 2)), 0.0, "here", "it")
    with pytest.raises(AssertionError, match="shape"):
        compare.require_near(np.zeros((0, 2)), np.zeros((0, 3)), 0.0, "here", "it")


# --- the tangent law knows what it cannot know ----------------------------

SIGMOID = """
import numpy as np

def f(x):
    y = 1 / (1 + np.exp(-x))
    return y, lambda y_bar: (y_bar * {slope},)

def f_jvp(x, x_dot):
    y = 1 / (1 + np.exp(-x))
    return y, x_dot * {slope}

def cases(rng):
    yield (np.array([30.0]),), {{}}

ANALYTIC = {analytic}
"""
HONEST = "y * (1 / (1 + np.exp(x)))"
CANCELS = "y * (1 - y)"  # at 30: right to three digits


def sigmoid(slope, analytic=False, **precise):
    source = SIGMOID.format(slope=slope, analytic=analytic)
    return rules.build("demo/f", source, oracle_of(value=None, **precise))


def sigmoid_mp(x):
    import mpmath

    return np.array([1 / (1 + mpmath.exp(-entry)) for entry in x], dtype=object)


def test_differences_ask_for_help_at_saturation():
    for slope in (HONEST, CANCELS):
        with pytest.raises(AssertionError, match=r"ANALYTIC.*precise"):
            laws.tangent(sigmoid(slope))


def test_complex_step_decides_at_saturation():
    laws.tangent(sigmoid(HONEST, analytic=True))
    with pytest.raises(AssertionError, match="complex step"):
        laws.tangent(sigmoid(CANCELS, analytic=True))


def test_mpmath_decides_at_saturation():
    laws.tangent(sigmoid(HONEST, precise=sigmoid_mp))
    with pytest.raises(AssertionError, match="mpmath"):
        laws.tangent(sigmoid(CANCELS, precise=sigmoid_mp))


def test_a_plain_error_is_called_wrong_not_undecided():
    with pytest.raises(AssertionError, match="off by no more than"):
        laws.tangent(sigmoid("0.1"))


@pytest.mark.parametrize(
    ("f", "slope", "x"),
    [
        (np.exp, np.exp, 3.0),
        (np.sin, np.cos, 1000.0),
        (np.log, lambda x: 1 / x, 0.1),
        (np.tanh, lambda x: 1 / np.cosh(x) ** 2, 2.0),
        (lambda x: x**7, lambda x: 7 * x**6, -1.3),
        (lambda x: np.sin(10 * x), lambda x: 10 * np.cos(10 * x), 0.7),
        (lambda x: (x + 1e6) - 1e6, lambda x: 1.0, 0.3),  # noise of its own
    ],
)
def test_differences_estimate_their_error_honestly(f, slope, x):
    case = rules.Case(0, 0, (np.array([x]),), {})
    [(derivative, error)] = differences.by_differences(f, case, 0)
    assert abs(derivative[0, 0] - slope(x)) <= 3 * error[0, 0]
    assert error[0, 0] <= 1e-7 * abs(slope(x)) or f(1.0) == (1.0 + 1e6) - 1e6


# --- what is missing fails by name ----------------------------------------


def test_missing_oracle_fails_by_name():
    with pytest.raises(AssertionError, match=r"tests/oracles/demo/lost\.py"):
        rules.build("demo/lost", "def lost(x): ...")


@pytest.mark.parametrize("part", ["def small(", "def small_jvp(", "def cases("])
def test_missing_function_fails_by_name(part):
    source = SMALL.format(slope="1e-8").replace(part, "def other(")
    function = part.removeprefix("def ").rstrip("(")
    with pytest.raises(AssertionError, match=f"small.py has no function {function}"):
        rules.build("demo/small", source, oracle_of())


def test_missing_peer_fails_by_name():
    with pytest.raises(AssertionError, match=r"demo/small\.py has neither.*by_torch"):
        laws.peer(small("1e-8"), which="torch")


def test_reason_in_place_of_a_peer():
    laws.peer(small("1e-8", by_torch="PyTorch has no such rule."), which="torch")


def test_peer_may_not_decline_every_case():
    def by_autograd(x):
        raise NotImplementedError("not at this shape")

    with pytest.raises(AssertionError, match="declines every case"):
        laws.peer(small("1e-8", by_autograd=by_autograd), which="autograd")


@pytest.mark.parametrize("which", peers.TITLES)
def test_peer_that_raises_is_named(which):
    if not here(which):
        pytest.skip(peers.absent(which))

    def broken(x):
        raise TypeError("no such argument")

    with pytest.raises(AssertionError, match="no such argument"):
        laws.peer(small("1e-8", **{f"by_{which}": broken}), which=which)


def test_torch_is_required_in_ci(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(peers, "installed", lambda peer: False)
    assert peers.absent("torch")
    with pytest.raises(AssertionError, match="JAX is not installed"):
        peers.absent("jax")
    monkeypatch.setenv("CI", "1")
    with pytest.raises(AssertionError, match="PyTorch is not installed"):
        peers.absent("torch")


def test_cases_that_yield_nothing_fail():
    source = SMALL.format(slope="1e-8").replace("    yield", "    return\n    yield")
    rule = rules.build("demo/small", source, oracle_of(value=None))
    with pytest.raises(AssertionError, match="yields nothing"):
        laws.value(rule)


def test_other_seeds_give_other_numbers():
    rule = rules.load(SOFTMAX)
    first, again, other = (rule.cases(seed)[0].x[0] for seed in (0, 0, 1))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


@pytest.mark.parametrize("seed", [0, 1])
def test_upstream_is_not_the_input_again(seed):
    """The first numbers that cases(rng) draws must not come back as y_bar."""
    drawn = np.random.default_rng(seed).normal(size=6)
    case = types.SimpleNamespace(seed=seed, number=0)
    (y_bar,) = laws.upstream(drawn, case)
    assert np.abs(np.corrcoef(y_bar, drawn)[0, 1]) < 0.999

"""The record says what a run saw, and holds only for the files that the run read."""

import re

import markdown
import numpy as np
import pytest

from handbook import record
from handbook.blocks import catalogue
from tests import laws, mutants, rules
from tests import record as run
from tests.compare import measured, report, require_near

SOFTMAX = "softmax/softmax"
RELU = "activations/relu"


def test_every_rule_has_a_record_that_holds():
    stale = record.stale()
    assert not stale, (
        f"No record holds for {', '.join(stale)}: their files have changed since, or "
        f"the laws have. `make record` proves them again and writes it."
    )


def test_no_record_without_a_rule():
    assert set(record.read()) <= set(rules.names())


def test_measured_collects_what_is_compared():
    with measured() as outer:
        require_near(np.array([1.0, 2.0]), np.array([1.0, 2.5]), 0.3, "a", "the value")
        with measured() as inner:
            report("b", 0.0, 0.3)
    require_near(1.0, 1.0, 0.0, "c", "the value")  # nobody listens any more
    assert outer == [("a", 0.2, 0.3), ("b", 0.0, 0.3)] and inner == [("b", 0.0, 0.3)]


@pytest.mark.parametrize(
    ("law", "right", "wrong", "off"),
    [
        ("value", "return y, ", "return y * (1 + 5e-13), ", 5e-13),
        (
            "adjoint",
            "return (np.where(y > 0, ",
            "return ((1 + 5e-11) * np.where(y > 0, ",
            5e-11,
        ),
    ],
    ids=["value", "adjoint"],
)
def test_a_small_error_is_recorded(law, right, wrong, off):
    """A rule that is off, but within the bar, is recorded as off by so much."""
    source = rules.path(RELU).read_text(encoding="utf-8")
    assert right in source
    rule = rules.build(RELU, source.replace(right, wrong))
    assert max(run.hold(rules.load(RELU), law)["errors"].values()) < off / 10
    error = max(run.hold(rule, law)["errors"].values())
    assert off / 2 < error < 2 * off


def test_a_law_that_fails_leaves_no_figures():
    source = rules.path(RELU).read_text(encoding="utf-8")
    wrong = rules.build(RELU, source.replace("y > 0", "y < 0"))
    with pytest.raises(AssertionError):
        run.hold(wrong, "adjoint")


def test_every_case_is_counted():
    rule = rules.load(SOFTMAX)
    for law in ("value", "adjoint", "tangent", "form"):
        assert run.hold(rule, law)["places"] == len(rule.cases(0))


def test_the_fates_add_up():
    for name, entry in record.read().items():
        found = entry["mutants"]
        died = sum(found["killed"].values()) + found["crashed"]
        assert found["made"] == died + len(found["equivalent"]), name
        assert set(entry["laws"]) | set(entry["lacking"]) | {"kinks"} == set(laws.LAWS)
        assert set(found["killed"]) <= set(mutants.ORDER)


@pytest.fixture
def project(tmp_path):
    files = {
        "snippets/a/b.py": "import numpy as np\nfrom snippets.a.helper import h\n",
        "snippets/a/helper.py": "h = 1\n",
        "snippets/a/other.py": "",
        "tests/oracles/a/b.py": "",
        "tests/oracles/a/other.py": "",
        "tests/laws.py": "from tests import compare\n",
        "tests/mutants.py": "import tests.rules\n",
        "tests/compare.py": "",
        "tests/rules.py": "",
        "tests/conftest.py": "",
        "handbook/here": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


PROVES = [
    "snippets/a/b.py",
    "snippets/a/helper.py",
    "tests/compare.py",
    "tests/laws.py",
    "tests/mutants.py",
    "tests/oracles/a/b.py",
    "tests/rules.py",
]


def test_what_a_proof_rests_on(project):
    found = record.proof_files("a/b", project)
    assert [path.relative_to(project).as_posix() for path in found] == PROVES


@pytest.mark.parametrize("name", [*PROVES, "tests/conftest.py", "snippets/a/other.py"])
def test_a_changed_file_makes_a_record_stale(name, project):
    entry = {"proof": record.proof("a/b", project)}
    record.write({"a/b": entry}, project)
    assert record.current("a/b", project) == entry
    path = project / name
    path.write_text(path.read_text() + "# another byte\n")
    assert (record.current("a/b", project) is None) == (name in PROVES)


def test_the_record_is_written_in_one_way(project):
    record.write({"b": {"y": 1, "x": 2}, "a": {}}, project)
    first = (project / record.RECORD).read_bytes()
    record.write({"a": {}, "b": {"x": 2, "y": 1}}, project)
    assert first == (project / record.RECORD).read_bytes()


def test_rules_of_the_record_are_of_the_catalogue():
    for name in record.read():
        family, _, rule = name.partition("/")
        assert rule in catalogue()[family]


ENTRY = {
    "proof": "",
    "date": "2026-11-05",
    "commit": "0123456789+",
    "seed": 0,
    "versions": {"python": "3.11.7", "numpy": "2.4.6", "jax": "0.10.2"},
    "cases": 8,
    "laws": {
        "tangent": {"places": 7, "errors": {"1e-07": 2e-13, "1e-12": 0.0}},
        "jax": {"places": 1, "errors": {"1e-09": 1.5e-14}},
        "kinks": {"places": 2, "errors": {"exact": 0.0}},
    },
    "lacking": {"autograd": "autograd has no such function."},
    "mutants": {
        "made": 9,
        "killed": {"adjoint": 4, "value": 2},
        "crashed": 2,
        "equivalent": [{"where": "pullback", "edit": "a -> b", "reason": "Same."}],
    },
    "disagreements": [],
}


def shown(monkeypatch, entries, block=f"rule | {SOFTMAX}"):
    monkeypatch.setattr(record, "read", lambda root=record.ROOT: entries)
    html = markdown.markdown(f"/// {block}\n///\n", extensions=["handbook.blocks"])
    return " ".join(re.sub(r"<[^>]+>", " ", html).split()), html


def test_what_a_page_shows_is_the_record(monkeypatch):
    text, html = shown(monkeypatch, {SOFTMAX: ENTRY | {"proof": record.proof(SOFTMAX)}})
    for words in (
        "Proved 5 November 2026: 2 laws at 8 cases, 1 peer, "
        "6 of 9 mutants killed, 2 crash, 1 equivalent",
        "tangent 7 cases 2e-13 of 1e-7 0 of 1e-12",
        "JAX 0.10.2 1 case 1.5e-14 of 1e-9",
        "HIPS autograd autograd has no such function.",
        "kinks 2 points exact",
        "Run at commit 0123456789+ with seed 0, Python 3.11.7, NumPy 2.4.6.",
    ):
        assert words in text
    assert "PyTorch" not in text.split("Proved")[1] and "adjoint" not in text
    assert "data-search-exclude" in html


def test_figures_of_proof_are_those_of_the_record(monkeypatch):
    """A record that no longer holds counts for nothing."""
    held = {SOFTMAX: ENTRY | {"proof": record.proof(SOFTMAX)}, RELU: ENTRY}
    text, _ = shown(monkeypatch, held, "proof | figures")
    rules_ = len(rules.names())
    assert f"holds 1 of {rules_} times" in text
    assert "one input 10 is" in text and "autograd 1.5e-14 wrong" in text
    assert "excused 8 of 9" in text
    text, _ = shown(monkeypatch, {}, "proof | figures")
    assert f"holds 0 of {rules_}" in text and "excused 0 of 0" in text


@pytest.mark.parametrize("entries", [{}, {SOFTMAX: ENTRY | {"proof": "of others"}}])
def test_no_record_no_badge(monkeypatch, entries):
    assert "Proved" not in shown(monkeypatch, entries)[0]

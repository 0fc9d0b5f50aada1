"""The count of what the doctor names: it asks, and it can find the doctor wrong."""

import pytest

from snippets.checking.gradient_doctor import Finding, Report
from tests import doctor_report, rules

SOFTMAX = "softmax/softmax"


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        ("a + b -> a - b", "sign"),
        ("a - b -> b - a", "sign"),
        ("a - b -> a", "dropped term"),
        ("a * b -> b", "dropped factor"),
        ("a * b -> a / b", "inverted factor"),
        ("a @ b -> b @ a", "swapped operands"),
        ("a @ b -> a.mT @ b", "transposed"),
        ("a.T -> a", "transposed"),
        ("g.sum -> g.mean", "sum for mean"),
        ("g.sum(axis=0) -> g", "dropped call"),
        ("g.sum(axis=0) -> g.sum(axis=-1)", "axis"),
        ("g.sum(keepdims=True) -> g.sum()", "keepdims"),
        ("x > 0 -> x >= 0", "branch"),
        ("2.0 -> 3.0", "constant"),
        ("a[::-1] -> a", "index"),
        ("-a -> a", "sign"),
        ("np.add.at(d, i, g) -> d[i] += g", "accumulation"),
        ("d += g -> d = g", "accumulation"),
        ("return (a, b) -> return (b, a)", "results swapped"),
        ("return a -> return -a", "sign"),
    ],
)
def test_kind_of_an_edit(edit, kind):
    assert doctor_report.kind(edit) == kind


def verdicts(name=SOFTMAX):
    outcomes = doctor_report.examine(name)
    assert isinstance(outcomes, list), outcomes
    return [out for out in outcomes if out.code]


def test_softmax_is_judged():
    outcomes = verdicts()
    assert len(outcomes) >= 15
    assert not [out for out in outcomes if out.verdict == "wrong"]
    right = [out for out in outcomes if out.verdict == out.by_edit == "right"]
    assert len(right) >= 10
    shown = doctor_report.table(outcomes)
    assert shown.startswith(f"| {len(outcomes)} wrong backward passes of 1 rules")


def test_the_figures_on_the_page_are_of_all_rules():
    """The count itself takes minutes; that a rule is missing from it is seen here."""
    page = doctor_report.PAGE.read_text(encoding="utf-8")
    begin, end = doctor_report.MARKS
    counted = page.split(begin)[1].split(end)[0].split(" rules")[0].split()[-1]
    assert int(counted) == len(rules.names()), "python -m tests.doctor_report --write"


def test_a_name_of_chance_is_wrong(monkeypatch):
    """A doctor that says the first thing that comes to mind is found out."""
    said = iter(range(10_000))

    def guess(*x, **options):
        return Report([Finding(f"name-{next(said)}", "Something is wrong.")])

    monkeypatch.setattr(doctor_report, "diagnose", guess)
    assert {out.verdict for out in verdicts()} == {"wrong"}


def test_ok_is_wrong(monkeypatch):
    monkeypatch.setattr(
        doctor_report, "diagnose", lambda *x, **o: Report([Finding("ok", "Fine.")])
    )
    assert {out.verdict for out in verdicts()} == {"wrong"}


def test_a_claim_about_the_edit_must_follow(monkeypatch):
    """`mutates-input` is repeatable here, and no edit of softmax does that."""
    monkeypatch.setattr(
        doctor_report,
        "diagnose",
        lambda *x, **o: Report([Finding("mutates-input", "It writes.")]),
    )
    assert {out.verdict for out in verdicts()} == {"wrong"}


def test_every_name_that_claims_an_edit_exists():
    doctor = (rules.SNIPPETS / "checking" / "gradient_doctor.py").read_text("utf-8")
    assert all(f'"{code}"' in doctor for code in doctor_report.HAPPENED)

"""How often the gradient doctor names a wrong backward pass, and how often wrongly.

    python -m tests.doctor_report             every rule
    python -m tests.doctor_report softmax     rules whose name contains this
    python -m tests.doctor_report --write     put the figures on docs/doctor.md

Each one-edit mutant that tests/mutants.py makes of a rule's pullback is shown to the
doctor at the first case of the rule at which a gradient comes out wrong, for the first
argument for which it does.  (The doctor has a list of edits of its own, for
fingerprints; the mutants here are not made by it.)

Without reference: from the two functions and the input alone.  A name is *right* when

  - the numbers of another seed, which the doctor has not seen, get that name too, and
  - a name that says what was done (HAPPENED) follows from the kind of edit;

otherwise it is *wrong*, as is `ok`.  `unexplained` and `check-at-fault` name nothing.

With reference: the source of the rule, single edits only.  Right when the edit that is
shown stands on the line that was edited; *elsewhere* when another line gives the same
numbers; unexplained when no edit does.
"""

import argparse
import ast
import contextlib
import multiprocessing
import re
import sys
import time
import traceback
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from snippets.checking.gradient_doctor import diagnose, from_pullback
from tests import mutants, rules
from tests.compare import as_tuple, random_like

PAGE = Path(__file__).resolve().parent.parent / "docs" / "doctor.md"
MARKS = "<!-- doctor-report -->", "<!-- /doctor-report -->"

# What a name claims was done, and the kinds of edit of which that is true.
HAPPENED = {
    "duplicate-index-overwrite": {"accumulation"},
    "gather-for-scatter": {"accumulation", "dropped statement"},
    "unbroadcast-mean": {"sum for mean"},
    "upstream-ignored": {"dropped factor", "dropped call", "function", "branch"},
    "not-linear-in-upstream": {
        *("dropped factor", "dropped term", "dropped call", "inverted factor"),
        *("constant", "swapped operands", "function", "branch"),
    },
    "triangular-not-symmetrized": {"function", "dropped call"},
    "symmetric-double-count": {"dropped call", "constant"},
    "nondeterministic-forward": set(),
    "mutates-input": set(),
    "mutates-upstream": {"dropped call"},
    "stateful-accumulation": set(),
    "integer-input": set(),
    "forward-raises": set(),
}
NOTHING = {"unexplained", "check-at-fault"}


# -- the kind of an edit


def kind(edit):
    """Name the kind of an edit, "before -> after" as tests/mutants.py writes it."""
    before, _, after = edit.partition(" -> ")
    try:
        old, new = ast.parse(before).body[0], ast.parse(after).body[0]
    except SyntaxError:  # a return outside a function is one to compile, not to parse
        return "other"
    if isinstance(old, ast.Expr) and isinstance(new, ast.Expr):
        return kind_of_expression(old.value, new.value)
    if isinstance(new, ast.Pass):
        return "dropped statement"
    if isinstance(old, ast.Return):
        return "sign" if after.count("-") > before.count("-") else "results swapped"
    if isinstance(old, ast.AugAssign | ast.Expr):
        return "accumulation"
    return "sign" if isinstance(old, ast.Assign) else "branch"


def kind_of_expression(old, new):
    for kinds, name in (
        (ast.Constant, "constant"),
        (ast.Subscript, "index"),
        (ast.Compare | ast.BoolOp | ast.IfExp, "branch"),
        (ast.UnaryOp, "sign"),
    ):
        if isinstance(old, kinds):
            return name
    if isinstance(old, ast.BinOp):
        return kind_of_binary(old, new)
    if isinstance(old, ast.Attribute):
        if old.attr in ("T", "mT"):
            return "transposed"
        return "sum for mean" if old.attr in ("sum", "mean") else "function"
    if isinstance(new, ast.Call) and ast.unparse(new.func) == ast.unparse(old.func):
        named = {k.arg for k in old.keywords} - {k.arg for k in new.keywords}
        if "keepdims" in named:
            return "keepdims"
        return "axis" if old.keywords != new.keywords else "swapped operands"
    return "dropped call"


def kind_of_binary(old, new):
    additive = isinstance(old.op, ast.Add | ast.Sub)
    sides = [ast.unparse(old.left), ast.unparse(old.right)]
    if ast.unparse(new) in sides:
        return "dropped term" if additive else "dropped factor"
    if type(new.op) is not type(old.op):
        return "sign" if additive else "inverted factor"
    if isinstance(old.op, ast.MatMult) and ast.unparse(new.left) != sides[1]:
        return "transposed"
    return "sign" if additive else "swapped operands"


# -- one mutant


@dataclass
class Outcome:
    rule: str
    mutant: str
    kind: str
    code: str  # the first name, without reference; "" where nothing was asked
    verdict: str  # right, wrong, unexplained; crashed, same
    by_edit: str = ""  # right, elsewhere, unexplained
    seconds: float = 0.0
    said: str = ""


def spoilt(name, code, rule):
    """The value of the rule and the pullback of the mutant, for diagnose."""
    built = rules.build(name, code, rule.oracle)
    f, _ = from_pullback(rule.f)
    return f, from_pullback(built.f)[1]


def first_wrong(rule, f_vjp):
    """The case and the argument at which the mutant is wrong; or a word."""
    crashed = False
    for case in rule.cases(0):
        x, held = case.fresh()
        with np.errstate(all="ignore"):
            y, pullback = rule.f(*x, **held)
            y_bar = tuple(random_like(part, 4) for part in as_tuple(y))
            given = y_bar if isinstance(y, tuple) else y_bar[0]
            try:
                ours = f_vjp(given, *x, **held)
            except Exception:
                crashed = True
                continue
            rights = pullback(*y_bar)
            if not isinstance(ours, tuple | list) or len(ours) != len(rights):
                return case, 0
            for i, (one, right) in enumerate(zip(ours, rights, strict=True)):
                if differs(one, right):
                    return case, i
    return "crashed" if crashed else "same"


def differs(ours, right):
    ours, right = np.asarray(ours), np.asarray(right)
    if ours.shape != right.shape:
        return right.size > 0
    gap, size = np.abs(ours - right), np.abs(right).max(initial=0.0)
    return bool(right.size) and not (gap <= 1e-5 * size).all()


def ask(f, f_vjp, case, wrt, source=None):
    x, held = case.fresh()
    return diagnose(f, f_vjp, *x, wrt=wrt, reference=source, budget=0, **held)


def judge(name, mutant, code, source):
    out = Outcome(name, str(mutant), kind(mutant.edit), "", "crashed")
    rule = rules.load(name)
    try:
        with mutants._patience():
            f, f_vjp = spoilt(name, code, rule)
            found = first_wrong(rule, f_vjp)
            if isinstance(found, str):
                out.verdict = found
                return out
            case, wrt = found
            started = time.process_time()
            report = ask(f, f_vjp, case, wrt, source)
            out.seconds = time.process_time() - started
    except TimeoutError:
        return out
    hits = [hit for hit in report.findings if hit.code != "edit"]
    edits = [hit for hit in report.findings if hit.code == "edit"]
    out.code = hits[0].code if hits else "unexplained"
    out.said, out.by_edit = str(report), "unexplained"
    if edits:
        line = int(re.search(r"line (\d+)", edits[0].evidence)[1])
        out.by_edit = "right" if line == mutant.line else "elsewhere"
    out.verdict = "unexplained" if out.code in NOTHING else "wrong"
    follows = out.kind in HAPPENED.get(out.code, {out.kind})
    if out.verdict == "wrong" and follows and not report.ok:
        with contextlib.suppress(TimeoutError), mutants._patience():
            again = ask(f, f_vjp, rule.cases(1)[case.number], wrt)
            if out.code in [hit.code for hit in again.findings]:
                out.verdict = "right"
    return out


def examine(name):
    """Every mutant of the pullback of a rule; an exception of the doctor is shown."""
    source = rules.path(name).read_text(encoding="utf-8")
    shown = source.split("\ndef cases")[0]
    try:
        return [
            judge(name, mutant, code, shown)
            for mutant, code in mutants.mutants(name, source)
            if not mutant.region.endswith("_jvp")
        ]
    except Exception:
        return f"{name}: {traceback.format_exc()}"


# -- the figures


def share(part, whole):
    return f"{part} ({100 * part / whole:.1f} %)" if whole else "0"


def table(outcomes):
    asked = [out for out in outcomes if out.code]
    names = Counter(out.verdict for out in asked)
    edits = Counter(out.by_edit for out in asked)
    whole, rules_asked = len(asked), len({out.rule for out in asked})
    rows = [
        ("without reference", "named rightly", names["right"]),
        ("", "named wrongly", names["wrong"]),
        ("", "unexplained", names["unexplained"]),
        ("with reference", "the edit, on its line", edits["right"]),
        ("", "an edit on another line with the same effect", edits["elsewhere"]),
        ("", "no edit", edits["unexplained"]),
    ]
    head = f"| {whole} wrong backward passes of {rules_asked} rules | | |"
    body = [f"| {one} | {two} | {share(n, whole)} |" for one, two, n in rows]
    return "\n".join([head, "| --- | --- | ---: |", *body])


def by_code(outcomes):
    rows = defaultdict(Counter)
    for out in outcomes:
        if out.code:
            rows[out.code][out.verdict] += 1
    lines = [f"{'name':32} right  wrong  unexplained"]
    for code, n in sorted(rows.items(), key=lambda row: -row[1].total()):
        lines.append(f"{code:32}{n['right']:6}{n['wrong']:7}{n['unexplained']:13}")
    return "\n".join(lines)


def write(text):
    page = PAGE.read_text(encoding="utf-8")
    start, end = (page.index(mark) for mark in MARKS)
    start += len(MARKS[0])
    new = f"{page[:start]}\n\n{text}\n\n{page[end:]}"
    PAGE.write_text(new, encoding="utf-8")


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m tests.doctor_report")
    parser.add_argument("wanted", nargs="?", default="", help="part of a rule's name")
    parser.add_argument("--write", action="store_true", help="put them on the page")
    parser.add_argument("--wrong", action="store_true", help="show the wrong names")
    chosen = parser.parse_args(arguments)
    names = [name for name in rules.names() if chosen.wanted in name]
    if not names:
        sys.exit(f"No rule has {chosen.wanted!r} in its name.")
    started, outcomes = time.perf_counter(), []
    with multiprocessing.Pool(2) as pool:
        for name, found in zip(names, pool.imap(examine, names), strict=True):
            if isinstance(found, str):
                sys.exit(f"The doctor itself raises.\n{found}")
            outcomes += found
            count = Counter(out.verdict for out in found)
            print(
                f"{name:44}", *(f"{n} {word}" for word, n in count.items()), flush=True
            )
    silent = Counter(out.verdict for out in outcomes if not out.code)
    print(f"\n{by_code(outcomes)}\n\n{table(outcomes)}\n")
    print(
        f"not asked: {silent['crashed']} crashed, {silent['same']} right at all cases"
    )
    seconds = sorted(out.seconds for out in outcomes if out.code)
    if seconds:
        half, most = seconds[len(seconds) // 2], seconds[-1]
        print(
            f"processor time of a diagnosis and its edits: half of them within "
            f"{half:.2f} s, all within {most:.2f} s"
        )
    print(f"{time.perf_counter() - started:.0f} s")
    for out in outcomes:
        if chosen.wrong and out.verdict == "wrong":
            print(f"\n{out.rule}, {out.mutant} ({out.kind})\n{out.said}")
    if chosen.write:
        write(table(outcomes))


if __name__ == "__main__":
    main()

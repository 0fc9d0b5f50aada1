"""The tables of what everybody answers at non-smooth points.

    python -m tests.kinks            print the tables
    python -m tests.kinks --write    rewrite them in the pages

A page under docs/rules holds the table of a rule between two markers:

    <!-- kinks: activations/relu -->
    <!-- /kinks -->
"""

import inspect
import re
import sys
import warnings

import numpy as np

from tests import peers, rules
from tests.compare import as_tuple

PAGES = rules.ROOT / "docs" / "rules"
REGION = re.compile(r"<!-- kinks: (\S+) -->\n(.*?)<!-- /kinks -->", re.DOTALL)
LACKS = "–"  # the peer has no such rule
UNKNOWN = None  # the peer is not installed here


def table(rule):
    """Rows of cells, the header first, or [] if the rule declares no kinks."""
    if not rule.kinks:
        return []
    titles = [_title(rule), "This handbook"]
    columns = [[_at(k) for k in rule.kinks], [_ours(rule, k) for k in rule.kinks]]
    for title, peer, function in _asked(rule):
        titles.append(title)
        columns.append(_theirs(rule, peer, function))
    return [titles, *map(list, zip(*columns, strict=True))]


def _title(rule):
    """Cells hold a cotangent for each argument; say in which order."""
    parameters = inspect.signature(rule.f).parameters.values()
    names = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]
    return "At" if len(names) == 1 else f"At (cotangents of {'; '.join(names)})"


def _asked(rule):
    """(title of the column, peer, function or reason), the peers first.

    The docstring of by_<peer>, if it has one, is the call that stands for the
    rule there: the peer has no function of its own.
    """
    for peer in ("torch", "jax", "autograd"):
        function = peers.function_of(rule, peer)
        call = function.__doc__ if callable(function) else None
        title = peers.TITLES[peer]
        yield f"{title}, `{call}`" if call else title, peer, function
    for title, function in getattr(rule.oracle, "AT_KINKS", {}).items():
        called, _, call = title.partition(", ")
        known = {name: peer for peer, name in peers.TITLES.items()}
        assert called in known, (
            f"tests/oracles/{rule.name}.py: the title {title!r} in AT_KINKS should "
            f"begin with one of {', '.join(known)}, then a comma and the call."
        )
        yield f"{called}, `{call}`", known[called], function


def _at(kink):
    y_bar = as_tuple(kink["y_bar"])
    ones = all(np.all(np.asarray(g) == 1.0) for g in y_bar)
    if ones or "cotangent" in kink["at"] or "upstream" in kink["at"]:
        return kink["at"]
    return f"{kink['at']}; upstream {_several(y_bar)}"


def _ours(rule, kink):
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, pullback = rule.f(*map(np.array, kink["x"]), **kink["held"])
        return _several(pullback(*map(np.array, as_tuple(kink["y_bar"]))))


def _theirs(rule, peer, function):
    if not callable(function):
        return [LACKS] * len(rule.kinks)
    if peers.absent(peer):
        return [UNKNOWN] * len(rule.kinks)
    problems = [
        (tuple(map(np.array, k["x"])), k["held"], as_tuple(k["y_bar"]))
        for k in rule.kinks
    ]
    answers = peers.answers(peer, function, problems)
    return [_answer(answer) for answer in answers]


def _answer(answer):
    if isinstance(answer, NotImplementedError):
        return LACKS
    if isinstance(answer, Exception):
        return f"raises {type(answer).__name__}"
    return _several(answer[1])


def _several(arrays):
    """The cotangents of several arguments, one after the other."""
    return "; ".join(_compact(np.asarray(a)) for a in arrays)


def _compact(a):
    """0, 0.5, nan, [0.5, 0.5]: one entry stands without brackets."""
    if a.size == 1:
        return f"{a.item() + 0.0:.6g}"  # + 0.0: minus zero prints as 0
    return "[" + ", ".join(map(_compact, a)) + "]"


def markdown(rows):
    lines = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
        for row in lines
    )


# --- in the pages ---------------------------------------------------------


def printed(pages=PAGES):
    """{rule: (page, text of the region)}; a rule printed twice fails."""
    found = {}
    for page in sorted(pages.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        regions = REGION.findall(text)
        opened = text.count("<!-- kinks:")
        assert opened == len(regions) == text.count("<!-- /kinks -->"), (
            f"{page}: {opened} kinks regions are opened, but {len(regions)} are whole: "
            f"each is <!-- kinks: family/rule -->, a line break, <!-- /kinks -->."
        )
        for name, body in regions:
            assert name not in found, f"{page}: the kinks of {name} are printed twice."
            found[name] = page, body.strip()
    return found


def require_current(name, pages=PAGES):
    """Fail with a sentence unless the printed table is what was returned."""
    rows, regions = table(rules.load(name)), printed(pages)
    if not rows:
        assert name not in regions, (
            f"{regions[name][0]}: a kinks region for {name}, which declares no KINKS."
        )
        return
    assert name in regions, (
        f"snippets/{name}.py declares KINKS, but no page under docs/rules has "
        f"<!-- kinks: {name} --> and <!-- /kinks --> on lines of their own."
    )
    page, body = regions[name]
    shown = [re.split(r" (?<!\\)\| ", line[2:-2]) for line in body.splitlines()]
    shown = [[cell.replace("\\|", "|") for cell in row] for row in shown]
    wanted = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    same = [len(row) for row in shown] == [len(row) for row in wanted] and all(
        cell is UNKNOWN or cell == text
        for row, texts in zip(wanted, shown, strict=True)
        for cell, text in zip(row, texts, strict=True)
    )
    assert same, (
        f"{page}: the kinks table of {name} is not what the peers return now; "
        f"run `python -m tests.kinks --write`. Printed:\n{body}\nReturned:\n"
        + "\n".join(str(row) for row in rows)
    )


def write(pages=PAGES):
    """Rewrite every region; return the pages that changed."""
    missing = [title for p, title in peers.TITLES.items() if not peers.installed(p)]
    assert not missing, f"To write the tables, install {', '.join(missing)}."
    changed = []
    for page in {page for page, _ in printed(pages).values()}:
        text = page.read_text(encoding="utf-8")
        new = REGION.sub(_fill, text)
        if new != text:
            page.write_text(new, encoding="utf-8")
            changed.append(page)
    return sorted(changed)


def _fill(match):
    rows = table(rules.load(match[1]))
    assert rows, f"A page has a kinks region for {match[1]}, which declares no KINKS."
    return f"<!-- kinks: {match[1]} -->\n\n{markdown(rows)}\n\n<!-- /kinks -->"


def main(arguments):
    if arguments == ["--write"]:
        for page in write():
            print(f"rewritten: {page.relative_to(rules.ROOT)}")
        return
    for name in rules.names():
        rows = table(rules.load(name))
        if rows:
            rows = [["not installed" if c is UNKNOWN else c for c in r] for r in rows]
            print(f"{name}\n\n{markdown(rows)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])

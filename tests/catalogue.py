"""What the catalogue test requires of the files, as functions of a project's root.

Each returns sentences that name a file and a line and say what to do.
"""

import ast
import datetime
import difflib
import itertools
import re
import sys
import textwrap
from collections import Counter

import yaml

from handbook import structure
from handbook.blocks import catalogue
from handbook.structure import kebab, shown
from tests import pages

HEADINGS = (
    "Rule",
    "Code",
    "Try it",
    "Derivation",
    "Jacobian",
    "At non-smooth points",
    "Numerics",
    "Second order",
    "See also",
)
NEEDED = HEADINGS[:4]
WANTED = {"rule": "Code", "jvp": "Code", "use": "Try it"}  # section: shown under
LINES, COLUMNS = 25, 78
# Sections that the mathematics does not let be shorter, each with its reason.
LONG = {}
PEERS = ("by_jax", "by_torch", "by_autograd")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(<?([^()\s>]+)>?(?:\s+\"[^\"]*\")?\)")


def known(root):
    """Return the rules of the catalogue as family/rule; it is the same in any root."""
    return {
        f"{family}/{rule}"
        for family, entries in catalogue().items()
        if family != "foundations"
        for rule in entries
    }


# -- ids and files


def ids(root):
    """Every snippet, oracle and /// rule block is named as the catalogue has it."""
    rules = known(root)
    named = [(rule, f"{shown(path, root)}:1") for rule, path in files(root)]
    named += [
        (place.rule, f"{shown(place.page, root)}:{place.line}")
        for place in structure.places(root)
    ]
    out = []
    for rule, where in named:
        if rule not in rules:
            close = difflib.get_close_matches(rule, rules, 1, 0.6)
            hint = f"did you mean '{close[0]}'?" if close else "look the id up there."
            out.append(
                f"{where}: '{rule}' is not a rule of handbook/catalogue/catalog.yaml; "
                + hint
            )
    return out


def files(root):
    return [*structure.rules(root).items(), *structure.oracles(root).items()]


def three_files(root):
    """A rule has a snippet, an oracle and one place on a page of its family."""
    rules, oracles = structure.rules(root), structure.oracles(root)
    places = structure.places(root)
    out = []
    for rule, path in rules.items():
        where = f"{shown(path, root)}:1"
        if rule not in oracles:
            out.append(
                f"{where}: the rule has no oracle; write tests/oracles/{rule}.py with "
                "a plain-loop `value` and by_jax, by_torch, by_autograd"
            )
        if rule not in [place.rule for place in places]:
            family = rule.split("/")[0]
            out.append(
                f"{where}: the rule has no place on a page; write '/// rule | {rule}' "
                f"under its heading on a page in docs/rules/{family}/"
            )
    for rule, path in oracles.items():
        if rule not in rules:
            out.append(
                f"{shown(path, root)}:1: the oracle has no rule; write "
                f"snippets/{rule}.py or delete it"
            )
    count = Counter(place.rule for place in places)
    for place in places:
        where = f"{shown(place.page, root)}:{place.line}"
        family = place.rule.split("/")[0]
        if place.rule not in rules:
            out.append(
                f"{where}: the page presents {place.rule}, which has no snippet; "
                f"write snippets/{place.rule}.py"
            )
        if count[place.rule] > 1:
            out.append(
                f"{where}: {place.rule} has {count[place.rule]} places; keep one, and "
                "link to it"
            )
        if place.page.parent != root / "docs" / "rules" / family:
            out.append(
                f"{where}: {place.rule} belongs on a page in docs/rules/{family}/"
            )
    for page in sorted((root / "docs" / "rules").glob("*/*.md")):
        if page.name != "index.md" and page not in [place.page for place in places]:
            out.append(
                f"{shown(page, root)}:1: the page presents no rule; write "
                "'/// rule | family/rule' under a heading"
            )
    return out


def indexed(root):
    """Each rule has a row in its family's index, and no row leads nowhere."""
    out = []
    for place in structure.places(root):
        index = place.page.parent / "index.md"
        target = f"{place.page.name}#{kebab(place.rule)}"
        where = f"{shown(place.page, root)}:{place.line}"
        if not index.is_file():
            out.append(f"{where}: the family has no {shown(index, root)}; write it")
            continue
        rows = [
            line for line in index.read_text("utf-8").split("\n") if line[:1] == "|"
        ]
        if not any(f"]({target})" in row for row in rows):
            out.append(
                f"{shown(index, root)}:1: the table has no row for {place.rule}; add "
                f"one that links to {target}"
            )
    return out


def foundations(root):
    """An anchor of the catalogue's foundations has code under it that runs."""
    out = []
    ids = {kebab(rule) for rule in structure.foundations()}
    for page in sorted((root / "docs" / "foundations").rglob("*.md")):
        for heading in structure.headings(page):
            wanted = heading.anchor in ids
            if wanted and not structure.has_code(page, heading):
                out.append(
                    f"{shown(page, root)}:{heading.line}: '{heading.text}' has an "
                    "anchor of the catalogue and no ```python block under it"
                )
    return out


def book(root):
    """A page of the foundations has solved exercises and ends by naming the next."""
    index = root / "docs" / "foundations" / "index.md"
    rows = [
        line
        for line in index.read_text("utf-8").split("\n")
        if re.match(r"\| \d", line)
    ]
    order = [(index.parent / LINK.findall(row)[0]).resolve() for row in rows]
    out = [
        f"{shown(index, root)}:1: the reading order does not list {shown(page, root)}"
        for page in sorted(index.parent.glob("*.md"))
        if page not in (index, *order)
    ]
    after = [*order[1:], (root / "docs" / "rules" / "index.md").resolve()]
    for page, following in zip(order, after, strict=True):
        if not page.is_file():
            continue  # links says so
        name = shown(page, root)
        out += exercises(page, name)
        text = page.read_text(encoding="utf-8").rstrip()
        targets = LINK.findall(text.split("\n\n")[-1])
        ends = {
            (page.parent / target.partition("#")[0]).resolve() for target in targets
        }
        if following not in ends:
            out.append(
                f"{name}:{text.count(chr(10)) + 1}: the last paragraph has no link to "
                f"{shown(following, root)}, which the reader reads next"
            )
    return out


def exercises(page, name):
    """Each numbered exercise of a page has a solution with code that runs."""
    headings = structure.headings(page)
    part = next((h for h in headings if (h.level, h.text) == (2, "Exercises")), None)
    if part is None:
        return [f"{name}:1: has no heading '## Exercises'"]
    inside = page.read_text(encoding="utf-8").split("\n")[part.line : part.end]
    numbers = [found[1] for line in inside if (found := re.match(r"\*\*(\d+)\.", line))]
    solved = {
        heading.text
        for heading in headings
        if part.line < heading.line <= part.end and structure.has_code(page, heading)
    }
    out = [
        f"{name}:{part.line}: exercise {n} has no '### Solution {n}' with a "
        "```python block"
        for n in numbers
        if f"Solution {n}" not in solved
    ]
    return (
        out if numbers else [f"{name}:{part.line}: has no exercise; write **1.** ..."]
    )


# -- pages


def front_matter(root):
    """Each page has a title, a description of one line and a review date."""
    out = []
    for page in structure.pages(root):
        where = f"{shown(page, root)}:1"
        text = page.read_text(encoding="utf-8")
        found = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
        try:
            front = yaml.safe_load(found[1]) if found else {}
        except yaml.YAMLError as error:
            out.append(f"{where}: the front matter is not YAML: {error}")
            continue
        for key in ("title", "description"):
            value = front.get(key)
            if not isinstance(value, str) or not value.strip() or "\n" in value.strip():
                out.append(f"{where}: the front matter needs '{key}: ' and one line")
        if not isinstance(front.get("reviewed"), datetime.date):
            out.append(
                f"{where}: the front matter needs 'reviewed: ' and a date (2026-11-20)"
            )
    return out


def headings(root):
    """A page has one H1 and no maths in headings; a rule's headings are the fixed ones.

    On a page of one rule they are H2; on a page of several, each rule is an H2 and
    they are H3.
    """
    out = []
    for page in structure.pages(root):
        found = structure.headings(page)
        name = shown(page, root)
        if [h.level for h in found].count(1) != 1 or found[0].level != 1:
            out.append(f"{name}:1: a page begins with its one H1, '# Title'")
        for heading in found:
            if re.search(r"\$|\\[(\[A-Za-z]", heading.text):
                out.append(
                    f"{name}:{heading.line}: the heading '{heading.text}' holds maths; "
                    "anchors are made of its words, so write it in words"
                )
        for before, after in itertools.pairwise(found):
            if after.level > before.level + 1:
                out.append(
                    f"{name}:{after.line}: the heading '{after.text}' skips a level; "
                    f"write {'#' * (before.level + 1)}"
                )
    for page in sorted({place.page for place in structure.places(root)}):
        out += rule_headings(page, root)
    return out


def rule_headings(page, root):
    name = shown(page, root)
    found = structure.headings(page)
    places = [place for place in structure.places(root) if place.page == page]
    out = []
    for place in places:
        above = place.heading
        if above is None or above.level > 2 or above.anchor != kebab(place.rule):
            out.append(
                f"{name}:{place.line}: '/// rule | {place.rule}' stands under the H1 "
                f"or H2 of the rule, with its id: {{ #{kebab(place.rule)} }}"
            )
            continue
        inner = [
            h
            for h in found
            if h.level == above.level + 1 and above.line < h.line <= above.end
        ]
        out += fixed_headings(name, place, inner)
    levels = {place.heading.level for place in places if place.heading}
    if 1 in levels and len(places) > 1:
        out.append(
            f"{name}:{places[1].line}: a page of several rules has each under an H2 of "
            "its own, and the fixed headings as H3"
        )
    if levels == {2}:
        own = {place.heading.line for place in places}
        for heading in found:
            last = heading.text == "See also" and heading.line == found[-1].line
            if heading.level == 2 and heading.line not in own and not last:
                out.append(
                    f"{name}:{heading.line}: on a page of several rules, each H2 is a "
                    f"rule (or a last 'See also'); '{heading.text}' has no /// rule"
                )
    return out


def fixed_headings(name, place, inner):
    out = []
    words = [heading.text for heading in inner]
    for heading in inner:
        if heading.text not in HEADINGS:
            out.append(
                f"{name}:{heading.line}: '{heading.text}' is not one of the headings "
                f"of a rule ({', '.join(HEADINGS)})"
            )
    order = [HEADINGS.index(word) for word in words if word in HEADINGS]
    for before, after in itertools.pairwise(order):
        if after <= before:
            line = next(h.line for h in reversed(inner) if h.text == HEADINGS[after])
            out.append(
                f"{name}:{line}: '{HEADINGS[after]}' comes after '{HEADINGS[before]}'; "
                f"the order is {', '.join(HEADINGS)}"
            )
    for word in NEEDED:
        if word not in words:
            out.append(
                f"{name}:{place.line}: {place.rule} has no heading '{word}'; write it"
            )
    return out


def includes(root):
    """Return {family/rule.py:section: [(page, line, heading above)]}."""
    out = {}
    for page in structure.pages(root):
        found = structure.headings(page)
        for number, line in enumerate(page.read_text("utf-8").split("\n"), 1):
            if match := pages.INCLUDE.match(line):
                before = [h for h in found if h.line < number]
                out.setdefault(match["target"], []).append((page, number, before))
    return out


def shown_sections(root):
    """A rule's sections are shown in their places; no section is an orphan."""
    out = []
    used = includes(root)
    for place in structure.places(root):
        for section, words in WANTED.items():
            target = f"{place.rule}.py:{section}"
            here = [
                before[-1].text
                for page, _, before in used.get(target, [])
                if page == place.page and before and place.heading in before
            ]
            if words not in here:
                out.append(
                    f"{shown(place.page, root)}:{place.line}: '{words}' of "
                    f'{place.rule} does not show its code; include --8<-- "{target}"'
                )
    for path in sorted((root / "snippets").glob("*/*.py")):
        rule = f"{path.parent.name}/{path.stem}"
        for section in structure.sections(path):
            if f"{rule}.py:{section.name}" not in used:
                out.append(
                    f"{shown(path, root)}:{section.start}: no page shows the section "
                    f"'{section.name}'; include it or delete its marks"
                )
    return out


def links(root):
    """Each relative link of a page leads to a page or file, and to an anchor of it."""
    out = []
    anchors = {}
    for page in structure.pages(root):
        for number, line in structure.prose(page.read_text(encoding="utf-8")):
            for target in LINK.findall(re.sub(r"`[^`]*`", "", line)):
                if re.match(r"[a-z]+:", target):
                    continue
                where = f"{shown(page, root)}:{number}"
                path, _, anchor = target.partition("#")
                if path.startswith("/"):
                    out.append(f"{where}: write the link {target} relative to the page")
                    continue
                file = (page.parent / path).resolve() if path else page
                if not file.is_file():
                    out.append(
                        f"{where}: the link {target} leads to a file that is not there"
                    )
                    continue
                if not anchor or file.suffix != ".md":
                    continue
                if file not in anchors:
                    anchors[file] = {h.anchor for h in structure.headings(file)}
                    # of a paragraph, or of HTML
                    written = r'\{:? ?#([\w-]+)|\bid="([\w-]+)"'
                    for a, b in re.findall(written, file.read_text(encoding="utf-8")):
                        anchors[file].add(a or b)
                if anchor not in anchors[file]:
                    out.append(
                        f"{where}: the link {target} leads to an anchor that "
                        f"{shown(file, root)} does not have"
                    )
    return out


# -- snippets and oracles


def functions(body):
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef)}


def parameters(function):
    """Return positional names, whether there are more (*x), and held ones."""
    arguments = function.args
    held = {
        argument.arg: default and ast.unparse(default)
        for argument, default in zip(
            arguments.kwonlyargs, arguments.kw_defaults, strict=True
        )
    }
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    return names, arguments.vararg is not None, held


def code(root):
    """Functions and signatures are those of the contract; sections are short."""
    out = []
    for rule, path in structure.rules(root).items():
        name = shown(path, root)
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except SyntaxError as error:
            out.append(f"{name}:{error.lineno}: not Python: {error.msg}")
            continue
        out += signatures(rule, name, tree)
        docstring = ast.get_docstring(tree) or ""
        if not docstring or "\n" in docstring:
            out.append(f"{name}:1: a snippet begins with a docstring of one line")
        found = {section.name: section for section in structure.sections(path)}
        for wanted in WANTED:
            if wanted not in found:
                out.append(
                    f"{name}:1: there is no section '{wanted}'; mark it by "
                    f"# --8<-- [start:{wanted}] and # --8<-- [end:{wanted}]"
                )
        main = next((n for n in tree.body if isinstance(n, ast.If)), None)
        use = found.get("use")
        if use and not (main and main.lineno < use.start <= main.end_lineno + 1):
            out.append(
                f"{name}:{use.start}: the section 'use' stands under "
                'if __name__ == "__main__":, so that importing prints nothing'
            )
        out += imports(name, tree, found.values())
    for path in sorted((root / "snippets").glob("*/*.py")):
        out += section_form(path, root)
    return out


def signatures(rule, name, tree):
    own = functions(tree.body)
    stem = rule.split("/")[1]
    f_name, jvp_name = structure.function_name(rule), f"{stem}_jvp"
    out = [
        f"{name}:1: there is no function {wanted}; the name is the rule's id"
        for wanted in (f_name, jvp_name, "cases")
        if wanted not in own
    ]
    if f_name in own:
        f = own[f_name]
        positional, more, held = parameters(f)
        pullback = functions(f.body).get("pullback")
        if f.args.defaults:
            out.append(
                f"{name}:{f.lineno}: positional arguments of {f_name} are what is "
                "differentiated and have no defaults; put * before the held ones"
            )
        if not positional and not more:
            out.append(f"{name}:{f.lineno}: {f_name} has nothing to differentiate")
        if pullback is None:
            out.append(
                f"{name}:{f.lineno}: {f_name} has no inner function named pullback"
            )
        last = f.body[-1]
        if not (isinstance(last, ast.Return) and isinstance(last.value, ast.Tuple)):
            out.append(f"{name}:{last.lineno}: {f_name} ends by returning y, pullback")
    if f_name in own and jvp_name in own:
        jvp = own[jvp_name]
        with_dots, jvp_more, jvp_held = parameters(jvp)
        wanted = positional + [f"{argument}_dot" for argument in positional]
        if not more and with_dots != wanted:
            out.append(
                f"{name}:{jvp.lineno}: {jvp_name} takes ({', '.join(wanted)}): the "
                f"arguments of {f_name}, then their tangents; it has "
                f"({', '.join(with_dots)})"
            )
        if more != jvp_more or held != jvp_held:
            out.append(
                f"{name}:{jvp.lineno}: {jvp_name} holds the same keyword-only "
                f"arguments as {f_name}, with the same defaults"
            )
    return out


def imports(name, tree, sections):
    """A copied section runs with NumPy alone."""
    out = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        else:
            continue
        inside = [s for s in sections if s.start < node.lineno < (s.end or 0)]
        for module in modules if inside else []:
            top = module.split(".")[0]
            if top != "numpy" and top not in sys.stdlib_module_names:
                out.append(
                    f"{name}:{node.lineno}: the section '{inside[0].name}' imports "
                    f"{module}; a reader has NumPy alone, so import it outside the "
                    "sections and let the page include its section as well"
                )
    return out


def section_form(path, root):
    name = shown(path, root)
    target = f"{path.parent.name}/{path.name}"
    lines = path.read_text(encoding="utf-8").split("\n")
    found = structure.sections(path)
    out = [
        f"{name}:{found[[s.name for s in found].index(twice)].start}: the section "
        f"'{twice}' begins twice"
        for twice, n in Counter(section.name for section in found).items()
        if n > 1
    ]
    for section in found:
        if section.end is None:
            out.append(
                f"{name}:{section.start}: the section '{section.name}' has no end; "
                f"write # --8<-- [end:{section.name}]"
            )
            continue
        length = section.end - section.start - 1
        allowed = f"{target}:{section.name}" in LONG
        if length > LINES and not allowed:
            out.append(
                f"{name}:{section.start}: the section '{section.name}' has {length} "
                f"lines; a reader's screen has {LINES}.  Shorten it, or give the "
                "reason in LONG of tests/catalogue.py"
            )
        body = textwrap.dedent("\n".join(lines[section.start : section.end - 1]))
        out += [
            f"{name}:{number}: {len(line)} columns; a phone shows {COLUMNS}"
            for number, line in enumerate(body.split("\n"), section.start + 1)
            if len(line) > COLUMNS
        ]
    return out


def long_sections(root):
    """Each allowance in LONG has a reason and is still needed."""
    out = []
    for target, reason in LONG.items():
        path, _, name = target.partition(":")
        file = root / "snippets" / path
        here = structure.sections(file) if file.is_file() else []
        length = [s.end - s.start - 1 for s in here if s.name == name and s.end]
        if not reason.strip() or not length or length[0] <= LINES:
            out.append(
                f"tests/catalogue.py:1: LONG[{target!r}] has no reason, or the section "
                f"has at most {LINES} lines now; delete it"
            )
    return out


def oracle_form(root):
    """An oracle says for each peer how it is called, or why it is not, and how
    large the input is at which `make bench` compares their speed."""
    out = []
    for path in structure.oracles(root).values():
        name = shown(path, root)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        own = set(functions(tree.body))
        own |= {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for wanted in ("value", "large", *PEERS):
            if wanted not in own:
                out.append(
                    f"{name}:1: there is no {wanted}; write the function"
                    + (", or a sentence that says why not" if wanted in PEERS else "")
                )
    return out


def unfinished(root):
    """Nothing is left of what `make rule` lays out."""
    out = []
    written = [*structure.pages(root), *(path for _, path in files(root))]
    for path in written:
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            if "To write:" in line:
                out.append(f"{shown(path, root)}:{number}: still says {line.strip()!r}")
    return out


# -- tests


def skips(root):
    """No test is skipped or expected to fail without a reason."""
    out = []
    for path in sorted((root / "tests").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                what = ast.unparse(node.func)
                reason = [k for k in node.keywords if k.arg == "reason"]
                said = reason or (what == "pytest.skip" and node.args)
            elif isinstance(node, ast.Attribute) and node not in called:
                what, said = ast.unparse(node), False  # a mark without brackets
                if not what.startswith("pytest.mark."):
                    continue
            else:
                continue
            silent = re.fullmatch(
                r"pytest\.(skip|xfail|importorskip|mark\.(skip|skipif|xfail))", what
            )
            if silent and not said:
                out.append(
                    f"{shown(path, root)}:{node.lineno}: {what} without a reason; "
                    "write one that the report can show"
                )
    return out


CHECKS = (
    ids,
    three_files,
    indexed,
    foundations,
    book,
    front_matter,
    headings,
    shown_sections,
    links,
    code,
    long_sections,
    oracle_form,
    unfinished,
    skips,
)

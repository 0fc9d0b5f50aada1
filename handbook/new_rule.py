"""Lay out the files of a new rule, with everything that the catalogue knows.

    make rule ID=log-softmax
    .venv/bin/python -m handbook.new_rule exp --page exp_log

The second form puts the rule on a page of several rules: docs/rules/<family>/<page>.md,
a new one or one that exists.  Files that exist are left as they are.  What is left to
do stands after "To write:", and a test looks for these words.
"""

import argparse
import datetime
import difflib
import sys
from pathlib import Path

from handbook.blocks import catalogue, public
from handbook.structure import ROOT, function_name, kebab, places, shown

SNIPPET = '''\
"""{title}: value, pullback, JVP."""

# --8<-- [start:rule]
import numpy as np


def {function}(x):
    """Return y = To write: the value.  x, y: their shapes.

    Kept for the pullback: x, y or neither.
    """
    y = ...  # To write:

    def pullback(y_bar):
        return (...,)  # To write: one cotangent per positional argument

    return y, pullback
# --8<-- [end:rule]


# --8<-- [start:jvp]
def {stem}_jvp(x, x_dot):
    """Return y and its tangent."""
    return ..., ...  # To write:
# --8<-- [end:jvp]


def cases(rng):
    # To write: several shapes, axes, batch, broadcast, size 0; away from kinks.
    yield (rng.normal(size=(2, 3)),), {{}}


PICTURE = (np.array([0.5, -1.0, 2.0]),), {{}}


if __name__ == "__main__":
    # --8<-- [start:use]
    x = np.array([1.0, 2.0, 3.0])
    y, pullback = {function}(x)
    print(np.round(y, 4))
    # --8<-- [end:use]
'''

ORACLE = '''\
"""{title} by plain loops, and as the peers call it."""

import numpy as np


def value(x):
    y = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        y[i] = ...  # To write: plain Python, independent of the snippet
    return y


def large(rng):  # To write: x and what is held, some million entries, for make bench
    return (rng.normal(size=(2048, 2048)),), {{}}
'''

CALL = """

def by_{peer}({argument}):
    import {module}

    return {call}({argument})
"""

NO_CALL = """

by_{peer} = (
    "To write: how to compose it from what {title} has, as a function; or why not."
)
"""

FRONT = """\
---
title: {title}
description: "To write: one line that a search result shows."
reviewed: {today}
---

"""

# Under a heading of the level above; {h} is the mark of the headings.
SECTIONS = """\
/// rule | {rule}
///

{h} Rule

To write: the value, each cotangent and the tangent as display maths; a table of
shapes; what to keep for the pullback; its cost.

{h} Code

```python
--8<-- "{rule}.py:rule"
```

```python
--8<-- "{rule}.py:jvp"
```

{h} Try it

```python
--8<-- "{rule}.py:use"
```
<!--pytest-codeblocks:expected-output-->
```text
```

To write: a check to copy (a directional derivative, the adjoint identity), and one
entry of a tiny case by hand.  `make tables` writes what the blocks print.

{h} Derivation

To write: what is hard about this rule; in indices, then in arrays; the shape of every
factor; the wrong step that people take, and the number that refutes it.

{h} Jacobian

To write: its structure, and why one never builds it.

/// jacobian | {rule}
    wrt: 0
    caption: "To write: what to see."
///

{h} See also

To write: links to related rules.
"""

MODULES = {"jax": "jax", "torch": "torch", "autograd": "autograd"}
TITLES = {"jax": "JAX", "torch": "PyTorch", "autograd": "HIPS autograd"}


class NewRuleError(Exception):
    pass


def find(rule_id):
    """Return family/rule and the catalogue's entry of an id."""
    stem = rule_id.replace("-", "_")
    for family, entries in catalogue().items():
        if stem in entries:
            if family == "foundations":
                raise NewRuleError(
                    f"{rule_id} belongs to the foundations: write a section with the "
                    f"anchor {{ #{rule_id} }} and a ```python block under it on a page "
                    "in docs/foundations/."
                )
            return f"{family}/{stem}", entries[stem]
    ids = [kebab(rule) for entries in catalogue().values() for rule in entries]
    close = difflib.get_close_matches(rule_id, ids, 3)
    hint = f"  Did you mean {' or '.join(close)}?" if close else ""
    raise NewRuleError(
        f"There is no {rule_id!r} in handbook/catalogue/catalog.yaml.{hint}"
    )


def peer_call(peer, entry):
    """Return by_<peer> with the first name that the catalogue has for it."""
    names = {
        "jax": entry["jax"],
        "torch": entry.get("torch", [])
        + ["torch." + n for n in public(entry["opinfo"])],
        "autograd": ["autograd." + n for n in public(entry["autograd"])],
    }[peer]
    if not names:
        return NO_CALL.format(peer=peer, title=TITLES[peer])
    module = {"autograd": names[0].rpartition(".")[0]}.get(peer, MODULES[peer])
    return CALL.format(peer=peer, argument="x", module=module, call=names[0])


def sections(rule, level):
    return SECTIONS.format(rule=rule, h="#" * (level + 1))


def page_text(root, rule, title, page):
    """Return the file of the rule's page and what it is to hold."""
    own = page is None or page == rule.split("/")[1]
    family, stem = rule.split("/")
    file = root / "docs" / "rules" / family / f"{stem if own else page}.md"
    front = FRONT.format(title=title, today=datetime.date.today().isoformat())
    if own and not file.exists():
        return file, front + f"# {title} {{ #{kebab(rule)} }}\n\n" + sections(rule, 1)
    section = f"## {title} {{ #{kebab(rule)} }}\n\n" + sections(rule, 2)
    if not file.exists():
        return file, front + "# To write: what the rules have in common\n\n" + section
    there = [place for place in places(root) if place.page == file]
    if any(place.heading and place.heading.level == 1 for place in there):
        raise NewRuleError(
            f"{shown(file, root)} presents {there[0].rule} under its H1; make that an "
            "H2 first, as on the other pages of several rules."
        )
    return file, file.read_text(encoding="utf-8").rstrip("\n") + "\n\n" + section


def lay_out(rule_id, page=None, root=ROOT):
    """Write what is missing; return what was written and what is left to do."""
    rule, entry = find(rule_id)
    family, stem = rule.split("/")
    title = entry["title"].split(":")[0]
    words = {
        "title": title,
        "function": function_name(rule),
        "stem": stem,
    }
    oracle = ORACLE.format(**words)
    oracle += "".join(peer_call(peer, entry) for peer in MODULES)
    texts = {
        root / "snippets" / f"{rule}.py": SNIPPET.format(**words),
        root / "tests" / "oracles" / f"{rule}.py": oracle,
    }
    texts = {file: text for file, text in texts.items() if not file.exists()}
    there = next((place for place in places(root) if place.rule == rule), None)
    if there:
        file = there.page
    else:
        file, text = page_text(root, rule, title, page)
        texts[file] = text
    todo = [
        f"docs/rules/{family}/index.md: a row with [{kebab(rule)}]"
        f"({file.name}#{kebab(rule)})",
        f"mkdocs.yml, nav: rules/{family}/{file.name}, if the page is new",
    ]
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [shown(path, root) for path in texts], todo


def main(arguments=None, root=ROOT):
    parser = argparse.ArgumentParser(
        prog="python -m handbook.new_rule",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("id", help="as in handbook/catalogue/catalog.yaml")
    parser.add_argument("--page", type=lambda name: Path(name).stem)
    options = parser.parse_args(arguments)
    try:
        written, todo = lay_out(options.id, options.page, root)
    except NewRuleError as error:
        print(error)
        return 1
    for file in written:
        print(f"written  {file}")
    for line in todo:
        print(f"add to   {line}")
    print('Then fill in what stands after "To write:"; CONTRIBUTING.md says how.')
    return 0


if __name__ == "__main__":
    sys.exit(main())

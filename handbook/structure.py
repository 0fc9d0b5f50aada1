"""What the handbook's files hold: headings and rules of pages, sections of snippets.

Every function takes the root folder of a project, so that the tests can point it at
a broken copy.  What a page holds is read once for each time that the page changes.
"""

import builtins
import functools
import keyword
import re
from dataclasses import dataclass
from pathlib import Path

from markdown.extensions.toc import slugify, unique

ROOT = Path(__file__).resolve().parent.parent
TOOLS = {"checking"}  # folders of snippets/ that hold tools for readers, not rules
HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*(?:\{:?([^{}]*)\})?\s*#*\s*$")
RULE = re.compile(r"^/// rule \| *(\S+) *$")
MARK = re.compile(r"^\s*# --8<-- \[(start|end): ?([\w-]+)\]\s*$")


@dataclass
class Heading:
    level: int
    text: str
    anchor: str
    explicit: bool  # the anchor is written on the page
    line: int
    end: int = 0  # the last line before the next heading of this level or above


@dataclass
class Place:
    """Where a page presents a rule: its /// rule block."""

    rule: str  # family/rule
    page: Path
    line: int
    heading: Heading | None  # the one above


@dataclass
class Section:
    name: str
    start: int  # the lines of its two marks
    end: int | None


def shown(path, root=ROOT):
    """Return a path as a message names it."""
    return Path(path).relative_to(root).as_posix()


def kebab(rule):
    """softmax/log_softmax is log-softmax in the catalogue and in anchors."""
    return rule.split("/")[-1].replace("_", "-")


def function_name(rule):
    """reductions/sum is sum_: a name that shadows a builtin gets an underscore."""
    stem = rule.split("/")[-1]
    shadows = hasattr(builtins, stem) or keyword.iskeyword(stem)
    return stem + "_" if shadows else stem


# -- pages


def pages(root=ROOT):
    return sorted((root / "docs").rglob("*.md"))


def stamp(page):
    """Return what changes when a page does."""
    found = page.stat()
    return found.st_mtime_ns, found.st_size


def prose(text):
    """Yield (number, line) for the lines outside code fences and comments."""
    fence, comment = None, False
    for number, line in enumerate(text.split("\n"), 1):
        ticks = re.match(r"^\s*(`{3,}|~{3,})", line)
        if fence:
            if ticks and ticks[1].startswith(fence) and not line.strip(" `~"):
                fence = None
        elif ticks and not comment:
            fence = ticks[1]
        else:
            visible = not comment
            while (mark := "-->" if comment else "<!--") in line:
                line = line.split(mark, 1)[1]
                comment = not comment
            if visible and not comment:
                yield number, line


def headings(page):
    """Return the headings of a page with the anchors that they get."""
    return _headings(page, stamp(page))


@functools.cache
def _headings(page, _stamp):
    text = page.read_text(encoding="utf-8")
    out, taken, above = [], set(), None
    for number, line in prose(text):
        found = HEADING.match(line)
        if not found:
            continue
        level, words, attributes = len(found[1]), found[2], found[3] or ""
        explicit = re.search(r"#([\w-]+)", attributes)
        if explicit:
            anchor = explicit[1]
            taken.add(anchor)
        elif level == 3 and above:  # handbook.anchors
            anchor = f"{above}-{slugify(words, '-')}"
        else:
            anchor = unique(slugify(words, "-"), taken)
        if level == 2:
            above = explicit and explicit[1]
        out.append(Heading(level, words, anchor, bool(explicit), number))
    last = text.count("\n") + 1
    for i, heading in enumerate(out):
        after = (other.line for other in out[i + 1 :] if other.level <= heading.level)
        heading.end = next(after, last + 1) - 1
    return out


def places(root=ROOT):
    """Return the places of all rules on all pages."""
    return [place for page in pages(root) for place in _places(page, stamp(page))]


@functools.cache
def _places(page, stamp):
    out, above = [], _headings(page, stamp)
    for number, line in prose(page.read_text(encoding="utf-8")):
        if found := RULE.match(line):
            before = [heading for heading in above if heading.line < number]
            out.append(Place(found[1], page, number, (before or [None])[-1]))
    return out


# -- snippets and oracles


def rules(root=ROOT):
    """Return {family/rule: path} for the snippets of rules."""
    return {
        f"{path.parent.name}/{path.stem}": path
        for path in sorted((root / "snippets").glob("*/*.py"))
        if path.parent.name not in TOOLS
    }


def oracles(root=ROOT):
    """Return {family/rule: path} for the oracles."""
    return {
        f"{path.parent.name}/{path.stem}": path
        for path in sorted((root / "tests" / "oracles").glob("*/*.py"))
    }


def sections(path):
    """Return the sections of a snippet in the order of their start marks."""
    out = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        mark = MARK.match(line)
        if mark and mark[1] == "start":
            out.append(Section(mark[2], number, None))
        elif mark:
            for section in out:
                if section.name == mark[2] and section.end is None:
                    section.end = number
    return out


# -- what is written


def written(root=ROOT):
    """Return the ids of the catalogue that are written, in kebab-case.

    A rule is written when it has a snippet and a place on a page; an id of the
    foundations when a section of its anchor holds a Python block, which the tests run.
    """
    placed = {place.rule for place in places(root)}
    ids = {kebab(rule) for rule in rules(root) if rule in placed}
    known = {kebab(rule) for rule in foundations()}
    for page in sorted((root / "docs" / "foundations").rglob("*.md")):
        for heading in headings(page):
            if heading.anchor in known and has_code(page, heading):
                ids.add(heading.anchor)
    return ids


def foundations():
    from handbook.blocks import catalogue

    return catalogue()["foundations"]


def has_code(page, heading):
    """Whether a Python block stands under a heading."""
    lines = page.read_text(encoding="utf-8").split("\n")[heading.line : heading.end]
    return "```python" in lines

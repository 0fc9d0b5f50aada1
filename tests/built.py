"""The built site: made once a test run, and read page by page."""

import fcntl
import functools
import html
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from handbook import addresses, text_index
from handbook.structure import function_name, kebab

ROOT = Path(__file__).resolve().parent.parent
REPOSITORY = "https://example.org/owner/handbook"  # where errors are reported
RELEASE = "Version 0.0.0, commit 0123456789"
ORIGIN = "http://built.invalid/"  # SITE_URL of the build; its server puts in its own
RUNTIME = "http://runtime.invalid/"  # PYTHON_RUNTIME of the build, likewise
# NumPy for Pyodide comes from its host alone, but for a package that carries the wheel.
WHEEL = ROOT / "node_modules/numpy-wasm/assets"
WHEEL /= "numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.whl"
# A fence with any of these words shows Python, so it has to run.
PYTHON = {"python", "py", "python3", "py3", "pycon", "python2", "sage", "ipython"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"}
VOID |= {"source", "track", "wbr", "path", "rect"}
# What a browser fetches by itself.  The other relations of <link> are words about it.
LOADS = {
    ("script", "src"),
    ("img", "src"),
    ("img", "srcset"),
    ("source", "src"),
    ("source", "srcset"),
    ("iframe", "src"),
    ("embed", "src"),
    ("object", "data"),
    ("video", "src"),
    ("video", "poster"),
    ("audio", "src"),
    ("input", "src"),
    ("use", "href"),
    ("image", "href"),
}
WORDS = {"canonical", "alternate", "license", "author", "next", "prev", "help"}


@dataclass
class Site:
    folder: Path
    origin: str  # where it stands, as in http://127.0.0.1:41234/

    def file(self, page):
        """Return the HTML file of a source page, as in rules/softmax/softmax.md."""
        path = Path(page)
        stem = path.parent if path.stem == "index" else path.with_suffix("")
        return self.folder / stem / "index.html"

    def read(self, page):
        file = self.file(page)
        assert file.is_file(), f"docs/{page} was not built"
        return read(file)

    def address(self, page):
        relative = self.file(page).parent.relative_to(self.folder).as_posix()
        return self.origin + ("" if relative == "." else relative + "/")


def source_pages(root=ROOT):
    """Return all pages as they stand under docs/: Markdown and notebooks."""
    found = [*(root / "docs").rglob("*.md"), *(root / "docs").rglob("*.ipynb")]
    return sorted(path.relative_to(root / "docs").as_posix() for path in found)


def environment(**more):
    ours = {"NO_MKDOCS_2_WARNING": "1", "JUPYTER_PLATFORM_DIRS": "1"}
    ours |= {"REPOSITORY_URL": REPOSITORY, "HANDBOOK_RELEASE": RELEASE}
    return os.environ | ours | {"PYTHON_RUNTIME": RUNTIME} | more


def build(folder, origin):
    """Build the whole site, strictly, as `make build` does."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env=environment(SITE_URL=origin),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        return f"`mkdocs build` fails:\n{done.stdout}"
    try:
        text_index.index(folder)
        addresses.keep(folder)
    except (RuntimeError, ValueError) as error:
        return str(error)
    return ""


@functools.cache
def built_in(folder):
    # The workers of pytest-xdist share one build: the first makes it, others wait.
    with (folder / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        log = folder / "site.log"
        if not log.exists():
            log.write_text(build(folder / "site", ORIGIN))
    return Site(folder / "site", ORIGIN), log.read_text()


def attempt(tmp_path_factory):
    """Build the site at the first call of a test run; return it and what failed."""
    base = tmp_path_factory.getbasetemp()
    return built_in(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


def site(tmp_path_factory):
    """Return the site of this test run."""
    made, problem = attempt(tmp_path_factory)
    if problem:  # once is enough to read it
        pytest.fail("the site does not build: see test_site_builds", pytrace=False)
    return made


# -- reading a page


@dataclass
class Page:
    codes: list = field(default_factory=list)  # (language, text) of each <pre>
    ids: set = field(default_factory=set)
    links: list = field(default_factory=list)  # addresses that a reader can click
    loads: list = field(default_factory=list)  # addresses that the browser fetches
    scripts: list = field(default_factory=list)  # text of inline scripts
    styles: list = field(default_factory=list)  # text of <style> and style=""
    prose: list = field(default_factory=list)  # text that is not code or maths
    formulas: int = 0
    spoken: int = 0  # formulas that have their MathML
    unspoken: int = 0  # what is drawn of a formula, and hidden from screen readers
    mute: list = field(default_factory=list)  # pictures without a text
    classes: set = field(default_factory=set)


class Reader(HTMLParser):
    """One pass over a page; a soup of every node would take seconds a page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open = []  # (tag, language or None)

    def handle_starttag(self, tag, attributes):
        found = {name: value or "" for name, value in attributes}
        classes = found.get("class", "").split()
        page = self.page
        page.classes.update(classes)
        if "id" in found:
            page.ids.add(found["id"])
        if tag == "a":
            if "href" in found:
                page.links.append(found["href"])
            if "name" in found:
                page.ids.add(found["name"])
        for name, value in found.items():
            words = set(found.get("rel", "").split())
            if (tag, name) in LOADS or (
                (tag, name) == ("link", "href") and not words <= WORDS
            ):
                page.loads.append(value)
        if "style" in found:
            page.styles.append(found["style"])
        if "katex" in classes:
            page.formulas += 1
        page.spoken += tag == "math"
        page.unspoken += "katex-html" in classes and found.get("aria-hidden") == "true"
        self.picture(tag, found)
        languages = [c.removeprefix("language-") for c in classes if "language-" in c]
        if tag == "pre":
            inherited = [language for _, language in self.open if language]
            page.codes.append([(inherited or [None])[-1], ""])
        if tag not in VOID:
            self.open.append((tag, languages[0] if languages else None))

    def picture(self, tag, found):
        """An image has its alt, a drawing its <title>; what is hidden needs neither."""
        inside = {tag for tag, _ in self.open}
        if tag == "img" and not found.get("alt"):
            self.page.mute.append(f"<img src={found.get('src', '')[:80]}>")
        drawn = tag == "svg" and "article" in inside and "x-maths" not in inside
        if drawn and found.get("aria-hidden") != "true":
            self.page.mute.append(f"<svg viewBox={found.get('viewbox', '')}>")
        if tag == "title" and self.open[-1:] == [("svg", None)] and self.page.mute:
            self.page.mute.pop()

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        tags = [t for t, _ in self.open]
        if tag in tags:  # else stray: HTML lets </p> stand alone
            del self.open[len(tags) - 1 - tags[::-1].index(tag) :]

    def handle_data(self, text):
        tags = {tag for tag, _ in self.open}
        if "pre" in tags:
            self.page.codes[-1][1] += text
        elif "script" in tags:
            self.page.scripts.append(text)
        elif "style" in tags:
            self.page.styles.append(text)
        elif not tags & {"code", "x-maths", "svg"}:
            self.page.prose.append(text)


@functools.cache
def read(file):
    return read_html(file.read_text(encoding="utf-8"))


def read_html(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader.page


# -- checks that serve the output of both generators


def plain(code):
    return "\n".join(line.rstrip() for line in code.splitlines()).strip("\n")


def parity(name, page, executed, texts):
    """Say where the code that a page shows is not the code that the tests ran.

    `executed` and `texts` are the Python blocks and the text fences of its source.
    """
    out = []
    shown = [plain(code) for language, code in page.codes if language in PYTHON]
    other = [plain(code) for language, code in page.codes if language not in PYTHON]
    for what, have, want in (
        ("Python", shown, [plain(code) for code in executed]),
        ("text", other, [plain(text) for text in texts]),
    ):
        for code in have:
            if code not in want:
                out.append(
                    f"docs/{name}: shows {what} that the tests do not run or know; "
                    f"write a ```python or ```text fence:\n{code}"
                )
        for code in want:
            if code not in have:
                out.append(f"docs/{name}: this {what} block is not shown:\n{code}")
        if not out and have != want:
            out.append(f"docs/{name}: shows its {what} blocks in another order")
    return out


# TeX between delimiters, or a command that TeX alone has.
RAW_LATEX = re.compile(r"\$[^$\n]*[\\^_{}][^$\n]*\$|\$\$|\\[(\[]|\\[A-Za-z]{2,}\b")


def raw_latex(name, page):
    """Say where a reader would see LaTeX instead of a formula."""
    out = [
        f"docs/{name}: the text {text.strip()[:80]!r} holds LaTeX that nobody typeset"
        for text in page.prose
        if RAW_LATEX.search(text)
    ]
    if "katex-error" in page.classes:
        out.append(f"docs/{name}: KaTeX marked an error")
    return out


ABSOLUTE = re.compile(r"^(?:[a-z]+:)?//", re.IGNORECASE)
FETCHED = re.compile(r"""(?:url\(|@import)\s*["']?((?:[a-z]+:)?//[^"')\s;]+)""", re.I)
# The XML namespace of SVG is a name, not an address.
ADDRESS = re.compile(r"""(?:https?|wss?):(?:\\?/){2}(?!www\.w3\.org/)[^\s"'`<>)]+""")


def third_parties(name, page, origin=""):
    """Say what a page would fetch from another host.

    What its scripts do is also observed in a browser, see test_browser.py.
    """
    found = [url for url in page.loads if ABSOLUTE.match(url)]
    found += [url for style in page.styles for url in FETCHED.findall(style)]
    found += [url for script in page.scripts for url in ADDRESS.findall(script)]
    return [
        f"{name}: loads {url} from another host; keep a copy in docs/assets"
        for url in found
        if not (origin and url.startswith(origin))
    ]


def rule_problems(rule, page):
    """Say what a page lacks of a rule: its anchor, its code, its formulas."""
    code = "\n".join(text for language, text in page.codes if language in PYTHON)
    stem = rule.split("/")[1]
    wanted = {
        f"the anchor #{kebab(rule)}": kebab(rule) in page.ids,
        f"the code of {function_name(rule)}": f"def {function_name(rule)}(" in code,
        f"the code of {stem}_jvp": f"def {stem}_jvp(" in code,
        "typeset formulas": page.formulas > 0,
    }
    return [f"{rule}: its page lacks {what}" for what, ok in wanted.items() if not ok]


def foot_problems(page, site):
    """Say what the foot of a page lacks: the release, the way to report an error."""
    text = site.file(page).read_text(encoding="utf-8")
    out = [] if RELEASE in text else [f"docs/{page}: does not say what was built"]
    found = re.findall(r'<a [^>]*class="?report-error"?[^>]*>', text)
    link = re.search(r'href="?([^" >]+)', found[0])[1] if len(found) == 1 else ""
    address = urlsplit(html.unescape(link))
    asked = parse_qs(address.query)
    form = ROOT / ".github" / "ISSUE_TEMPLATE" / asked.get("template", ["no"])[0]
    if not link.startswith(REPOSITORY + "/issues/new?") or not form.is_file():
        out.append(f"docs/{page}: no link to the form on which to report an error")
    told = asked.get("page", [""])[0].removeprefix("./").lstrip("/")
    if site.folder / told / "index.html" != site.file(page):
        out.append(f"docs/{page}: the report is about another page, '{told}'")
    return out

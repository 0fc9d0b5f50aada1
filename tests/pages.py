"""Run the Python blocks of a page, in order, as its reader would.

    python -m tests.pages [page ...]            run the pages, say what fails
    python -m tests.pages --update [page ...]   write what the blocks print into them

Without a page, all of docs/.  --update touches only the text fences that follow an
expected-output marker.  What runs is the text that the site shows: the page after
pymdownx.snippets has put in the snippets, with the settings of mkdocs.yml.
"""

import argparse
import ast
import contextlib
import difflib
import functools
import importlib.util
import io
import itertools
import linecache
import os
import re
import subprocess
import sys
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import markdown
import numpy as np
from mkdocs.config import load_config
from pymdownx import snippets
from pytest_codeblocks import extract_from_buffer

ROOT = Path(__file__).resolve().parent.parent
# Files that a reader downloads and lays next to his own; a page that imports one
# links to it.
TOOLS = ROOT / "snippets" / "checking"
INCLUDE = re.compile(r"""^\s*-+8<-+[ \t]+["'](?P<target>[^"']+)["']\s*$""")
SECTION = re.compile(r"^(?P<path>[\w./-]+\.py):(?P<section>[a-z][\w-]*)$")
FENCE = re.compile(r"^(?P<indent>\s*)(?P<ticks>`{3,}|~{3,})(?P<info>.*)$")
MARKER = "<!--pytest-codeblocks:expected-output-->"
COMMAND = re.compile(r"^<!--[-\s]*(pytest-codeblocks:|pytest\.mark\.)")
# A stranger's machine may lack this one; .ci/run has it.
NEEDS = re.compile(r"^<!--pytest-codeblocks:importorskip\(torch\)-->$")
PEERS = re.compile(r"^\s*(?:import|from)\s+(?:jax|torch|autograd)\b", re.MULTILINE)


class PageError(Exception):
    """What is wrong with a page, as a sentence that begins with file:line."""


@dataclass
class Line:
    """A line of the expanded page and where it was written."""

    text: str
    page_line: int | None  # of the include, where the line comes from a snippet
    file: str | None = None
    file_line: int | None = None


@dataclass
class Block:
    page: str  # as in docs/rules/softmax/softmax.md
    line: int  # of its fence, on the page
    code: str
    lines: list[Line]
    expected: str | None
    needs: str | None
    includes: list[str] = field(default_factory=list)  # softmax/softmax.py:rule

    @property
    def where(self):
        return f"{self.page}:{self.line}"

    @property
    def is_rule(self):
        return any(target.endswith(":rule") for target in self.includes)

    @property
    def shows(self):
        files = ", ".join(f"snippets/{target}" for target in self.includes)
        return f" (it shows {files})" if files else ""


@dataclass
class Fence:
    start: int  # line numbers on the page, of the two fences
    end: int
    opening: str
    body: list[str]
    commented: bool


# -- expanding a page


@functools.cache
def preprocessor(root):
    """Return pymdownx.snippets alone, as mkdocs.yml sets it up."""
    # Without the plugins: they take a second to load and change no include.
    config = load_config(str(root / "mkdocs.yml"), plugins=[])
    options = dict(config.mdx_configs["pymdownx.snippets"])
    bases = options.get("base_path", ["."])
    bases = [bases] if isinstance(bases, str) else bases
    options["base_path"] = [str(root / base) for base in bases]
    md = markdown.Markdown(extensions=[snippets.makeExtension(**options)])
    kind = snippets.SnippetPreprocessor
    return next(p for p in md.preprocessors if isinstance(p, kind))


def pages(root=ROOT):
    return sorted((root / "docs").rglob("*.md"))


def name(path, root=ROOT):
    """Return the page as the reader of a message types it."""
    path = Path(path).resolve()
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def section_lines(path, section):
    """Return the numbers of the lines of a file that an include of it gives."""
    numbers, inside = [], False
    for number, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        mark = re.search(r"-+8<-+\s+\[\s*(start|end)\s*:\s*([\w-]+)\s*\]", text)
        if mark and mark[2] == section:
            if mark[1] == "end":
                break
            inside = True
        elif inside and not mark:
            numbers.append(number)
    return numbers


def expand(path, root=ROOT):
    """Return the lines of a page with its snippets put in."""
    found, out = preprocessor(root), []
    source = path.read_text(encoding="utf-8").split("\n")
    for number, text in enumerate(source, 1):
        include = INCLUDE.match(text)
        if not include:
            out.append(Line(text, number))
            continue
        target = SECTION.match(include["target"])
        if not target:
            raise PageError(
                f"{name(path, root)}:{number}: includes {include['target']!r}; write "
                "the section, as in softmax/softmax.py:rule (never line numbers)"
            )
        try:
            lines = found.run([text])
        except Exception as error:  # of pymdownx, which does not name the page
            raise PageError(
                f"{name(path, root)}:{number}: cannot include {include['target']!r}: "
                f"{error}; correct the name or write the section into "
                f"snippets/{target['path']}"
            ) from None
        file = next(
            base / target["path"]
            for base in map(Path, found.base_path)
            if (base / target["path"]).exists()
        )
        numbers = section_lines(file, target["section"])
        if len(numbers) != len(lines):  # a nested marker, say
            numbers = [None] * len(lines)
        out += [
            Line(text, number, name(file, root), n)
            for text, n in zip(lines, numbers, strict=True)
        ]
    whole = found.run(source)
    if whole[: len(out)] != [line.text for line in out]:
        raise PageError(
            f"{name(path, root)}:1: an include has a form that the tests cannot follow;"
            ' write one --8<-- "family/rule.py:section" a line, and no section markers'
        )
    return out + [Line(text, None) for text in whole[len(out) :]]  # auto_append


# -- fences that would silently not run


def scan(path):
    """Return the fences of a page as it is written, in whatever form they come."""
    out, opened, commented = [], None, False
    for number, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        found = FENCE.match(text)
        if opened:
            ticks = FENCE.match(opened.opening)["ticks"]
            closes = found and found["ticks"].startswith(ticks)
            if closes and not found["info"].strip():
                opened.end = number
                out.append(opened)
                opened = None
            else:
                opened.body.append(text)
        elif found:
            opened = Fence(number, number, text, [], commented)
        else:
            rest = text
            while (mark := "-->" if commented else "<!--") in rest:
                rest = rest.split(mark, 1)[1]
                commented = not commented
    return out + ([opened] if opened else [])


def looks_like_python(body):
    try:
        tree = ast.parse("\n".join(body))
    except SyntaxError:
        return False
    code = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    return any(isinstance(node, code) for node in ast.walk(tree))


def fence_complaint(fence, is_output):
    """Say why a fence would not run or not be compared: (line, sentence) or None."""
    includes = [i for i, text in enumerate(fence.body, 1) if INCLUDE.match(text)]
    if fence.end == fence.start:
        return fence.start, f"the fence {fence.opening.strip()!r} is never closed"
    if fence.commented:
        return fence.start, "a fence in a comment runs but is not shown; delete it"
    if fence.opening not in ("```python", "```text"):
        return fence.start, (
            f"the fence {fence.opening.strip()!r} would not run; write ```python for "
            "code that runs, ```text for anything else, at the start of the line"
        )
    if fence.opening == "```text" and includes:
        return fence.start + includes[0], (
            "a snippet in a ```text fence does not run; write ```python"
        )
    if fence.opening == "```text" and not is_output and looks_like_python(fence.body):
        return fence.start, "Python in a ```text fence does not run; write ```python"
    return None


def line_complaint(text, before, is_output):
    """Say what is wrong with a line between fences, or return None."""
    if INCLUDE.match(text) or re.match(r"^\s*-+8<-+\s*$", text):
        return "a snippet outside a ```python fence does not run"
    if re.search(r"<pre\b", text):
        return "HTML's <pre> shows code that does not run; write a fence"
    if text.strip() == MARKER:
        if not (before and before.opening == "```python" and is_output):
            return (
                "an expected-output marker stands alone between a ```python block and "
                "the ```text block with what it prints"
            )
    elif COMMAND.match(text.strip()) and not NEEDS.match(text.strip()):
        return (
            f"{text.strip()} would skip or alter a block; every block runs "
            "(importorskip(torch) is the one exception)"
        )
    return None


def tool_complaints(path):
    """Yield what a page must say about the tools that its blocks import."""
    text = path.read_text(encoding="utf-8")
    imported = re.compile(r"^(?:from|import) (\w+)", re.MULTILINE)
    for fence in scan(path):
        for tool in imported.findall("\n".join(fence.body)):
            linked = f"snippets/checking/{tool}.py)" in text
            if (TOOLS / f"{tool}.py").is_file() and not linked:
                yield (
                    fence.start,
                    f"the block imports {tool}, which a reader does not have; link to "
                    f"snippets/checking/{tool}.py and say that it lies beside his file",
                )


def complaints(path, root=ROOT):
    """Say which fences of a page would not run, or would run and not be compared."""
    source = path.read_text(encoding="utf-8").split("\n")
    fences = scan(path)
    outputs, found = set(), []
    for before, after in itertools.pairwise(fences):
        between = [text.strip() for text in source[before.end : after.start - 1]]
        if [text for text in between if text] == [MARKER]:
            outputs.add(after.start)
    for fence in fences:
        found.append(fence_complaint(fence, fence.start in outputs))
    ends = [0, *(fence.end for fence in fences)]
    starts = [*(fence.start for fence in fences), len(source) + 1]
    for i, (end, start) in enumerate(zip(ends, starts, strict=True)):
        before = fences[i - 1] if i else None
        for number in range(end + 1, start):
            sentence = line_complaint(source[number - 1], before, start in outputs)
            found.append(sentence and (number, sentence))
    found += tool_complaints(path)
    page = name(path, root)
    return [
        f"{page}:{line}: {sentence}" for line, sentence in sorted(filter(None, found))
    ]


# -- the blocks


@functools.cache
def blocks(path, root=ROOT):
    """Return the Python blocks of a page in order."""
    lines = expand(path, root)
    text = "\n".join(line.text for line in lines)
    try:
        found = extract_from_buffer(io.StringIO(text))
    except RuntimeError as error:
        raise PageError(f"{name(path, root)}:1: {error}") from None
    out = []
    for block in found:
        if block.syntax != "python":
            continue
        count = block.code.count("\n")
        own = lines[block.lineno : block.lineno + count]
        fence = lines[block.lineno - 1].page_line
        source = path.read_text(encoding="utf-8").split("\n")
        targets = [
            INCLUDE.match(source[number - 1])["target"]
            for number in dict.fromkeys(line.page_line for line in own if line.file)
        ]
        out.append(
            Block(
                name(path, root),
                fence,
                block.code,
                own,
                block.expected_output,
                block.importorskip,
                targets,
            )
        )
    return out


def shown(path, root=ROOT):
    """Return what the page has to show: its Python blocks and its text fences."""
    texts = ["\n".join(f.body) for f in scan(path) if f.opening == "```text"]
    return [block.code for block in blocks(path, root)], texts


# -- running them


def describe(block, error, codes):
    """Return a failure as text: the block, then the traceback in the reader's code.

    `codes` maps the names under which blocks were compiled to the blocks.
    """
    head = f"{block.where}: the block raises {type(error).__name__}{block.shows}"
    frames = traceback.extract_tb(error.__traceback__)
    while frames and frames[0].filename not in codes:
        frames.pop(0)  # ours
    if isinstance(error, SyntaxError) and error.filename in codes:
        frames.append(traceback.FrameSummary(error.filename, error.lineno, "<module>"))
        error = SyntaxError(error.msg)
    for i, frame in enumerate(frames):
        if frame.filename not in codes:
            continue
        lines = codes[frame.filename].lines
        line = lines[min(frame.lineno, len(lines)) - 1]
        function = frame.name
        if line.file:
            function += f" (on the page: line {line.page_line})"
        frames[i] = traceback.FrameSummary(
            line.file or codes[frame.filename].page,
            line.file_line or line.page_line,
            function,
            lookup_line=False,
            line=line.text.strip(),
        )
    text = ["Traceback (most recent call last):\n"] if frames else []
    text += traceback.StackSummary.from_list(frames).format()
    text += traceback.format_exception_only(error)
    return head + "\n" + "".join(text).rstrip()


@contextlib.contextmanager
def reader():
    """What a reader starts from: NumPy as it comes, and a warning is a mistake.

    The handbook's tools lie next to his file.
    """
    with contextlib.ExitStack() as stack:
        for state in (np.printoptions(), np.errstate(), warnings.catch_warnings()):
            stack.enter_context(state)
        sys.path.insert(0, str(TOOLS))
        stack.callback(sys.path.remove, str(TOOLS))
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", module="__main__$")
        warnings.simplefilter("error", RuntimeWarning)
        yield


def run(blocks):
    """Run blocks in one namespace; yield each with what it prints, or None.

    None stands for a block whose peer is not installed.
    """
    namespace, codes = {"__name__": "__main__"}, {}
    for number, block in enumerate(blocks, 1):
        if block.needs and importlib.util.find_spec(block.needs) is None:
            yield block, None
            continue
        file = f"<{block.page}, block {number}>"
        codes[file] = block
        # for inspect, and for tracebacks that a block prints itself
        source = block.code.splitlines(keepends=True)
        linecache.cache[file] = len(block.code), None, source, file
        out = io.StringIO()
        try:
            with reader(), contextlib.redirect_stdout(out):
                exec(compile(block.code, file, "exec"), namespace)
        except (Exception, SystemExit) as error:
            raise PageError(describe(block, error, codes)) from None
        yield block, out.getvalue()


def visible(text):
    """Return a text without what nobody sees: spaces and lines at its ends."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")


def compare(block, printed):
    """Raise where a block prints something else than its page says."""
    if block.expected is None:
        if printed:
            raise PageError(
                f"{block.where}: the block prints, and the page does not say what"
                f"{block.shows}.  Put this after it:\n\n"
                f"{MARKER}\n```text\n{visible(printed)}\n```"
            )
    elif not printed:
        raise PageError(f"{block.where}: the block has an expected output, prints none")
    elif visible(printed) != visible(block.expected):
        diff = difflib.unified_diff(
            visible(block.expected).split("\n"),
            visible(printed).split("\n"),
            "the page says",
            "the block prints",
            lineterm="",
        )
        raise PageError(
            f"{block.where}: the block prints something else than the page says"
            f"{block.shows}; if what it prints is right, run\n"
            f"    python -m tests.pages --update {block.page}\n" + "\n".join(diff)
        )


def check(path, root=ROOT):
    """Run the blocks of a page together; return the peers that were missing."""
    if found := complaints(path, root):
        raise PageError("\n".join(found))
    missing = set()
    for block, printed in run(blocks(path, root)):
        if printed is None:
            missing.add(block.needs)
        else:
            compare(block, printed)
    return missing


def needs_own_process(path, root=ROOT):
    """Whether a page imports a peer, whose settings the laws may have changed."""
    return any(PEERS.search(block.code) for block in blocks(path, root))


def check_apart(path, root=ROOT):
    """Like check, in a Python of its own."""
    environment = {k: v for k, v in os.environ.items() if k != "JAX_ENABLE_X64"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.pages", str(path)],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise PageError(done.stdout.strip() or done.stderr.strip())
    return set(re.findall(r"without (\w+)", done.stdout))


# -- writing what they print


def update(path, root=ROOT):
    """Write what the blocks print into the page; return the lines of the changes."""
    if found := complaints(path, root):
        raise PageError("\n".join(found))
    source = path.read_text(encoding="utf-8").split("\n")
    markers = [n for n, text in enumerate(source, 1) if text.strip() == MARKER]
    fences = scan(path)
    inside = {n for f in fences for n in range(f.start, f.end + 1)}
    markers = [n for n in markers if n not in inside]
    results = [(b, o) for b, o in run(blocks(path, root)) if b.expected is not None]
    silent = [b.where for b, o in results if o is not None and not o]
    if silent:
        raise PageError(f"{silent[0]}: the block has an expected output, prints none")
    changed = []
    for marker, (_, printed) in reversed(list(zip(markers, results, strict=True))):
        fence = next(f for f in fences if f.start > marker)
        if printed is None or visible(printed) == "\n".join(fence.body):
            continue
        source[fence.start : fence.end - 1] = visible(printed).split("\n")
        changed.append(fence.start)
    if changed:
        path.write_text("\n".join(source), encoding="utf-8")
        blocks.cache_clear()
    return sorted(changed)


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m tests.pages",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--update", action="store_true")
    parser.add_argument("pages", nargs="*", type=Path)
    chosen = parser.parse_args(arguments)
    paths = [path.resolve() for path in chosen.pages] or pages()
    failed = 0
    for path in paths:
        try:
            if not path.is_file():
                raise PageError(f"{path}: there is no such page")
            if chosen.update:
                for line in update(path):
                    print(f"{name(path)}:{line}: output written")
            alone = len(paths) == 1 or not needs_own_process(path)
            missing = check(path) if alone else check_apart(path)
            for block in blocks(path):
                if block.is_rule:
                    list(run([block]))
            said = f", without {', '.join(missing)}" if missing else ""
            print(f"{name(path)}: {len(blocks(path))} blocks run{said}")
        except PageError as error:
            failed += 1
            print(error)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

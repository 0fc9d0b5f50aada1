"""Markdown extension: what a page includes from snippets/ has a name.

An include that cannot be found is reported with page and line: `pymdownx.snippets`
stops the build too, but does not say which page asked.  A block that is included gets
its file's name into the page, as data-name="softmax.py", for the button that runs it.
"""

import itertools
import re
from pathlib import Path

from markdown import Extension
from markdown.preprocessors import Preprocessor

from handbook.maths import page_of

INCLUDE = re.compile(r'^\s*--8<-- "(?P<path>[^":]+)(:(?P<section>[^"]+))?"\s*$')


class LostIncludeError(ValueError):
    """A page includes a file or a section that does not exist."""


def problem(path, section, folder):
    """Return a sentence about what is missing, or None."""
    file = Path(folder) / path
    if not file.is_file():
        return f"there is no {folder}/{path}"
    text = file.read_text(encoding="utf-8")
    sections = re.findall(r"--8<-- \[start:\s*([\w-]+)\s*\]", text)
    if section and section not in sections:
        known = ", ".join(sections) or "none"
        return f"{folder}/{path} has no section '{section}' (it has: {known})"
    return None


class CheckIncludes(Preprocessor):
    def __init__(self, md, folder):
        super().__init__(md)
        self.folder = folder

    def run(self, lines):
        # The generator has cut the front matter off; find where the text begins.
        page = page_of(self.md)
        source = Path("docs") / page
        all_lines = lines
        if source.is_file():
            all_lines = source.read_text(encoding="utf-8").splitlines()
        skipped = len(all_lines) - len(lines) if all_lines[-1:] == lines[-1:] else 0
        for number, line in enumerate(lines, start=1 + skipped):
            if match := INCLUDE.match(line):
                sentence = problem(match["path"], match["section"], self.folder)
                if sentence:
                    raise LostIncludeError(f"docs/{page}:{number}: {sentence}")
        return named(lines)


def named(lines):
    """Put the name of the first include of a block into its fence."""
    lines = list(lines)
    for number, (fence, first) in enumerate(itertools.pairwise(lines)):
        match = INCLUDE.match(first)
        if fence == "```python" and match:
            name, section = Path(match["path"]).name, match["section"]
            if section != "rule":
                name += f" ({section})"
            lines[number] = f'```{{.python data-name="{name}"}}'
    return lines


class IncludesExtension(Extension):
    def __init__(self, **options):
        self.config = {"folder": ["snippets", "where the included files are"]}
        super().__init__(**options)

    def extendMarkdown(self, md):  # noqa: N802, the name is Python-Markdown's
        # Before pymdownx.snippets (32).
        check = CheckIncludes(md, self.getConfig("folder"))
        md.preprocessors.register(check, "handbook-includes", 33)


def makeExtension(**options):  # noqa: N802, the name is Python-Markdown's
    return IncludesExtension(**options)

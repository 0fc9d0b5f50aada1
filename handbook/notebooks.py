"""Turn an executed notebook into the same HTML as a page of the handbook.

nbconvert calls `through_site_markdown` when the cells have run.  The notebook is
written out as one Markdown text and converted by the site's own Markdown: maths is
typeset at build, code blocks get the site's look and buttons.
"""

import base64
import functools
import html
import os
import posixpath
import re
from pathlib import Path, PurePosixPath

import markdown
from markdown import Extension
from markdown.treeprocessors import Treeprocessor
from mkdocs.config import load_config

DOCS = Path(__file__).parent.parent / "docs"


@functools.cache
def site_markdown():
    """Return the site's Markdown options, read from mkdocs.yml once a build."""
    config = load_config("mkdocs.yml")
    return {
        "extensions": config.markdown_extensions,
        "extension_configs": config.mdx_configs,
    }


def fence(language, text):
    """Fence a text with more backticks than it holds in a row."""
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}"


def output_markdown(output, name, number, alt):
    """Write one output of a cell: printed text, a figure or a repr."""
    if output.output_type == "stream":
        if output.name == "stderr":
            raise ValueError(
                f"{name}: code cell {number} writes to stderr, which readers would "
                f"see: {output.text.strip()[:200]}"
            )
        return fence("text", output.text)
    data = output.data
    if "image/png" in data:
        if not alt:
            raise ValueError(
                f"{name}: code cell {number} draws a figure without a description; "
                'put a sentence into the cell\'s metadata as "alt"'
            )
        picture = "".join(data["image/png"].split())
        # A PNG begins with its size, which keeps the page from jumping.
        size = base64.b64decode(picture[:44])[16:24]
        width, height = (int.from_bytes(size[i : i + 4]) for i in (0, 4))
        # As raw HTML: the base64 text is long, and no Markdown need look at it.
        return (
            f'<figure><img alt="{html.escape(alt)}" width="{width}" height="{height}" '
            f'src="data:image/png;base64,{picture}"></figure>'
        )
    return fence("text", data["text/plain"])


def whole_streams(outputs):
    """Join what a cell printed: it arrives in pieces, as the clock has it."""
    joined = []
    for output in outputs:
        name = output.get("name")  # of a stream alone
        if name and joined and joined[-1].get("name") == name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def notebook_markdown(nb, name):
    """Return the Markdown of an executed notebook."""
    parts = []
    number = 0
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        elif cell.cell_type == "code" and cell.source.strip():
            number += 1
            parts.append(fence("python", cell.source))
            alt = cell.metadata.get("alt")
            outputs = whole_streams(cell.outputs)
            parts += [output_markdown(o, name, number, alt) for o in outputs]
    return "\n\n".join(parts)


class PageLinks(Treeprocessor):
    """Point links between source files at the pages they become.

    The generator does this for pages, but does not see a notebook's text.
    """

    def run(self, root):
        folder = PurePosixPath(self.md.page).parent
        for link in root.iter("a"):
            path, hash_, anchor = link.get("href", "").partition("#")
            if not path.endswith((".md", ".ipynb")) or "://" in path:
                continue
            target = PurePosixPath(posixpath.normpath(folder / path))
            if not (DOCS / target).is_file():
                raise ValueError(f"{self.md.page}: the link to {path} leads nowhere")
            index = target.stem == "index"
            address = target.parent if index else target.with_suffix("")
            # The notebook itself stands at worked/<name>/.
            base = PurePosixPath(self.md.page).with_suffix("")
            link.set("href", posixpath.relpath(address, base) + "/" + hash_ + anchor)


def through_site_markdown(nb, resources):
    """Put the page's HTML into `resources`, for the one-line template."""
    name = f"worked/{resources['metadata']['name']}.ipynb"
    md = markdown.Markdown(**site_markdown())
    md.page = name  # named in the message about a formula that is rejected
    md.treeprocessors.register(PageLinks(md), "handbook-links", 1)
    resources["page_html"] = md.convert(notebook_markdown(nb, name))
    resources["inlining"] = {"css": ""}  # mkdocs-jupyter appends it to the page
    return nb, resources


class NotebooksExtension(Extension):
    """Tell nbconvert, which runs in the same process, where its configuration is."""

    def extendMarkdown(self, md):  # noqa: N802, the name is Python-Markdown's
        os.environ["JUPYTER_CONFIG_PATH"] = str(Path(__file__).parent / "notebook")


def makeExtension(**options):  # noqa: N802, the name is Python-Markdown's
    return NotebooksExtension(**options)

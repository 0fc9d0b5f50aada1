"""Markdown extension: a corner of a table that says nothing is no heading.

Markdown makes every cell of the first line a <th>; a screen reader would announce the
empty one as the heading of the column below it.
"""

from markdown import Extension
from markdown.treeprocessors import Treeprocessor


class EmptyCorners(Treeprocessor):
    def run(self, root):
        for cell in root.iter("th"):
            if len(cell) == 0 and not (cell.text or "").strip():
                cell.tag = "td"


class TablesExtension(Extension):
    def extendMarkdown(self, md):  # noqa: N802, the name is Python-Markdown's
        # After the inline patterns, which put the cells' content in.
        md.treeprocessors.register(EmptyCorners(md), "empty_corners", 1)


def makeExtension(**options):  # noqa: N802, the name is Python-Markdown's
    return TablesExtension(**options)
